"""Finds the things that a name may mean, best first, with the reasons for their order.

Names are found by the search of the graph, and among all things of the type asked for if these are
few, and then compared. The score, 0 to 100, is how alike the names are and, with properties, how
many of them fit; features tell both. A candidate is a sure match when its name is the same, no
other's is, and all properties given fit.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from hsgraph import namespaces as ns
from hsgraph.build.index.words import fold
from hsgraph.build.queries import with_those_below
from hsgraph.describe.values import (
    Values,
    by_key,
    iris_of,
    kept_of,
    per_version,
    values_of,
)
from hsgraph.describe.values import texts as text_rows
from hsgraph.describe.words.labels import Labels, choose
from hsgraph.engine.protocol import Engine, Row, Term
from hsgraph.literals import has_sign, plain
from hsgraph.reconcile import queries
from hsgraph.reconcile.names import forms, likeness, parts, rough, same, searched
from hsgraph.reconcile.schema import Item, members
from hsgraph.reconcile.values import Condition, fitting

if TYPE_CHECKING:
    from hsgraph.graph import KnowledgeGraph

LIMIT: Final = 10
_MOST: Final = 50
_POOL: Final = 60
_POOL_OF_TYPE: Final = 2000
_COMPARED: Final = 24
"""Things whose names are compared letter by letter, those first that share most with the text."""
_LEAST: Final = 0.45
_PROPERTY_SHARE: Final = 0.4
_SURE: Final = 95.0
_ADDRESS: Final = re.compile(r"\s*<?(?:https?://|urn:)\S+\s*$", re.IGNORECASE)
_TYPE, _SCHEME = ns.RDF + "type", ns.SKOS + "inScheme"
_NAMES: Final = (*ns.NAMING, *ns.OTHER_NAMES, *ns.CODES)
_TEXTS: Final = ns.DESCRIPTIONS[:2]
Features = tuple[tuple[str, str, float | bool], ...]
"""Numbers and truths: the id of each, what it says, and its value."""


@dataclass(frozen=True)
class Query:
    """What to find: a name, of one of some types, with some properties."""

    text: str = ""
    types: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limit: int = LIMIT


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, and why: features are numbers and truths by name."""

    iri: str
    name: str
    description: str
    types: tuple[Item, ...]
    score: float
    match: bool
    features: Features


@dataclass(frozen=True)
class _Thing:
    iri: str
    names: list[Literal]
    labels: list[Literal]
    types: set[str]
    schemes: set[str]
    identifiers: set[str]
    description: str

    @classmethod
    def of(
        cls, iri: str, values: Values, names: frozenset[str], identifiers: Sequence[Row]
    ) -> _Thing:
        """From what is said of it and of its identifiers.

        `names` are the properties that name things; without a label a thing of others is called
        by the end of its IRI, as on its page.
        """
        called = [
            (about, Literal(text, language=language))
            for about in values
            if about in names
            for text, language in _texts(values[about])
            if has_sign(text)
        ]
        naming = [about for about, _ in called]
        codes = [Literal(text) for row in identifiers for text, _ in _texts([row["code"]])]
        best = next((about for about in ns.NAMING if about in naming), "")
        labels = [name for about, name in called if about == best]
        if not labels and not iri.startswith(ns.BASE):
            labels = [Literal(ns.local_name(iri))]
        return cls(
            iri,
            names=[*dict.fromkeys([*labels, *(name for _, name in called), *codes])],
            labels=labels,
            types=iris_of(values, _TYPE),
            schemes=iris_of(values, _SCHEME),
            identifiers={row["identifier"].value for row in identifiers},
            description=next((t for p in _TEXTS for t, _ in _texts(values.get(p, ()))), ""),
        )


_Scored = tuple[float, int, _Thing, Features]
"""A thing with its score before it, and how nearly its name is that which was given."""


def _texts(terms: Sequence[Term]) -> Iterator[tuple[str, str | None]]:
    """Literals as plain text, with their languages."""
    for term in terms:
        if isinstance(term, Literal):
            yield plain(term.value, term.datatype.value), term.language


def match(graph: KnowledgeGraph, query: Query) -> tuple[Candidate, ...]:
    """The candidates for a query, best first."""
    engine = graph.engine
    if not query.text and not query.conditions:
        return ()
    if _ADDRESS.match(query.text):
        known = graph.search(query.text, limit=1).results
        if not known:
            return ()
        query = replace(query, text=known[0].iri)
    texts = forms(query.text, _acronyms(graph)) if query.text else ()
    allowed = members(engine, query.types) if query.types else frozenset[str]()
    things = _things(graph, _pool(graph, query, texts, allowed))
    if allowed:
        things = [thing for thing in things if allowed & (thing.types | thing.schemes)]
    if query.text and len(things) > _COMPARED:
        wanted = [parts(text) for text in texts]
        things = heapq.nlargest(
            _COMPARED, things, key=lambda t: rough(wanted, [parts(n.value) for n in t.names])
        )
    fitted = fitting(engine, [thing.iri for thing in things], query.conditions)
    ranked = []
    for thing in things:
        fits = fitted.get(thing.iri, {})
        if all(fits.get(n, False) for n, c in enumerate(query.conditions) if c.required):
            ranked.append(_scored(thing, query, texts, fits))
    ranked = [each for each in ranked if each[0] >= 100 * _LEAST]
    ranked.sort(key=lambda each: (-each[0], -each[1], each[2].iri))
    identified = {iri: each[0] for each in reversed(ranked) for iri in each[2].identifiers}
    ranked = [each for each in ranked if each[0] > identified.get(each[2].iri, 0.0)]
    return _candidates(engine, ranked, query)


