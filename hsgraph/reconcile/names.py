"""How alike two names are: without accents, case, punctuation, and the two English spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from pyoxigraph import Literal, RdfFormat, parse

from hsgraph.build.index.words import fold
from hsgraph.namespaces import SKOS

_DOTTED: Final = re.compile(r"\b(?:\w\.){2,}\w?")
_BRACKETS: Final = re.compile(r"^(.*?)\s*[(\[]([^)\]]+)[)\]]\s*(.*)$")
_LONGEST: Final = 200
_WORTH_A_LOOK: Final = 0.45
"""How alike names must be in the letters that they have for a comparison in order."""
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
    """The forms of a name to search for: as they are, and in plain words where these are others."""
    found = dict.fromkeys(texts)
    for text in tuple(found):
        plain = _plain(text)
        if not set(plain.split()) <= set(fold(text).split()):
            found[plain] = None
    return tuple(found)


def same(text: str, name: str) -> bool:
    """Whether two names differ in accents, case, punctuation and spelling at most."""
    return _plain(text) == _plain(name) != ""


def likeness(texts: Iterable[str], names: Iterable[str]) -> float:
    """How alike the most alike pair is, from 0 to 1."""
    known = [plain for name in names if (plain := _plain(name))]
    best = 0.0
    for text in map(_plain, texts):
        for name in known:
            best = max(best, _ratio(text, name))
            if best == 1.0:
                return best
    return best


def rough(texts: Iterable[frozenset[str]], names: Iterable[frozenset[str]]) -> float:
    """How many groups of letters the most alike pair shares: a first look, which costs little."""
    shared = ((len(one & other), one, other) for one in texts for other in names)
    return max((n / len(one) + n / len(other) for n, one, other in shared if n), default=0.0)


@lru_cache(maxsize=16384)
def parts(text: str) -> frozenset[str]:
    """The groups of three letters of a name, for a first rough comparison."""
    plain = f"  {_plain(text)} "
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    folded = re.sub(r"['’`´]", "", fold(text.replace("&", " ")))
    words = re.findall(r"\w+", folded)
    kept = [word for word in words if word not in _small()] or words
    plain = " ".join(kept)
    for british, american in _spellings():
        plain = british.sub(american, plain)
    return plain


@cache
def _small() -> frozenset[str]:
    """The words that a name may have or not."""
    return frozenset(text for _, name, text in _words() if name == "hiddenLabel")


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The ends of words in British spelling, each with the American one."""
    american = {word: text for word, name, text in _words() if name == "prefLabel"}
    british = ((word, text) for word, name, text in _words() if name == "altLabel")
    return tuple((re.compile(rf"{text}\b"), american[word]) for word, text in british)


@cache
def _words() -> tuple[tuple[str, str, str], ...]:
    """What words.ttl says: word, property and text."""
    file = resources.files("hsgraph.reconcile").joinpath("words.ttl")
    return tuple(
        (str(quad.subject), quad.predicate.value.removeprefix(SKOS), quad.object.value)
        for quad in parse(file.read_bytes(), RdfFormat.TURTLE)
        if isinstance(quad.object, Literal)
    )


@lru_cache(maxsize=16384)
def _ratio(text: str, name: str) -> float:
    if text == name:
        return 1.0
    if text.replace(" ", "") == name.replace(" ", ""):
        return 0.99
    matcher = SequenceMatcher(None, text, name, autojunk=False)
    alike = matcher.quick_ratio() > _WORTH_A_LOOK
    straight = matcher.ratio() if alike else 0.0
    turned = 0.0
    if alike and (_sorted(text), _sorted(name)) != (text, name):
        turned = 0.98 * SequenceMatcher(None, _sorted(text), _sorted(name), False).ratio()
    inside = set(text.split()) <= set(name.split())
    part = _PART + (1 - _PART) * 0.9 * len(text) / len(name) if inside and name else 0.0
    return max(straight, turned, part)


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))
