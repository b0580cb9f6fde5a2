"""From a file of any kind to the lines of its text, read by a confined process."""
