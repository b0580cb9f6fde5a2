"""The words of a text as the index holds them: without accents, strokes and case."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_NOT_JOINED: Final = "\u200c"
"""Stands between the parts of a word in Persian, which are words, and are also written as one."""
_RUN: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3040-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua980-\uaadf\uac00-\ud7a3"
    "\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U0003ffff]+"
)
"""Thai, Lao, Burmese, Khmer, Tai, Javanese, Yi, Japanese and Chinese, which put no spaces between
words, and Korean, which puts few."""
_FLAT: Final = str.maketrans(
    {"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("\u00ad\u200d\u2060\ufeff", "")
)
"""Letters whose stroke or dot Unicode does not take for an accent, and signs that nobody sees."""


def fold(text: str) -> str:
    """Text without accents, strokes and case, as the index holds it."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", bare).translate(_FLAT)


def words(text: str) -> list[str]:
    """The words of a text, folded; writing without spaces as pairs of signs that overlap."""
    return _WORD.findall(_RUN.sub(_pairs, fold(text)))


def indexed(text: str) -> str:
    """A text as the index holds it: also the last sign of writing without spaces, by itself.

    What parts that are not joined would be as one word stands at its end.
    """
    folded = fold(text)
    if _NOT_JOINED in folded:
        folded += f" {folded.replace(_NOT_JOINED, '')}"
    if _RUN.search(folded) is None:
        return folded
    return " ".join(_WORD.findall(_RUN.sub(lambda run: f"{_pairs(run)}{run[0][-1]} ", folded)))


def _pairs(run: re.Match[str]) -> str:
    signs = [sign for sign in run[0] if sign.isalnum()]
    pairs = [one + other for one, other in pairwise(signs)] or signs
    return f" {' '.join(pairs)} "
