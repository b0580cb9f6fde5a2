-- What pages of shared things say of all programmes (`hsgraph.build.index.aggregates`).
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
-- Ids as in the table of facets.sql, so from 0, the latest first; types (JSON): the ids of its types of
-- threat and intervention.
CREATE TABLE programme (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, types TEXT NOT NULL);
-- What programmes have to do with: how many, narrower concepts included, and the first of their ids
-- (JSON); types: a bit for each programme that has it as a type, or NULL.
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, count INTEGER NOT NULL,
  first TEXT NOT NULL, types BLOB);
-- All ids of its programmes, 32 bits each, little-endian, ascending.
CREATE TABLE member (thing INTEGER PRIMARY KEY, programmes BLOB NOT NULL);
-- Most frequent first, JSON pairs of thing and count of the programmes that both have to do with;
-- more: how many are left out.
CREATE TABLE facet (thing INTEGER NOT NULL, facet TEXT NOT NULL, more INTEGER NOT NULL,
  listed TEXT NOT NULL, PRIMARY KEY (thing, facet)) WITHOUT ROWID;
-- For a type of threat or intervention the types it was met with: JSON lists of ids.
CREATE TABLE tried (thing INTEGER NOT NULL, row INTEGER NOT NULL, count INTEGER NOT NULL,
  programmes TEXT NOT NULL, strategies TEXT NOT NULL, places TEXT NOT NULL, groups TEXT NOT NULL,
  PRIMARY KEY (thing, row)) WITHOUT ROWID;
-- What points to a thing that more than HUB statements point to; JSON list of IRIs.
CREATE TABLE link (thing INTEGER NOT NULL, predicate TEXT NOT NULL, count INTEGER NOT NULL,
  first TEXT NOT NULL, PRIMARY KEY (thing, predicate)) WITHOUT ROWID;
