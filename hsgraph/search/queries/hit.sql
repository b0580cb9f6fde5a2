-- What is told of a thing.
SELECT iri, label, kind, names, description FROM thing WHERE id = ?
