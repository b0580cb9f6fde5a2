-- The tables that `hsgraph.build.index.aggregates` describes.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE programme (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, types TEXT NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, count INTEGER NOT NULL,
  first TEXT NOT NULL, types BLOB);
CREATE TABLE member (thing INTEGER PRIMARY KEY, programmes BLOB NOT NULL);
CREATE TABLE facet (thing INTEGER NOT NULL, facet TEXT NOT NULL, more INTEGER NOT NULL,
  listed TEXT NOT NULL, PRIMARY KEY (thing, facet)) WITHOUT ROWID;
CREATE TABLE tried (thing INTEGER NOT NULL, row INTEGER NOT NULL, count INTEGER NOT NULL,
  programmes TEXT NOT NULL, strategies TEXT NOT NULL, places TEXT NOT NULL, groups TEXT NOT NULL,
  PRIMARY KEY (thing, row)) WITHOUT ROWID;
CREATE TABLE link (thing INTEGER NOT NULL, predicate TEXT NOT NULL, count INTEGER NOT NULL,
  first TEXT NOT NULL, PRIMARY KEY (thing, predicate)) WITHOUT ROWID;
