"""How alike two names are: without accents, case, punctuation, and the two English spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from hsgraph.build.index.words import fold

_SMALL: Final = frozenset(
    ("a", "an", "and", "de", "des", "du", "for", "la", "le", "of", "on", "the", "to", "y")
)
_SPELLINGS: Final = (
    (re.compile(r"is(ation|e|ing)\b"), r"iz\1"),
    (re.compile(r"gramme\b"), "gram"),
    (re.compile(r"our\b"), "or"),
    (re.compile(r"tre\b"), "ter"),
)
_DOTTED: Final = re.compile(r"\b(?:\w\.){2,}\w?")
_BRACKETS: Final = re.compile(r"^(.*?)\s*[(\[]([^)\]]+)[)\]]\s*(.*)$")
_LONGEST: Final = 200
_PART: Final = 0.55
"""How alike a name is at least to one that has all its words."""


def forms(text: str, acronyms: Mapping[str, str]) -> tuple[str, ...]:
    """The ways a name may be meant.

    As it stands; without dots between letters; what stands before and in brackets; and with
    acronyms inside it written out (`acronyms`: folded acronym to name).
    """
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), text[:_LONGEST]).strip()
    found = [plain]
    if brackets := _BRACKETS.match(plain):
        found += [f"{brackets[1]} {brackets[3]}".strip(), brackets[2]]
    for each in tuple(found):
        words = re.findall(r"\w+|\W+", each)
        if sum(word.isalnum() for word in words) > 1:
            found.append("".join(acronyms.get(fold(word), word) for word in words))
    return tuple(dict.fromkeys(each for each in found if each))


def searched(texts: Iterable[str]) -> tuple[str, ...]:
    """The forms of a name as they are, and in plain words, to search for."""
    return tuple(dict.fromkeys(form for text in texts for form in (text, _plain(text)) if form))


def same(text: str, name: str) -> bool:
    """Whether two names differ in accents, case, punctuation and spelling at most."""
    return _plain(text) == _plain(name) != ""


def likeness(texts: Iterable[str], names: Iterable[str]) -> float:
    """How alike the most alike pair is, from 0 to 1."""
    known = [_plain(name) for name in names]
    return max(
        (_ratio(_plain(text), name) for text in texts for name in known if name), default=0.0
    )


def parts(text: str) -> frozenset[str]:
    """The groups of three letters of a name, for a first rough comparison."""
    plain = f"  {_plain(text)} "
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    folded = re.sub(r"['’`´]", "", fold(text.replace("&", " and ")))
    words = re.findall(r"\w+", folded)
    kept = [word for word in words if word not in _SMALL] or words
    plain = " ".join(kept)
    for british, american in _SPELLINGS:
        plain = british.sub(american, plain)
    return plain


@lru_cache(maxsize=16384)
def _ratio(text: str, name: str) -> float:
    if text == name:
        return 1.0
    if text.replace(" ", "") == name.replace(" ", ""):
        return 0.99
    straight = SequenceMatcher(None, text, name).ratio()
    turned = 0.98 * SequenceMatcher(None, _sorted(text), _sorted(name)).ratio()
    inside = set(text.split()) <= set(name.split())
    part = _PART + (1 - _PART) * 0.9 * len(text) / len(name) if inside and name else 0.0
    return max(straight, turned, part)


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
