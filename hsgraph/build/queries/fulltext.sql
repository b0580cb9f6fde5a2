-- The tables that `hsgraph.build.index.fulltext` describes.
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, type TEXT NOT NULL,
  label TEXT NOT NULL, names TEXT NOT NULL, acronyms TEXT NOT NULL, description TEXT NOT NULL,
  links INTEGER NOT NULL, folded TEXT NOT NULL
);
CREATE TABLE kind (kind TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE name (
  folded TEXT NOT NULL, thing INTEGER NOT NULL, way INTEGER NOT NULL,
  PRIMARY KEY (folded, thing)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (
  label, names, description, context, content = '',
  tokenize = 'unicode61 remove_diacritics 2', detail = column
);
CREATE TABLE spelling (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);
CREATE VIRTUAL TABLE trigram USING fts5 (word, content = '', tokenize = 'trigram');
