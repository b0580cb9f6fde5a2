"""The curator's desk: from a document, a spreadsheet or IATI to a checked Turtle file."""
