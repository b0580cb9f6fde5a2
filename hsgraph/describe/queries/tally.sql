-- How many programmes have to do with each of some things, listed in JSON.
SELECT iri, count FROM thing WHERE iri IN (SELECT value FROM json_each(?))
