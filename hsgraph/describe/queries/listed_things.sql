-- The IRIs of things whose numbers are listed in JSON, in the order of the list.
SELECT iri FROM json_each(?) JOIN thing ON thing.id = value ORDER BY key
