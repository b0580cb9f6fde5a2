"""The classes of an ontology as cards: what their things have, how often, and one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.entity.reference import anchor_of, definitions, text
from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key, iris_of, per_version, texts
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Term
from hsgraph.errors import UnknownEntity
from hsgraph.namespaces import DATASET, HS, OWL, PREFIXES, RDF, RDFS, SKOS, compact, local_name

_ASKED: Final = 5
"""Properties that the query about a class asks for."""
_GENERAL: Final = 4
"""A class with more kinds than these is there for what they share."""
_SKIPPED: Final = frozenset({RDF + "type", SKOS + "prefLabel"})
_NAMED: Final = ("thing", "label")
"""Variables of that query besides those named as properties are."""
_PREFIX: Final = "PREFIX {}: <{}>"
_LABEL: Final = '  OPTIONAL { ?thing skos:prefLabel ?label FILTER (LANG(?label) IN ("en", "")) }'


@dataclass(frozen=True)
class Use:
    """A property of a class: how many of its things have it, and what it leads to.

    `own` says that the ontology defines it for this class; `anchor` is where the page tells of it,
    `name` how a query writes it, where a prefix is known for it.
    """

    property: Ref
    used: int
    to: tuple[Ref, ...]
    own: bool
    anchor: str
    name: str


@dataclass(frozen=True)
class Card:
    """A class of the ontology's own; `above` and `below` are its nearest classes here."""

    ref: Ref
    definition: str
    above: tuple[Ref, ...]
    below: tuple[Ref, ...]
    count: int
    example: Ref | None
    uses: tuple[Use, ...]
    query: str

    @property
    def general(self) -> bool:
        """Whether the class only says what its many kinds share."""
        return len(self.below) > _GENERAL

    @property
    def anchor(self) -> str:
        return local_name(self.ref.iri)


_Terms = Mapping[str, Mapping[str, list[Term]]]
_Counted = Sequence[Mapping[str, str]]
"""What the description of the dataset counts of a class, a row for each property and target."""


@per_version(2, by_reader=True)
def model(engine: Engine, graph: str) -> tuple[Card, ...]:
    """The cards of the classes that a graph of definitions has of its own, the richest first."""
    terms = definitions(engine, graph)
    classes = [
        iri
        for iri, said in terms.items()
        if iri.startswith(HS) and OWL + "Class" in iris_of(said, RDF + "type")
    ]
    rows = [*texts(engine, query("class_uses"), {"dataset": NamedNode(DATASET)})]
    counted = by_key((row["class"], row) for row in rows)
    named = {"classes": [NamedNode(iri) for iri in classes]}
    found = texts(engine, query("class_examples"), named)
    examples = {row["class"]: row["example"] for row in found if "example" in row}
    targets = {row["to"] for row in rows if "to" in row}
    labels = Labels.fetch(engine, {*classes, *terms, *examples.values(), *targets})
    cards = (_card(iri, classes, terms, counted, examples, labels) for iri in classes)
    return tuple(sorted(cards, key=lambda card: (-sum(u.own for u in card.uses), card.ref.order)))


def query_about(engine: Engine, graph: str, name: str) -> str:
    """A query for things of a class with what most of them have. Raises `UnknownEntity`."""
    found = next((card for card in model(engine, graph) if card.anchor == name), None)
    if found is None:
        raise UnknownEntity(f"The ontology has no class called {name[:100]}.")
    return found.query


def _card(
    iri: str,
    classes: Collection[str],
    terms: _Terms,
    counted: Mapping[str, _Counted],
    examples: Mapping[str, str],
    labels: Labels,
) -> Card:
    here = counted.get(iri, ())
    below = [each for each in classes if iri in iris_of(terms[each], RDFS + "subClassOf")]
    uses = _uses(iri, here, terms, labels)
    if len(below) > _GENERAL:
        uses = tuple(use for use in uses if use.own)
    example = examples.get(iri)
    return Card(
        ref=labels.ref(iri),
        definition=text(terms[iri], (RDFS + "comment",)),
        above=labels.sorted(iris_of(terms[iri], RDFS + "subClassOf") & {*classes}),
        below=labels.sorted(below),
        count=int(here[0]["entities"]) if here else 0,
        example=labels.ref(example) if example else None,
        uses=uses,
        query=_query(iri, uses),
    )


def _uses(iri: str, here: _Counted, terms: _Terms, labels: Labels) -> tuple[Use, ...]:
    """What is used, without the wider properties that follow; and what is defined for the class."""
    defined = {each for each, said in terms.items() if iri in iris_of(said, RDFS + "domain")}
    subjects = {row["property"]: int(row["subjects"]) for row in here}
    targets = by_key((row["property"], row["to"]) for row in here if "to" in row)
    names = (subjects.keys() | defined) - _SKIPPED
    wider = {w for each in names for w in iris_of(terms.get(each, {}), RDFS + "subPropertyOf")}
    found = []
    for each in names - wider | defined:
        ranges = iris_of(terms.get(each, {}), RDFS + "range")
        to = ranges or {kind for kind in targets.get(each, ()) if kind.startswith(HS)}
        used = subjects.get(each, 0)
        within = {kind for kind in to if to & iris_of(terms.get(kind, {}), RDFS + "subClassOf")}
        refs = tuple(sorted(map(labels.property, to - within), key=lambda ref: ref.order))
        anchor = anchor_of(each) if each in terms else ""
        found.append(Use(labels.property(each), used, refs, each in defined, anchor, compact(each)))
    return tuple(sorted(found, key=lambda use: (-use.used, use.property.order)))


def _query(iri: str, uses: Iterable[Use]) -> str:
    """A query for things of a class; properties that no prefix or variable can name are left."""
    named: dict[str, str] = {}
    for use in sorted((use for use in uses if use.used), key=lambda use: not use.own):
        name, short = local_name(use.property.iri), compact(use.property.iri)
        if short != use.property.iri and name.isidentifier() and name not in _NAMED:
            named.setdefault(name, short)
    asked = dict(islice(named.items(), _ASKED))
    lines = [f"  OPTIONAL {{ ?thing {short} ?{name} }}" for name, short in asked.items()]
    used = {"skos", *(short.partition(":")[0] for short in (compact(iri), *asked.values()))}
    prefixes = [_PREFIX.format(p, PREFIXES[p]) for p in sorted(used & PREFIXES.keys())]
    variables = " ".join(f"?{name}" for name in (*_NAMED, *asked))
    head = ["", f"SELECT {variables}", "WHERE {", f"  ?thing a {compact(iri)} ."]
    return "\n".join([*prefixes, *head, _LABEL, *lines, "}", "LIMIT 100", ""])
