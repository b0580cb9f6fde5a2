-- So many things that are called just this, and what it is to them.
SELECT thing, way FROM name WHERE folded = ? ORDER BY thing LIMIT ?
