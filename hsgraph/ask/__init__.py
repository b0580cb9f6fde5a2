"""A question in plain words: how it is read, the one SPARQL query it becomes, and its answer."""
