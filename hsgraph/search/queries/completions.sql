-- So many words that begin with one, itself first, then the most used.
SELECT word FROM spelling WHERE word >= ?1 AND word < ?2
ORDER BY word <> ?1, uses DESC, word LIMIT ?3
