-- What is made of the words of all texts, when all are written.
INSERT INTO text(text) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, text, row);
INSERT INTO spelling(word, uses) SELECT term, doc FROM temp.word
  WHERE length(term) > 2 OR unicode(term) > 3583;
DROP TABLE temp.word;
INSERT INTO trigram(rowid, word) SELECT id, '_' || word || '_' FROM spelling;
INSERT INTO trigram(trigram) VALUES ('optimize');
