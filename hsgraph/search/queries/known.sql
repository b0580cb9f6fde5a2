-- A word that begins with one, if there is any.
SELECT 1 FROM spelling WHERE word >= ? AND word < ? LIMIT 1
