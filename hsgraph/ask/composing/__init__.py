"""From what a question asks to its one query."""
