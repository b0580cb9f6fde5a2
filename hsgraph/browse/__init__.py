"""Lists of programmes that can be narrowed, sorted, drawn, exported, and asked for in SPARQL."""
