"""The words of a text as the index holds them: without accents, strokes and case."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_FLAT: Final = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
)
"""Letters whose stroke or dot Unicode does not take for an accent."""


def fold(text: str) -> str:
    """Text without accents, strokes and case, as the index holds it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return bare.translate(_FLAT)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))
