"""From the rows of a table to drafts, and an empty table."""
