-- The tables that `hsgraph.build.index.facets` describes.
CREATE TABLE programme (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, date TEXT NOT NULL, amount TEXT
);
CREATE TABLE facet (
  facet TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL, parent TEXT NOT NULL,
  members BLOB NOT NULL, PRIMARY KEY (facet, value)
) WITHOUT ROWID;
