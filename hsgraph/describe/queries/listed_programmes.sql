-- The IRIs of programmes whose numbers are listed in JSON, in the order of the list.
SELECT iri FROM json_each(?) JOIN programme ON programme.id = value ORDER BY key
