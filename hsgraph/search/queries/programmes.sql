-- All programmes that match.
SELECT iri FROM text JOIN thing ON thing.id = text.rowid WHERE text MATCH ? AND kind = 'project'
