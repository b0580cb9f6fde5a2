"""The words by which documents are read, from words.ttl, and one way to compare words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from hsgraph.curate.shipped import shipped
from hsgraph.namespaces import BASE, SKOS

_HEADING: Final = BASE + "curation/heading/"
_PHRASE: Final = BASE + "curation/phrase/"
_NOTE: Final = BASE + "curation/note/"
_SPELLING: Final = BASE + "curation/spelling/"
_CURRENCY: Final = "http://publications.europa.eu/resource/authority/currency/"
_LONGEST_HEADING: Final = 9
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(
    r"^\s*\(?(?:\d{1,2}(?:\.\d{1,2})*|[ivxIVX]{1,4}|[A-H])[.)]*\s+|\s*\([^)]*\)\s*$"
)
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l", "ø": "o"})


@dataclass(frozen=True)
class Word:
    """A word of a text as it is compared, and where it stands."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """What words.ttl says: headings and phrases by code, currencies, phrases for concepts."""

    headings: dict[str, str]
    """Code by plain heading."""
    columns: dict[str, tuple[str, ...]]
    """Headings as written by code, the first the one we use."""
    phrases: dict[str, tuple[str, ...]]
    currencies: dict[str, str]
    """IRI by the sign, code or name as written."""
    concepts: dict[str, tuple[str, ...]]
    languages: dict[str, str]
    """IRI by two-letter code."""
    spoken: dict[str, frozenset[str]]
    """The languages that have a heading, by plain heading."""
    explained: dict[str, tuple[str, str]]
    """The columns of our table in order: name and explanation by code."""
    notes: dict[str, str]
    """What a draft says of itself, by code."""


def plain(text: str) -> str:
    """A text as it is compared: no case, accents, signs or spaces at its ends."""
    return " ".join(word.plain for word in words_of(text))


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    return [Word(_plain(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


@cache
def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.casefold().translate(_LIGATURES))
    word = "".join(mark for mark in parts if not unicodedata.combining(mark))
    for other, ours in _spellings():
        word = word.replace(other, ours)
    return word


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    """What counts as another spelling: as some write it, and as we do."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, text in _statements():
        if subject.startswith(_SPELLING):
            labels[subject][predicate.removeprefix(SKOS)] = text.value
    return tuple((each["hiddenLabel"], each["prefLabel"]) for each in labels.values())


def _statements() -> Iterator[tuple[str, str, Literal]]:
    """What words.ttl says: subject, property and text."""
    for quad in parse(shipped("words.ttl").encode(), RdfFormat.TURTLE):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, Literal)
        yield quad.subject.value, quad.predicate.value, quad.object


@cache
def words() -> Words:
    """What words.ttl says, read once."""
    names: dict[str, list[str]] = defaultdict(list)
    concepts: dict[str, list[str]] = defaultdict(list)
    languages: dict[str, str] = {}
    spoken: dict[str, set[str]] = defaultdict(set)
    explained: dict[str, str] = {}
    notes: dict[str, str] = {}
    for subject, predicate, text in _statements():
        if subject.startswith(_SPELLING):
            continue
        if predicate == SKOS + "note":
            notes[subject.removeprefix(_NOTE)] = text.value
            continue
        if predicate == SKOS + "notation":
            languages[text.value] = subject
            continue
        if predicate == SKOS + "definition":
            explained[subject.removeprefix(_HEADING)] = text.value
            continue
        spoken[plain(text.value)].add(text.language or "en")
        where = concepts if predicate == SKOS + "hiddenLabel" else names
        where[subject].append(text.value)
    headings: dict[str, str] = {}
    for iri, labels in names.items():
        for label in labels:
            if iri.startswith(_HEADING):
                headings.setdefault(plain(label), iri.removeprefix(_HEADING))
    columns = _by_code(names, _HEADING)
    return Words(
        headings,
        columns,
        _by_code(names, _PHRASE),
        {label: iri for iri in names if iri.startswith(_CURRENCY) for label in names[iri]},
        {iri: tuple(labels) for iri, labels in concepts.items()},
        languages,
        {label: frozenset(tags) for label, tags in spoken.items()},
        {code: (columns[code][0], said) for code, said in explained.items()},
        notes,
    )


def _by_code(names: dict[str, list[str]], start: str) -> dict[str, tuple[str, ...]]:
    return {
        iri.removeprefix(start): tuple(labels)
        for iri, labels in names.items()
        if iri.startswith(start)
    }


def without_article(name: str) -> str:
    """A plain name without the English article before it."""
    first, _, rest = name.partition(" ")
    return rest if first in words().phrases["the"] else name


def is_plural(one: str, other: str) -> bool:
    """Whether one of two plain words is the other with the ending of several."""
    short, long = sorted((one, other), key=len)
    return any(long == short + ending for ending in words().phrases["plural"])


@cache
def either(code: str) -> str:
    """A pattern for any of the phrases of a code, the longest first."""
    listed = sorted(words().phrases[code], key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"\s+") for phrase in listed)
    return "|".join(phrase.replace("oe", "(?:oe|œ)") for phrase in escaped)


@cache
def heading_code(heading: str) -> str | None:
    """The code of a heading however it is written, or None.

    Its number, what it has in brackets, and words that many headings have are overlooked; of two
    headings in one, as in context and objectives, the first counts.
    """
    bare = _plural().sub("", heading)
    key = plain(bare)
    found = _known(key) or _known(plain(_NUMBER.sub("", bare)))
    if found is None and len(key.split()) <= _LONGEST_HEADING:
        found = _known(plain(_NUMBER.sub("", _NUMBER.sub("", bare))), usual=True)
    return found


@cache
def _plural() -> re.Pattern[str]:
    """What a heading has for one or several: "Region(s)", "Country/ies"."""
    several = either("plural")
    return re.compile(rf"\((?:{several})\)|/(?:{several})\b")


def _known(key: str, *, usual: bool = False) -> str | None:
    known = words().headings
    for name in (key, without_article(key)):
        if name in known:
            return known[name]
    if not usual:
        return None
    left, extra = key.split(), words().phrases["of-headings"]
    for end in (-1, 0):
        while left and left[end] in extra:
            left.pop(end)
            if " ".join(left) in known:
                return known[" ".join(left)]
    first, *others = re.split(rf"\s(?:{either('and')})\s", " ".join(left))
    if others and all(_known(other, usual=True) for other in others):
        return _known(first, usual=True)
    return None
