-- The thing of the first of some spellings of an address, listed in JSON.
SELECT thing.id, iri FROM json_each(?) AS spelling JOIN thing ON iri = spelling.value
ORDER BY spelling.key LIMIT 1
