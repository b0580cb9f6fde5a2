-- So many words of some lengths that share trigrams, and their uses.
SELECT spelling.word, uses FROM trigram JOIN spelling ON spelling.id = trigram.rowid
WHERE trigram MATCH ? AND length(spelling.word) BETWEEN ? AND ?
ORDER BY trigram.rank LIMIT ?
