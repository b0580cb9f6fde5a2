-- So many of all programmes, the latest first.
SELECT iri FROM programme ORDER BY id LIMIT ?
