"""Finding things by their names and texts."""
