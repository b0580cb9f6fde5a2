"""/contribute: the form makes a file in the browser that says what was typed."""
