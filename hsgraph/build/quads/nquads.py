"""Reads sorted N-Quads thing by thing, with terms as they are written there.

To make an object of every term takes most of the time of whoever reads millions of statements only
to count them or to write them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph.namespaces import RDF, RDFS, SKOS, XSD

Statement = tuple[str, str]
"""A predicate and an object, both as N-Quads writes them."""
Kinds = tuple[str, ...]
"""The classes of a thing, as N-Quads writes them."""
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SIGNS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def things(data: Path, without: Collection[str] = ()) -> Iterator[tuple[str, list[Statement]]]:
    """Every subject with its statements, each once in however many graphs it stands.

    What stands only in the graphs `without` is left out.
    """
    passed = frozenset(map(written, without))
    subject, statements, last = "", list[Statement](), ""
    with data.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            statement, _, graph = line[:-3].rpartition(" ")
            if statement == last or graph in passed:
                continue
            last = statement
            about, predicate, value = statement.split(" ", 2)
            if about != subject:
                if subject:
                    yield subject, statements
                subject, statements = about, []
            statements.append((predicate, value))
    if subject:
        yield subject, statements


def written(iri: str) -> str:
    """An IRI as N-Quads writes it."""
    return f"<{iri}>"


def datatype(term: str) -> str:
    """The IRI of the datatype of a literal."""
    return _kind(term[term.rindex('"') + 1 :])[1]


def language(term: str) -> str:
    """The language of a literal, "" for other terms."""
    if term[-1] in '">' or term[0] != '"':
        return ""
    return _kind(term[term.rindex('"') + 1 :])[0]


def value(term: str) -> str:
    """The text of a literal, the IRI of a thing, the name of a blank node."""
    if term[0] != '"':
        return term[1:-1] if term[0] == "<" else term[2:]
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


@lru_cache(maxsize=10_000)
def _kind(rest: str) -> tuple[str, str]:
    """Language and datatype, from what follows the text of a literal."""
    if not rest:
        return "", XSD + "string"
    if rest[0] == "^":
        return "", rest[3:-1]
    language, direction, _ = rest[1:].partition("--")
    return language, RDF + ("dirLangString" if direction else "langString")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])


_TYPE: Final = written(RDF + "type")
_PREFERRED: Final = written(SKOS + "prefLabel")
_LABEL: Final = written(RDFS + "label")
_WANTED: Final = (_TYPE, _PREFERRED, _LABEL)


@dataclass(frozen=True)
class Names:
    """Classes and names by thing, all terms as N-Quads writes them, names as texts.

    The name is the English one, else the first.
    """

    kinds: Mapping[str, Kinds]
    preferred: Mapping[str, str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, data: Path, without: Collection[str] = ()) -> Names:
        """Read them from data.nq, but not from the graphs `without`."""
        kinds: dict[str, Kinds] = {}
        alike: dict[Kinds, Kinds] = {}
        texts: dict[str, dict[str, str]] = {_PREFERRED: {}, _LABEL: {}}
        for about, statements in things(data, without):
            wanted = [each for each in statements if each[0] in _WANTED]
            classes = tuple(t for name, t in wanted if name == _TYPE and t[0] == "<")
            if classes:
                kinds[about] = alike.setdefault(classes, classes)
            for predicate, found in texts.items():
                names = [term for name, term in wanted if name == predicate]
                english = (t for t in names if language(t).startswith("en"))
                if names:
                    found[about] = value(next(english, names[0]))
        return cls(kinds, texts[_PREFERRED], texts[_LABEL])

    def title(self, term: str) -> str:
        """What a class or property is called, "" if nothing says."""
        return self.labels.get(term) or self.preferred.get(term, "")
