"""The words of a question: split, folded, and brought to their stems in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Final

import snowballstemmer

from hsgraph.build.index.words import fold

LANGUAGES: Final[Mapping[str, str]] = {"en": "english", "fr": "french", "es": "spanish"}
ANY: Final = ""
"""The language of a name that is the same in all of them."""
_TOKEN: Final = re.compile(
    r"(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*|[^\W\d_]+\d*|[+&$€%]"
)
_ACRONYMS: Final = re.compile(r"^([A-Z]{2,})s$")
_STEMMERS: Final = {code: snowballstemmer.stemmer(name) for code, name in LANGUAGES.items()}
_STEMMING: Final = Lock()
"""A stemmer holds the word that it works on."""
_SHORTEST: Final = 4
SLIP: Final = 4
"""From this length on a word is looked for with one letter wrong; twice as long, with two."""


@dataclass(frozen=True)
class Token:
    """A word, number or sign of a question: as written, folded, and where it is."""

    text: str
    folded: str
    start: int
    end: int
    several: bool = False
    """Whether it ends as nouns of several things do."""

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_sign(self) -> bool:
        return not self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return len(self.text) > 1 and (self.text.isupper() or bool(_ACRONYMS.match(self.text)))


def tokens(text: str) -> list[Token]:
    """The words of a text in order."""
    return [Token(m.group(), _folded(m.group()), *m.span()) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    """A word folded, the plural of an acronym brought to its singular."""
    return fold(_ACRONYMS.sub(r"\1", word))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; short words and names of no language stay as they are."""
    stemmer = _STEMMERS.get(language)
    if stemmer is None or len(word) < _SHORTEST or not word.isalpha():
        return word
    with _STEMMING:
        return str(stemmer.stemWord(word))


def stem_in_names(word: str, language: str) -> str:
    """What of a word is looked for in names: its stem, where that is long enough to tell."""
    found = stem(word, language)
    return found if len(found) >= _SHORTEST else word


def split(text: str) -> list[str]:
    """The folded words of a name, without the signs between them."""
    found = _TOKEN.findall(text)
    return [_folded(word) for word in found if word[0].isalnum() or len(text) < 4]


def shorter(word: str) -> set[str]:
    """A word, and what it is without one of its letters: two with a slip between them share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
