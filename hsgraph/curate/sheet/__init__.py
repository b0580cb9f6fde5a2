"""From the lines of a fact sheet to a draft: sections, facts, sentences, suggestions."""
