"""The text files that belong to this package: words, order of properties, skeleton."""

from __future__ import annotations

from importlib import resources


def shipped(name: str) -> str:
    """A text file of this package, by its path in it."""
    return resources.files("hsgraph.curate").joinpath(name).read_text("utf-8")
