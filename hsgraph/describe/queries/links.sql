-- What points to a thing, by property.
SELECT predicate, link.count, link.first FROM link JOIN thing ON thing.id = link.thing WHERE iri = ?
