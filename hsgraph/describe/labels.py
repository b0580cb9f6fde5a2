"""Which label a thing is called by: one choice, the same on every page and in every result."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.queries import query
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import BASE, HS, ID, PREFIXES, RDF, RDFS, SKOS, VOCAB

LANGUAGE: Final = "en"
BATCH: Final = 2000
"""Most things asked for in one query, so that its text stays within any engine's limit."""


@dataclass(frozen=True)
class Ref:
    """A thing as a page names it: its IRI, its label, and the local kind its address has."""

    iri: str
    label: str
    language: str = ""
    kind: str = ""
    acronym: str = ""

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return local_name(self.iri)


def choose(labels: Iterable[Literal], language: str = LANGUAGE) -> Literal | None:
    """The best of some labels, or None when there are none.

    In order: the language asked for, its base language (`de` for `de-AT`), no language,
    English, any other; equals are settled by language and text, so that the choice is stable.
    """
    wanted = language.lower()
    order = [wanted, wanted.split("-")[0], "", "en"]

    def rank(label: Literal) -> tuple[int, str, str]:
        tag = (label.language or "").lower()
        same_base = tag.split("-")[0] == order[1] and bool(tag)
        place = order.index(tag) if tag in order else (1 if same_base else len(order))
        return place, tag, label.value

    return min(labels, key=rank, default=None)


def local_name(iri: str) -> str:
    """What to call a thing without any label: the last part of its IRI, or the IRI itself."""
    name = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    return unquote(name) or iri


def words(name: str) -> str:
    """A local name as words: `leadAgency` and `lead-agency` become `lead agency`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ")
    return spaced.lower() if not spaced.isupper() else spaced


def kind_of(iri: str) -> str:
    """The kind in one of our IRIs (`project`, `threat-type`, `graph` …), or an empty string."""
    for start in (ID, VOCAB):
        if iri.startswith(start):
            return iri[len(start) :].split("/")[0]
    return iri[len(BASE) :].split("/")[0].split("#")[0] if iri.startswith(BASE) else ""


def compact(iri: str) -> str:
    """`hs:startDate` for an IRI in a known namespace, else the IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]+", iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


@dataclass(frozen=True)
class Labels:
    """The labels, types and remarks of the things on one page."""

    names: dict[str, list[Literal]] = field(default_factory=dict)
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    acronyms: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    coded: frozenset[str] = frozenset()

    @classmethod
    def fetch(cls, engine: Engine, things: Iterable[Term | str]) -> Labels:
        """Ask for all of them at once; blank nodes and literals are passed over."""
        iris = {t if isinstance(t, str) else t.value for t in things if not _nameless(t)}
        return cls.of(_rows(engine, sorted(iris))) if iris else cls()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, Term]]) -> Labels:
        """From (thing, property, value) rows."""
        values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for thing, about, value in rows:
            values[about][thing].append(value)
        preferred, other = values[SKOS + "prefLabel"], values[RDFS + "label"]
        acronyms = values[HS + "acronym"]
        return cls(
            names={t: _literals(preferred.get(t) or other[t]) for t in {*preferred, *other}},
            types={t: _iris(found) for t, found in values[RDF + "type"].items()},
            acronyms={t: _text(found) for t, found in acronyms.items()},
            comments={t: _text(found) for t, found in values[RDFS + "comment"].items()},
            coded=frozenset(
                t for t, v in values[HS + "defaultBasis"].items() if HS + "Coded" in _iris(v)
            ),
        )

    def ref(self, iri: str) -> Ref:
        """How to name a thing; always something, at worst the end of its IRI."""
        label = choose(self.names.get(iri, ()))
        known = label is not None
        return Ref(
            iri=iri,
            label=label.value if label is not None else local_name(iri),
            language=(label.language or "") if known and label is not None else "",
            kind=kind_of(iri),
            acronym=self.acronyms.get(iri, ""),
        )

    def property(self, iri: str) -> Ref:
        """How to name a property: its label, or its local name as words."""
        named = self.ref(iri)
        if iri in self.names:
            return named
        return Ref(iri=iri, label=words(named.label), kind=named.kind)


def _nameless(thing: Term | str) -> bool:
    return not isinstance(thing, str | NamedNode)


def _rows(engine: Engine, iris: list[str]) -> Iterable[tuple[str, str, Term]]:
    for start in range(0, len(iris), BATCH):
        things = [NamedNode(iri) for iri in iris[start : start + BATCH]]
        for row in engine.select(query("labels"), {"things": things}).rows:
            yield row["thing"].value, row["about"].value, row["value"]


def _literals(terms: list[Term]) -> list[Literal]:
    return [term for term in terms if isinstance(term, Literal)]


def _iris(terms: list[Term]) -> tuple[str, ...]:
    return tuple(sorted(term.value for term in terms if isinstance(term, NamedNode)))


def _text(terms: list[Term]) -> str:
    chosen = choose(_literals(terms))
    return chosen.value if chosen is not None else ""
