"""What a language does with the words of a question, as its lexicon says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CODES: Final = (
    "ending", "article", "plural-ending", "singular", "adjective-first", "as-stated", "plural",
    "letter", "sign", "abbreviation", "turned", "parted", "turned-ending",
)  # fmt: skip
"""What words of these codes are kept in: they are looked for at words, not as words."""


@dataclass(frozen=True)
class Grammar:
    """The facts of one language that questions are read with."""

    language: str = "en"
    endings: tuple[str, ...] = ()
    """How verbs and adverbs end."""
    articles: tuple[str, ...] = ()
    """The words before what is spoken of as known."""
    plurals: tuple[str, ...] = ()
    """How verbs of several things end, where that tells."""
    singular: tuple[str, ...] = ()
    """Words of one thing that looks like several: "país", and those before it: "quel pays"."""
    turned: tuple[str, ...] = ()
    """How a verb ends after its noun in a question, with the pronoun: "impliquent-ils"."""
    adjective_first: bool = False
    as_stated: bool = False
    """Whether a question may have the order of a statement: "El programa mejoró la salud"."""
