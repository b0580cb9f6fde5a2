"""The text of a question: cleaned, and the sentence of it that asks."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 1000
"""How many signs of a question are read; a longer one is refused."""
_SENTENCE: Final = re.compile(r"(?<=[.!?:;])\s+")


def clean(question: str) -> str:
    """A question without signs that are no text, and no longer than can be told apart from more."""
    kept = "".join(sign if sign.isprintable() else " " for sign in question[: LONGEST * 4])
    return " ".join(kept.split())[: LONGEST + 1]


def asking(text: str) -> str:
    """The last sentence with a question mark, or the last one; others only lead to it."""
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip("?!. ")]
    asked = [sentence for sentence in sentences if sentence.endswith("?")]
    return (asked or sentences or [text])[-1]
