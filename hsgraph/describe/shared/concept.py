"""The pages of shared things: concepts, organisations, places, sources, in one outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.documents.incoming import incoming_links
from hsgraph.describe.entity.entity import (
    IN_HEAD,
    EntityView,
    Group,
    Links,
    common,
    grouped,
    incoming,
)
from hsgraph.describe.entity.facts import Facts, Passage
from hsgraph.describe.queries import query
from hsgraph.describe.shared.aggregates import Counts, Shared, Tried
from hsgraph.describe.shared.programme_lists import Programmes, programmes_of
from hsgraph.describe.shared.stated import at_words, passages
from hsgraph.describe.values import by_key, texts, values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.describe.words.nameless import STATEMENT, precisions
from hsgraph.describe.words.wording import date
from hsgraph.engine.protocol import Engine
from hsgraph.languages import later, translated
from hsgraph.namespaces import HS, OA, SCHEMA, SKOS

ROWS: Final = 8
"""Rows of a table of what was tried."""
SUPPORTS: Final = 50
"""Facts that the page of a source lists."""
CITED: Final = 76
"""Citations that are read for it: a fact may cite a source several times."""
_SOURCE: Final = OA + "hasSource"
_HEADINGS: Final = {
    "country": later("Where"),
    "threat-type": later("Against which threats"),
    "intervention-type": later("With which interventions"),
    "organisation": later("With whom"),
    "population-group": later("For whom"),
    "drives": later("What it drives"),
    "driven-by": later("What drives it"),
    "affected": later("Who is affected"),
    "place": later("Where it was seen"),
}
_HEADINGS_OF: Final = {
    "place": {"country": later("Also in"), "organisation": later("Who takes part")},
    "organisation": {"organisation": later("Partners")},
}
"""Headings that say more on the pages of one kind."""


@dataclass(frozen=True)
class Facet:
    """Things of one sort with their numbers of programmes; `more` counts those left out.

    `listed` says that a list of programmes filtered by both things has just these programmes;
    what a threat drives or whom it affects is said of the threat, not of the whole programme.
    """

    name: str
    heading: str
    listed: bool
    values: tuple[tuple[Ref, int], ...]
    more: int


@dataclass(frozen=True)
class Met:
    """A type that this one was met with: how many programmes, the first of them, the settings."""

    type: Ref
    count: int
    programmes: tuple[Ref, ...]
    strategies: tuple[Ref, ...]
    places: tuple[Ref, ...]
    groups: tuple[Ref, ...]


@dataclass(frozen=True)
class Support:
    """A fact that a source supports: what it is about, what it says, and the words cited."""

    about: Ref
    property: Ref | None
    value: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class SharedView(EntityView):
    """A thing that programmes share.

    `total` counts them; `address` is where a source can be read. `schemes` tells the vocabulary of
    each concept that is related and of another vocabulary.
    """

    scheme: Ref | None
    schemes: Mapping[str, Ref]
    dimensions: tuple[Ref, ...]
    broader: tuple[Ref, ...]
    narrower: tuple[Ref, ...]
    groups: tuple[Group, ...]
    programmes: Programmes
    total: int
    address: str
    facets: tuple[Facet, ...]
    tried: tuple[Met, ...]
    tried_more: int
    tried_heading: str
    supports: tuple[Support, ...]
    supports_more: bool
    links: tuple[Links, ...]


_OF_THREAT_TYPE: Final = ("country", "organisation", "drives", "driven-by", "affected", "place")
_OF_PROGRAMMES: Final = frozenset(
    {"country", "organisation", "threat-type", "intervention-type", "population-group"}
)
_TABLES: Final = {
    "threat-type": later("What has been tried against it"),
    "intervention-type": later("What it has been used against"),
}
_IN_SCHEME: Final = SKOS + "inScheme"
_OF_SCHEMES: Final = (_IN_SCHEME, SKOS + "topConceptOf")
_HIERARCHY: Final = (SKOS + "broader", SKOS + "narrower")


def shared(facts: Facts, all_of_it: Shared) -> SharedView:
    """Read the page of a concept, organisation, place or source."""
    document = facts.document
    engine, iri = document.engine, document.iri
    view = common(facts)
    heading = _TABLES.get(view.kind, "")
    narrower = set(facts.iris(iri, SKOS + "narrower"))
    for link in document.incoming:
        if link.predicate == SKOS + "broader":
            narrower |= set(link.subjects)
    met = all_of_it.tried(iri, partial(_most_tried, engine)) if heading else Tried()
    is_source = HS + "Source" in facts.labels.of(iri).types
    facets = {} if is_source else all_of_it.facets(iri)
    if view.kind == "threat-type":
        facets = {name: facets[name] for name in _OF_THREAT_TYPE if name in facets}
    shown = {iri for counts in facets.values() for iri, _ in counts.values}
    shown |= {iri for row in met.rows for each in ([row.type], *row.sets) for iri in each}
    labels = Labels.fetch(engine, shown)
    supports = _supports(engine, iri, all_of_it) if is_source else ()
    scheme = next((ref for about in _OF_SCHEMES for ref in facts.refs(iri, about)), None)
    elsewhere = {a for a in _OF_SCHEMES if scheme and facts.iris(iri, a) in ([], [scheme.iri])}
    elsewhere |= {a for a in _HIERARCHY if len(facts.iris(iri, a)) == len(facts.objects(iri, a))}
    return SharedView(
        **vars(replace(view, sources=facts.sources)),
        scheme=scheme,
        schemes=_schemes(engine, facts.iris(iri, SKOS + "related"), scheme),
        dimensions=facts.refs(iri, HS + "usualDimension"),
        broader=facts.refs(iri, SKOS + "broader"),
        narrower=facts.labels.sorted(narrower),
        groups=grouped(facts, IN_HEAD | elsewhere | {HS + "usualDimension"}),
        programmes=programmes_of(engine, all_of_it.programmes(iri)),
        facets=_facets(facets, labels, iri, _HEADINGS_OF.get(view.kind, {})),
        total=all_of_it.total(iri),
        address=at_words(facts.iri(iri, SCHEMA + "url"), ""),
        tried=tuple(Met(labels.ref(t), n, *map(labels.sorted, sets)) for t, n, sets in met.rows),
        tried_more=met.total - len(met.rows),
        tried_heading=translated(heading),
        supports=supports[:SUPPORTS],
        supports_more=len(supports) > SUPPORTS,
        links=incoming(facts, frozenset({SKOS + "broader", SKOS + "narrower"})),
    )


def _schemes(engine: Engine, concepts: Iterable[str], own: Ref | None) -> dict[str, Ref]:
    """The vocabulary of each concept that is of another than `own`."""
    found = {
        concept: scheme.value
        for concept, values in values_of(engine, concepts, [_IN_SCHEME]).items()
        for scheme in values.get(_IN_SCHEME, ())
        if own is None or scheme.value != own.iri
    }
    labels = Labels.fetch(engine, set(found.values()))
    return {concept: labels.ref(scheme) for concept, scheme in found.items()}


def _facets(
    found: Mapping[str, Counts], labels: Labels, own: str, headings: Mapping[str, str]
) -> tuple[Facet, ...]:
    """The facets of a page, without the fund that gives to all.

    What drives a threat of the same type says nothing about types.
    """
    skipped = {own, *(iri for iri, known in labels.namings.items() if HS + "Fund" in known.types)}
    facets = []
    for name in (name for name in _HEADINGS if name in found):
        heading = translated(headings.get(name, _HEADINGS[name]))
        values = [(labels.ref(i), n) for i, n in found[name].values if i not in skipped]
        values.sort(key=lambda each: (-each[1], each[0].order))
        facets.append(Facet(name, heading, name in _OF_PROGRAMMES, tuple(values), found[name].more))
    return tuple(facets)


def _most_tried(engine: Engine, counts: Mapping[str, int]) -> list[str]:
    """The first rows of what was tried: those of most programmes, then by label."""
    labels = Labels.fetch(engine, counts)
    refs = sorted(map(labels.ref, counts), key=lambda ref: (-counts[ref.iri], ref.order))
    return [ref.iri for ref in refs[:ROWS]]


def _supports(engine: Engine, iri: str, all_of_it: Shared) -> tuple[Support, ...]:
    """The facts that cite a source; of one cited very often, those of the first citations."""
    hub = all_of_it.links(iri) or {_SOURCE: (0, ())}
    found = hub[_SOURCE][1] or [
        each
        for link in incoming_links(engine, NamedNode(iri), CITED, only=_SOURCE)
        for each in link.subjects
    ]
    bound = {"evidence": [NamedNode(each) for each in found]}
    rows = texts(engine, query("supports"), bound) if found else ()
    by_node = by_key((row["node"], row["evidence"]) for row in rows)
    shown = dict(islice(by_node.items(), SUPPORTS + 1))
    told = values_of(engine, shown, STATEMENT)
    terms = {term for values in told.values() for each in values.values() for term in each}
    labels = Labels.fetch(engine, {*shown, *terms})
    types = {node: labels.of(node).types[:1] for node in shown}
    classes = Labels.fetch(engine, {each for found in types.values() for each in found})
    exact = precisions(engine, told)
    cited = passages(engine, labels, {each for found in shown.values() for each in found})
    supports = []
    for node, evidence in shown.items():
        there, values = tuple(cited[each] for each in evidence), told[node]
        if len(values) < len(STATEMENT):
            text = ", ".join(classes.ref(each).label for each in types[node])
            supports.append(Support(labels.ref(node), None, text, there))
            continue
        subject, predicate, value = (values[each][0] for each in STATEMENT)
        text = (
            labels.ref(value.value).label
            if isinstance(value, NamedNode)
            else date(value.value, exact.get(node, "day"))
        )
        about = labels.ref(subject.value)
        supports.append(Support(about, labels.property(predicate.value), text, there))
    return tuple(supports)
