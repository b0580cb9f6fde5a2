"""The pages of shared things: concepts, organisations, places, sources; the same bones for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import NamedNode

from hsgraph.describe.document import Document
from hsgraph.describe.entity import IN_HEAD, EntityView, Group, Links, bones, grouped, incoming
from hsgraph.describe.facts import Facts, Passage
from hsgraph.describe.labels import Labels, Ref
from hsgraph.describe.programmes import Programmes, programmes_of
from hsgraph.describe.queries import query
from hsgraph.engine.protocol import Engine, Row
from hsgraph.namespaces import HS, SKOS

SHOWN: Final = 15
"""Counted things that one list shows."""

ROWS: Final = 20
"""Rows of a table of what was tried."""

_HEADINGS: Final = {
    "country": "Where",
    "threat-type": "Against which threats",
    "intervention-type": "With which interventions",
    "organisation": "With whom",
    "population-group": "For whom",
    "drives": "What it drives",
    "driven-by": "What drives it",
    "affected": "Who is affected",
    "place": "Where it was seen",
}


@dataclass(frozen=True)
class Counted:
    """A thing and the number of programmes that share it with the page's thing."""

    ref: Ref
    count: int


@dataclass(frozen=True)
class Facet:
    """Things of one sort, most frequent first; `more` counts those left out.

    `listed` says that a list of programmes filtered by both things has just these programmes;
    what a threat drives or whom it affects is said of the threat, not of the whole programme.
    """

    name: str
    heading: str
    listed: bool
    values: tuple[Counted, ...]
    more: int


@dataclass(frozen=True)
class Tried:
    """One row of what was tried: a type, the programmes, the settings, the groups."""

    type: Ref
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
    """A thing that programmes share."""

    scheme: Ref | None
    dimensions: tuple[Ref, ...]
    broader: tuple[Ref, ...]
    narrower: tuple[Ref, ...]
    groups: tuple[Group, ...]
    programmes: Programmes
    facets: tuple[Facet, ...]
    tried: tuple[Tried, ...]
    tried_more: int
    tried_heading: str
    supports: tuple[Support, ...]
    supports_more: bool
    links: tuple[Links, ...]


_OF_PROGRAMMES: Final = frozenset(
    {"country", "organisation", "threat-type", "intervention-type", "population-group"}
)
_TABLES: Final = {
    "threat-type": ("tried_against", "What has been tried against it"),
    "intervention-type": ("used_against", "What it has been used against"),
}
_SHOWN_ELSEWHERE: Final = frozenset(
    {
        SKOS + "broader",
        SKOS + "narrower",
        SKOS + "inScheme",
        SKOS + "topConceptOf",
        HS + "dimension",
    }
)


def shared(engine: Engine, document: Document, facts: Facts) -> SharedView:
    """Read the page of a concept, organisation, place or source."""
    iri = document.iri
    values: dict[str, Any] = bones(facts)
    table, heading = _TABLES.get(values["kind"], ("", ""))
    narrower = dict.fromkeys(
        [*facts.iris(iri, SKOS + "narrower"), *_from(document, SKOS + "broader")]
    )
    tried_rows = _rows(engine, table, iri) if table else ()
    facets = _by_facet(_rows(engine, "counts", iri), iri)
    if values["kind"] == "threat-type":
        facets = {name: facets[name] for name in facets if name in ("country", "organisation")}
        facets |= _by_facet(_rows(engine, "threat_links", iri), iri)
    cited = _rows(engine, "supports", iri) if HS + "Source" in _types(facts, iri) else ()
    labels = _labels(engine, (*tried_rows, *cited), facets)
    classes = Labels.fetch(engine, {t for types in labels.types.values() for t in types})
    grouped_properties = grouped(engine, facts, IN_HEAD | _SHOWN_ELSEWHERE)
    values["sources"] = tuple(facts.ref(source) for source in facts.cited)
    tried = _tried(tried_rows, labels)
    supports = _supports(cited, labels, classes)
    return SharedView(
        **values,
        scheme=next(iter(facts.refs(iri, SKOS + "inScheme")), None),
        dimensions=facts.refs(iri, HS + "dimension"),
        broader=facts.refs(iri, SKOS + "broader"),
        narrower=tuple(facts.ref(n) for n in facts.ordered(narrower)),
        groups=grouped_properties,
        programmes=programmes_of(engine, iri),
        facets=_facets(facets, labels),
        tried=tried[:ROWS],
        tried_more=max(0, len(tried) - ROWS),
        tried_heading=heading,
        supports=supports[:200],
        supports_more=len(supports) > 200,
        links=incoming(facts, document, frozenset({SKOS + "broader", SKOS + "narrower"})),
    )


