-- How many things have IRIs between two texts.
SELECT COUNT(*) FROM thing WHERE iri >= ? AND iri < ?
