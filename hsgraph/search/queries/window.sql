-- Things with numbers from one to another that match, so many of them.
SELECT rowid FROM text WHERE text MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?