def _rows(engine: Engine, name: str, iri: str) -> tuple[Row, ...]:
    return engine.select(query(name), {"thing": NamedNode(iri)}).rows


def _labels(
    engine: Engine, rows: tuple[Row, ...], facets: dict[str, list[tuple[int, str]]]
) -> Labels:
    """The names of everything that the page shows of these, by one query."""
    things = {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}
    things |= {value for values in facets.values() for _, value in values[:SHOWN]}
    return Labels.fetch(engine, things)


def _types(facts: Facts, iri: str) -> tuple[str, ...]:
    return facts.labels.types.get(iri, ())


def _from(document: Document, predicate: str) -> tuple[str, ...]:
    return next((link.subjects for link in document.incoming if link.predicate == predicate), ())


def _by_facet(rows: Iterable[Row], iri: str) -> dict[str, list[tuple[int, str]]]:
    """The values of each facet with their counts, most frequent first, without the thing itself."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        if "facet" in row and row["value"].value != iri:
            found[row["facet"].value].append((int(row["count"].value), row["value"].value))
    return {name: sorted(values, key=lambda v: (-v[0], v[1])) for name, values in found.items()}


def _facets(found: dict[str, list[tuple[int, str]]], labels: Labels) -> tuple[Facet, ...]:
    return tuple(
        Facet(
            name,
            heading,
            name in _OF_PROGRAMMES,
            tuple(_most(Counted(labels.ref(v), n) for n, v in found[name][:SHOWN])),
            max(0, len(found[name]) - SHOWN),
        )
        for name, heading in _HEADINGS.items()
        if name in found
    )


def _most(counted: Iterable[Counted]) -> list[Counted]:
    return sorted(counted, key=lambda c: (-c.count, c.ref.label.casefold(), c.ref.iri))


def _tried(rows: tuple[Row, ...], labels: Labels) -> tuple[Tried, ...]:
    cells: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for name, term in row.items():
            cells[row["row"].value][name].add(term.value)

    def refs(row: str, *columns: str) -> tuple[Ref, ...]:
        found = {labels.ref(iri) for column in columns for iri in cells[row][column]}
        return tuple(sorted(found, key=lambda ref: (ref.label.casefold(), ref.iri)))

    table = [
        Tried(
            labels.ref(row),
            refs(row, "project"),
            refs(row, "strategy"),
            refs(row, "near", "country"),
            refs(row, "affected", "benefiting"),
        )
        for row in cells
    ]
    table.sort(key=lambda t: (-len(t.programmes), t.type.label.casefold(), t.type.iri))
    return tuple(table)


def _supports(rows: tuple[Row, ...], labels: Labels, classes: Labels) -> tuple[Support, ...]:
    passages: dict[str, dict[str, Passage]] = defaultdict(dict)
    said: dict[str, Row] = {}
    for row in rows:
        node, evidence = row["node"].value, row["evidence"].value
        quote = row["quote"].value if "quote" in row else ""
        page = row["page"].value.replace("=", " ") if "page" in row else ""
        passages[node][evidence] = Passage(labels.ref(evidence), quote, page)
        said[node] = row
    return tuple(
        _support(node, said[node], tuple(passages[node].values()), labels, classes) for node in said
    )


def _support(
    node: str, row: Row, passages: tuple[Passage, ...], labels: Labels, classes: Labels
) -> Support:
    if "predicate" not in row:
        types = labels.types.get(node, ())
        return Support(
            labels.ref(node), None, classes.ref(types[0]).label if types else "", passages
        )
    value = row["object"]
    text = labels.ref(value.value).label if isinstance(value, NamedNode) else value.value
    return Support(
        labels.ref(row["subject"].value),
        labels.property(row["predicate"].value),
        text,
        passages,
    )
