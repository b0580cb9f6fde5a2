"""The reader's language: chosen for each request, and read wherever a label or a word is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

from hsgraph import resources

DEFAULT: Final = "en"
INTERFACE: Final = {"en": "English", "fr": "Français", "es": "Español"}
"""Languages that the interface's own words are written in."""
KNOWN: Final = (*INTERFACE, "ar", "ru", "zh")
"""Languages that things may be named in: those of the United Nations."""
_LONGEST: Final = 500
_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[\w-]*)?\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d*)?))?\s*"
)

_reader: Final[ContextVar[str]] = ContextVar("reader", default=DEFAULT)


def reader() -> str:
    """The language to name things in."""
    return _reader.get()


def interface() -> str:
    """The language of the interface's words: the reader's where there is a catalogue of it."""
    language = _reader.get()
    return language if language in INTERFACE else DEFAULT


def read_in(language: str) -> None:
    """Name things in this language from here on, in this thread."""
    _reader.set(language)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Name things and write figures in this language meanwhile."""
    before = _reader.set(language)
    try:
        yield
    finally:
        _reader.reset(before)


def known(tag: str) -> str:
    """The known language that a tag such as `fr-CA` means, or an empty string."""
    base = tag.strip().lower().partition("-")[0]
    return base if base in KNOWN else ""


@lru_cache(maxsize=1024)
def preferred(accepted: str) -> str:
    """The known language that an `Accept-Language` header likes best (RFC 4647, 3.4); or English.

    What cannot be read in it is passed over: a page in English is better than an error.
    """
    ranges = map(_RANGE.fullmatch, accepted[:_LONGEST].split(","))
    liked = [(float(found[2] or 1), found[1]) for found in ranges if found]
    for weight, tag in sorted(liked, key=lambda each: -each[0]):
        if weight > 0 and (language := DEFAULT if tag == "*" else known(tag)):
            return language
    return DEFAULT


class Said(str):
    """A text that is not in the language of the page it stands on."""

    language: str


def said(text: str, language: str) -> str:
    """A text that knows its language, where the page has another."""
    if not language or language == interface():
        return text
    other = Said(text)
    other.language = language
    return other


def capital(text: str) -> str:
    """A text with a capital letter, in the language that it is in."""
    return said(text[:1].upper() + text[1:], getattr(text, "language", ""))


def told(sentence: str, *values: object) -> Said:
    """A sentence in the reader's language with its values, which stand for `{1}`, `{2}` …"""
    whole = Said(
        re.sub(r"\{(\d)\}", lambda place: str(values[int(place[1]) - 1]), translated(sentence))
    )
    whole.language = interface()
    return whole


def translated(text: str) -> str:
    """A word or sentence of the interface in the reader's language; English where it has none."""
    language = _reader.get()
    return text if language == DEFAULT else catalogue(language).get(text, text)


def later(text: str) -> str:
    """Marks a word for the catalogue that is translated where it is shown."""
    return text


@lru_cache(maxsize=len(KNOWN))
def catalogue(language: str) -> dict[str, str]:
    """The words of the interface in a language, by the English ones; read when first needed."""
    return {words: said for words, said, _ in _messages(language)}


def of_scripts(where: str) -> dict[str, str]:
    """The words of the scripts of a kind of page, whose name the catalogue has (`#: query`)."""
    return {words: said for words, said, places in _messages(interface()) if where in places}


@lru_cache(maxsize=len(KNOWN))
def _messages(language: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    from babel.messages.pofile import read_po

    file = resources.web_dir() / "languages" / f"{language}.po"
    if language not in INTERFACE or not file.is_file():
        return ()
    with file.open("rb") as opened:
        return tuple(
            (str(each.id), str(each.string), tuple(place for place, _ in each.locations))
            for each in read_po(opened)
            if each.id and each.string
        )
