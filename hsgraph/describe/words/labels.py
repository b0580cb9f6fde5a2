"""Which label a thing is called by: one choice, the same on every page and in every result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from hsgraph.build.index.aggregates_reader import OF_ONE_PROGRAMME
from hsgraph.build.index.words import fold
from hsgraph.describe.values import iris_of, kept_of, values_of
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Term
from hsgraph.languages import reader, said
from hsgraph.literals import has_sign, plain
from hsgraph.namespaces import BASE, HS, ID, NAMING, RDF, RDFS, SKOS, VOCAB, local_name

_TYPE, _ACRONYM, _COMMENT = RDF + "type", HS + "acronym", RDFS + "comment"
_BASIS, _CODED = HS + "defaultBasis", HS + "Coded"
_RDF_TYPE: Final = NamedNode(_TYPE)
_PROJECT: Final = ID + "project/"
_OF_THINGS: Final = tuple(map(NamedNode, (SKOS + "prefLabel", _TYPE, _ACRONYM, RDFS + "label")))
_OF_TERMS: Final = (*_OF_THINGS, *map(NamedNode, (*NAMING[2:], _COMMENT, _BASIS)))
TOLD: Final = frozenset(node.value for node in _OF_TERMS)
"""The properties that names, types and remarks are taken from."""
Told = dict[str, dict[str, dict[Term, None]]]
"""Things, their properties, their values each once."""


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

    @cached_property
    def order(self) -> tuple[str, str]:
        """Where it stands in a list by label."""
        return fold(self.label), self.iri


def choose(terms: Iterable[Term], language: str = "") -> Literal | None:
    """The best of the labels among some terms, or None when there are none.

    In order: the language asked for (else the reader's), its base language with its variants (`de`
    or `de-CH` for `de-AT`), no language, English with its variants, any other; equals are settled
    by language and text, so that it is stable.
    """
    found = [term for term in terms if isinstance(term, Literal)]
    if len(found) < 2:
        return found[0] if found else None
    wanted = language.lower() or reader()
    order = [wanted, wanted.split("-")[0], "", "en"]

    def rank(label: Literal) -> tuple[int, str, str]:
        tag = (label.language or "").lower()
        known = next((each for each in (tag, tag.split("-")[0]) if each in order), None)
        return len(order) if known is None else order.index(known), tag, label.value

    return min(found, key=rank)


def chosen(terms: Iterable[Term]) -> str:
    """The text of the best of the labels among some terms; empty when there are none."""
    label = choose(terms)
    return said(label.value, label.language or "") if label is not None else ""


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


@dataclass(frozen=True)
class Naming:
    """What is kept of one thing to name it."""

    names: tuple[Literal, ...]
    types: tuple[str, ...]
    named_by: str
    comment: str
    coded: bool
    ref: Ref


@dataclass(frozen=True)
class Labels:
    """The labels, types and remarks of the things on one page."""

    namings: dict[str, Naming] = field(default_factory=dict)

    @classmethod
    def fetch(cls, engine: Engine, things: Iterable[Term | str], told: Told = {}) -> Labels:
        """Ask for all of them at once; blank nodes and literals are passed over.

        `told` are the values of properties of `TOLD` where they are known; they are not asked for.
        """
        iris = {
            t if isinstance(t, str) else t.value for t in things if isinstance(t, str | NamedNode)
        }
        namings = {iri: _naming(iri, values) for iri, values in told.items()}
        wanted = iris - namings.keys()
        if engine.lookups is not None:
            memory: dict[str, Naming] = kept_of(engine, f"naming {reader()}")
            for iri in wanted:
                namings[iri] = memory.get(iri) or _look_up(engine.lookups, memory, iri)
        elif wanted:
            found = values_of(engine, sorted(wanted), sorted(TOLD))
            namings |= {iri: _naming(iri, values) for iri, values in found.items()}
        return cls(namings)

    def of(self, iri: str) -> Naming:
        """What names a thing; of one that was not asked for only its IRI."""
        known = self.namings.get(iri)
        if known is None:
            known = self.namings[iri] = _naming(iri, {})
        return known

    def ref(self, iri: str) -> Ref:
        """How to name a thing; always something, at worst the end of its IRI."""
        return self.of(iri).ref

    def call(self, iri: str, name: str) -> None:
        """Name a thing that has no name of its own."""
        self.namings[iri] = replace(self.of(iri), ref=Ref(iri, name, kind=kind_of(iri)))

    def sorted(self, iris: Iterable[str]) -> tuple[Ref, ...]:
        """Things by label."""
        return tuple(sorted(map(self.ref, iris), key=attrgetter("order")))

    def naming(self, things: Iterable[NamedNode]) -> Iterator[Triple]:
        """Type and name of each thing as the graph has them; of the properties that name it, the
        first that it has."""
        for thing in things:
            known = self.of(thing.value)
            for kind in known.types:
                yield Triple(thing, _RDF_TYPE, NamedNode(kind))
            for name in known.names:
                yield Triple(thing, NamedNode(known.named_by), name)

    def property(self, iri: str) -> Ref:
        """How to name a property: its label, or its local name as words."""
        known = self.of(iri)
        if known.names:
            return known.ref
        return Ref(iri=iri, label=words(known.ref.label), kind=known.ref.kind)


def _look_up(lookups: Lookups, memory: dict[str, Naming], iri: str) -> Naming:
    """The naming of a thing, kept for the next page unless it is part of one programme."""
    wanted = _OF_THINGS if iri.startswith(_PROJECT) else _OF_TERMS
    known = _naming(iri, lookups.values(NamedNode(iri), *wanted))
    if not iri.startswith(OF_ONE_PROGRAMME):
        memory[iri] = known
    return known


def _naming(iri: str, values: Mapping[str, Iterable[Term]]) -> Naming:
    names: list[Literal] = []
    named_by = ""
    for named_by in NAMING:
        if named_by in values and (names := _names(values[named_by])):
            break
    acronym = _text(values, _ACRONYM)
    label = choose(names)
    if label is None:
        ref = Ref(iri, local_name(iri), kind=kind_of(iri), acronym=acronym)
    else:
        text = plain(label.value, label.datatype.value)
        language = label.language or ""
        ref = Ref(iri, said(text, language), language, kind_of(iri), acronym)
    return Naming(
        names=tuple(names),
        types=tuple(sorted(iris_of(values, _TYPE))),
        named_by=named_by,
        comment=_text(values, _COMMENT),
        coded=_CODED in iris_of(values, _BASIS),
        ref=ref,
    )


def _names(terms: Iterable[Term]) -> list[Literal]:
    """The literals that can be read: a name without any sign is none."""
    found = [term for term in terms if isinstance(term, Literal)]
    return [name for name in found if has_sign(plain(name.value, name.datatype.value))]


def _text(values: Mapping[str, Iterable[Term]], about: str) -> str:
    chosen = choose(values.get(about, ()))
    return plain(chosen.value, chosen.datatype.value) if chosen is not None else ""
