-- The latest programmes that a thing has to do with.
SELECT programme.iri FROM thing JOIN json_each(first) JOIN programme ON programme.id = value
WHERE thing.iri = ? ORDER BY key
