-- The things whose IRIs lie between two texts, in their order: so many, after so many others.
SELECT iri FROM thing WHERE iri >= ? AND iri < ? ORDER BY iri LIMIT ? OFFSET ?
