-- The full-text index (`hsgraph.build.index.fulltext`).
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
-- kind: the segment of our IRIs (project, place, …), concept, scheme, else thing; names: other names
-- and codes, one a line; links: how many triples point to it; folded: the folded words of label and
-- names, one name a line. Ids run by kind, those first that people look for most, then by links, the
-- most first: what is read first of a long list is what matters most.
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL,
  names TEXT NOT NULL, description TEXT NOT NULL, links INTEGER NOT NULL, folded TEXT NOT NULL
);
-- The ids of each kind.
CREATE TABLE kind (kind TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);
-- The folded words of every label (way 0), acronym (1), other name (2) and code (3).
CREATE TABLE name (
  folded TEXT NOT NULL, thing INTEGER NOT NULL, way INTEGER NOT NULL,
  PRIMARY KEY (folded, thing)
) WITHOUT ROWID;
-- Folded words and the columns they are in; rowid: thing.id; context: what a thing has to do with, a
-- programme's places, agencies, threats …, by name. What begins with some letters is found through
-- spelling: a prefix query takes as long as all its words are common.
CREATE VIRTUAL TABLE text USING fts5 (
  label, names, description, context, content = '',
  tokenize = 'unicode61 remove_diacritics 2', detail = column
);
-- The words of all texts with the number of things that have them, and trigrams of each word between
-- two _, for typing errors; rowid: spelling.id.
CREATE TABLE spelling (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);
CREATE VIRTUAL TABLE trigram USING fts5 (word, content = '', tokenize = 'trigram');
