-- What the order of some things, listed in JSON, goes by.
SELECT id, kind, links, folded FROM thing WHERE id IN (SELECT value FROM json_each(?))
