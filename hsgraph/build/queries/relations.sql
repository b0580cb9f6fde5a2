-- How many programmes are in a relation between two things, for each of the names that
-- `hsgraph.build.index.relations` has (NAMES).
CREATE TABLE relation (name TEXT, one TEXT, other TEXT, programmes INTEGER NOT NULL,
  PRIMARY KEY (name, one, other)) WITHOUT ROWID;
