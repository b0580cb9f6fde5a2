-- What the programmes of a thing have to do with besides, by facet, the most frequent first.
SELECT facet, more, other.iri, json_extract(pair.value, '$[1]')
FROM thing JOIN facet ON thing = thing.id JOIN json_each(listed) AS pair
  JOIN thing AS other ON other.id = json_extract(pair.value, '$[0]')
WHERE thing.iri = ? ORDER BY facet, pair.key
