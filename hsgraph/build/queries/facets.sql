-- What programmes can be narrowed by (`hsgraph.build.index.facets`).
-- Ids from 0, the latest first, those without a date last; date: that of the start, else of the
-- approval, else of the announcement; amount: the largest sum in US dollars, or NULL.
CREATE TABLE programme (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, date TEXT NOT NULL, amount TEXT
);
-- value: an IRI or a text; parent: the value above it or ''; members: the ids of the programmes that
-- have it, 32 bits each, little-endian, ascending.
CREATE TABLE facet (
  facet TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL, parent TEXT NOT NULL,
  members BLOB NOT NULL, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
