-- The types that a type was met with.
SELECT other.iri, tried.count, programmes, strategies, places, groups
FROM thing JOIN tried ON thing = thing.id JOIN thing AS other ON other.id = row
WHERE thing.iri = ?