def _pool(
    graph: KnowledgeGraph, query: Query, texts: Sequence[str], allowed: frozenset[str]
) -> list[str]:
    """The things worth comparing: what the search finds, and all of a small type."""
    found: dict[str, None] = {}
    if _ADDRESS.match(query.text):
        return [query.text]
    for text in searched(texts):
        for hit in graph.search(text, limit=_POOL).results:
            found[hit.iri] = None
    if allowed and texts:
        wanted = [parts(text) for text in texts]
        ranked = (
            (max(len(each & known) / (len(each) + len(known)) for each in wanted), iri)
            for known, iri in _of_type(graph, allowed)
        )
        found |= dict.fromkeys(iri for _, iri in heapq.nlargest(_POOL, ranked))
    if not query.text and query.conditions:
        values = [value for c in query.conditions for value in c.values]
        parameters: dict[str, list[Term]] = {
            "properties": [NamedNode(c.property) for c in query.conditions],
            "values": [Literal(v) for v in sorted({*values, *map(str.lower, values)})],
        }
        text = f"{queries.query('with_value')} LIMIT {_POOL:d}"
        rows = graph.engine.select(text, parameters).rows
        found |= dict.fromkeys(row["thing"].value for row in rows)
    return list(found)


@per_version(32)
def _of_type(
    graph: KnowledgeGraph, allowed: frozenset[str]
) -> tuple[tuple[frozenset[str], str], ...]:
    """The letters of every name of the things of some types; nothing when these are too many."""
    types = [NamedNode(iri) for iri in sorted(allowed)]
    text = f"{queries.query('of_type')} LIMIT {_POOL_OF_TYPE:d}"
    rows = graph.engine.select(text, {"types": types}).rows
    if len(rows) >= _POOL_OF_TYPE:
        return ()
    things = _things(graph, [row["thing"].value for row in rows])
    return tuple((parts(name.value), thing.iri) for thing in things for name in thing.names)


def _things(graph: KnowledgeGraph, iris: list[str]) -> list[_Thing]:
    """Those of some things that have names; kept where the data is in this process."""
    names = _with_those_below(graph, _NAMES)
    about = [_TYPE, _SCHEME, *_TEXTS, *sorted(names)]
    memory: dict[str, _Thing] = kept_of(graph.engine, "reconcile")
    missing = [iri for iri in iris if iri not in memory]
    identifiers = _identifiers(graph, missing)
    for iri, values in values_of(graph.engine, missing, about).items():
        memory[iri] = _Thing.of(iri, values, names, identifiers.get(iri, ()))
    return [memory[iri] for iri in iris if memory[iri].names]


def _identifiers(graph: KnowledgeGraph, iris: list[str]) -> Mapping[str, Sequence[Row]]:
    """By thing its identifiers, which may have no IRI, and their codes."""
    codes = _with_those_below(graph, ns.CODES_OF_IDENTIFIERS)
    parameters: dict[str, list[Term]] = {
        "things": [NamedNode(iri) for iri in iris],
        "properties": [NamedNode(iri) for iri in sorted(codes)],
    }
    rows = graph.engine.select(queries.query("identifiers"), parameters).rows if iris else ()
    return by_key((row["thing"].value, row) for row in rows)


@per_version(4)
def _with_those_below(graph: KnowledgeGraph, properties: tuple[str, ...]) -> frozenset[str]:
    """Properties, and those that are made for the same in the graph."""
    return frozenset(with_those_below(partial(text_rows, graph.engine), properties))


def _scored(thing: _Thing, query: Query, texts: Sequence[str], fits: dict[int, bool]) -> _Scored:
    names = [name.value for name in thing.names]
    alike = likeness(texts, names) if query.text else 1.0
    if query.text and query.text == thing.iri:
        alike = 1.0
    share = sum(fits.values()) / len(query.conditions) if query.conditions else 1.0
    weight = _PROPERTY_SHARE if query.conditions and query.text else float(not query.text)
    score = 100 * ((1 - weight) * alike + weight * share)
    is_same = query.text.strip() == thing.iri or any(same(query.text, name) for name in names)
    features: list[tuple[str, str, float | bool]] = []
    if query.text:
        features.append(("name_likeness", "How alike the names are", round(100 * alike, 1)))
        features.append(("same_name", "Whether the name is the same", is_same))
    if query.conditions:
        features.append(("properties_fit", "How many of the properties fit", round(100 * share, 1)))
    if query.types:
        features.append(("type_fits", "Whether the type fits", True))
    exactly = sum(name == query.text.strip() for name in names)
    return round(score, 1), 2 * exactly + is_same, thing, tuple(features)


def _candidates(engine: Engine, ranked: list[_Scored], query: Query) -> tuple[Candidate, ...]:
    shown = ranked[: max(1, min(query.limit, _MOST))]
    labels = Labels.fetch(engine, {t for _, _, thing, _ in shown for t in thing.types})
    sure = [each for each in ranked if each[0] >= _SURE and (not query.text or each[1])]
    certain = sure[0][2].iri if len(sure) == 1 and sure[0] is ranked[0] else ""
    return tuple(
        Candidate(
            iri=thing.iri,
            name=(choose(thing.labels or thing.names) or thing.names[0]).value,
            description=thing.description,
            types=tuple(Item(t, labels.ref(t).label) for t in sorted(thing.types)),
            score=score,
            match=thing.iri == certain,
            features=features,
        )
        for score, _, thing, features in shown
    )


@per_version(2)
def _acronyms(graph: KnowledgeGraph) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in graph.engine.select(queries.query("acronyms")).rows:
        found.setdefault(fold(row["acronym"].value), row["name"].value)
    return found
