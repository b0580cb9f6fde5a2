"""Writes terms and statements of a draft as Turtle."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from pyoxigraph import Literal

from hsgraph.curate.known import Known
from hsgraph.curate.shipped import shipped
from hsgraph.curate.words import words as known_words
from hsgraph.namespaces import ID, VOCAB

_LONGEST_NAME: Final = 90


def slug_of(text: str, longest: int = 40) -> str:
    """A text as a part of an address: lower-case ASCII with hyphens."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    return slug[:longest].strip("-")


def node(subject: str, type_: str, *lines: str) -> str:
    return f"{subject} a {type_} ;\n    " + " ;\n    ".join(lines) + " ."


def listed(values: Iterable[str]) -> str:
    return " , ".join(values)


def text(words: str, language: str = "en") -> str:
    return str(Literal(" ".join(words.split()), language=language))


def day(of: date) -> str:
    return f'"{of}"^^xsd:date'


def short(known: Known) -> str:
    """The prefixed name of a thing: the kind in its address is the prefix."""
    path = known.iri.removeprefix(ID).removeprefix(VOCAB)
    return path.replace("/", ":")


def comment(words: str) -> str:
    return " ".join(words.split())


def shortened(title: str) -> str:
    """A name of a programme from its title: its first part, or as many words as a name may have."""
    if len(title) <= _LONGEST_NAME:
        return title
    first = re.split(r":\s|\s[–—-]\s", title)[0]
    if first.count(" ") > 0 and len(first) <= _LONGEST_NAME:
        return first
    return title[:_LONGEST_NAME].rpartition(" ")[0].rstrip(" ,;:-–")


def prefixes_of(text: str) -> str:
    """The declarations of the prefixes that a text in Turtle has."""
    lines = shipped("turtle/prefixes.ttl").splitlines(keepends=True)
    return "".join(
        line for line in lines if re.search(rf"(?<![\w-]){line.split()[1]}[a-zA-Z]", text)
    )


def note(code: str, **values: object) -> str:
    """What a draft says of itself, with what stands in braces filled in."""
    return known_words().notes[code].format(**values)


def remark(code: str) -> str:
    """The same as a remark for editors."""
    return f"skos:editorialNote {text(note(code))}"
