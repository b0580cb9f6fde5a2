"""What every page about a thing shows: its names, its properties in groups, what links to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.entity.facts import Fact, Facts, Mark
from hsgraph.describe.entity.nested import nested, remarks
from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key, kept_of
from hsgraph.describe.words.labels import Ref, choose, chosen, kind_of, words
from hsgraph.describe.words.nameless import LITERAL_FORM, name_by_what_they_say
from hsgraph.engine.protocol import Engine
from hsgraph.languages import later, reader, said, told
from hsgraph.languages import translated as _
from hsgraph.literals import real
from hsgraph.namespaces import BASE, DCTERMS, HS, OA, OWL, RDF, RDFS, SKOS, SKOSXL, member

_VALUES: Final = 50
"""Values of a property, or remarks, that a page shows at once."""
NAMES_IN_HEAD: Final = 8
"""Other names that the head of a page lists."""
IN_HEAD: Final = frozenset(
    {RDF + "type", DCTERMS + "description"}
    | {SKOS + name for name in ("prefLabel", "altLabel", "definition", "editorialNote")}
    | {HS + name for name in ("acronym", "evidence", "partOf")}
    | {f"{HS}{name}Precision" for name in ("start", "end", "announced", "approved", "date")}
)
"""Properties that the head of a page or another property already shows."""

_ONE_IN_HEAD: Final = (SKOS + "prefLabel", DCTERMS + "description", SKOS + "definition")
"""Of these the head shows one value."""
_INDIVIDUAL: Final = OWL + "NamedIndividual"
"""A class that says nothing of its things."""
_OTHER_NAMES: Final = SKOS + "altLabel"
_SAID_BY_THINGS: Final = (
    *(SKOS + name for name in ("definition", "scopeNote", "example", "note")),
    *(SKOS + name for name in ("changeNote", "editorialNote", "historyNote")),
    *(SKOSXL + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
)
"""Texts on a concept, and labels, that may be things: these are called by what they say."""
_OF_STATEMENTS: Final = "remarks on statements"
_LAST: Final = 1_000_000.0


@dataclass(frozen=True)
class Property:
    """One property of a thing with its values; `more` counts those left out."""

    property: Ref
    facts: tuple[Fact, ...]
    remark: str = ""
    more: int = 0


@dataclass(frozen=True)
class Group:
    """Properties that belong together; the one without a label holds what no shape groups."""

    label: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Links:
    """What points to the thing with one property: how many, and the first of them."""

    property: Ref
    count: int
    things: tuple[Ref, ...]


@dataclass(frozen=True)
class EntityView:
    """What every view has; `kind` is that of its address, `types` its classes."""

    iri: str
    label: str
    language: str
    kind: str
    types: tuple[Ref, ...]
    also: tuple[str, ...]
    description: Fact | None
    marks: tuple[Mark, ...]
    coded: bool
    whole: Ref | None
    note: str
    sources: tuple[Ref, ...]
    version: str

    @property
    def type_label(self) -> str:
        """What the thing is, in words; of things of others, which may be much, all of it."""
        if not self.types:
            return words(self.kind)
        shown = self.types[:1] if self.iri.startswith(BASE) else self.types
        return shown[0].label if len(shown) == 1 else ", ".join(ref.label for ref in shown)


@dataclass(frozen=True)
class ThingView(EntityView):
    """A page about any thing: its properties in the groups of its shape, and what links to it."""

    groups: tuple[Group, ...] = ()
    links: tuple[Links, ...] = ()


def common(facts: Facts) -> EntityView:
    """What every page shows of the thing that a document is about."""
    iri = facts.document.iri
    named = facts.ref(iri)
    saying = [each for about in _SAID_BY_THINGS for each in facts.iris(iri, about)]
    name_by_what_they_say(facts.document.engine, facts.labels, saying)
    texts = (DCTERMS + "description", SKOS + "definition", RDFS + "comment")
    described = (fact for each in texts for fact in _best_first(facts, iri, each))
    whole = facts.iri(iri, HS + "partOf")
    classes = [each for each in facts.iris(iri, RDF + "type") if each != _INDIVIDUAL]
    return EntityView(
        iri=iri,
        label=title(facts, iri),
        language=named.language,
        kind=kind_of(iri),
        types=tuple(facts.labels.property(each) for each in classes),
        also=_also_called(facts, iri),
        description=next(described, None),
        marks=facts.marks(iri),
        coded=facts.iri(iri, HS + "basis") == HS + "Coded",
        whole=facts.ref(whole) if whole else None,
        note=" ".join(fact.label for fact in facts.facts(iri, SKOS + "editorialNote")),
        sources=(),
        version=facts.document.version,
    )


def _also_called(facts: Facts, iri: str) -> tuple[str, ...]:
    """The other names of a thing, each once, without its label."""
    label = facts.ref(iri).label
    names = [*facts.objects(iri, HS + "acronym"), *facts.objects(iri, SKOS + "altLabel")]
    known = [name for name in names if isinstance(name, Literal) and name.value != label]
    return tuple({name.value: said(name.value, name.language or "") for name in known}.values())


def _best_first(facts: Facts, iri: str, predicate: str) -> list[Fact]:
    """The texts of a property, that in the language of labels first."""
    best = choose(facts.objects(iri, predicate))
    found = facts.facts(iri, predicate)
    if best is None or len(found) < 2:
        return list(found)
    first = facts.fact(iri, predicate, best).label
    return sorted(found, key=lambda fact: fact.label != first)


def title(facts: Facts, iri: str) -> str:
    """What to call a thing at the head of its page, also when it has no label of its own."""
    if facts.labels.of(iri).names:
        return facts.ref(iri).label
    if label := facts.text(iri, LITERAL_FORM):
        return label
    if facts.iri(iri, RDF + "predicate"):
        name_by_what_they_say(facts.document.engine, facts.labels, [iri])
        return facts.ref(iri).label
    quote = facts.text(iri, OA + "exact") or facts.text(iri, RDF + "value")
    if quote:
        return f"“{quote}”"
    source = facts.iri(iri, OA + "hasSource")
    if source:
        passage = facts.passage(iri)
        words_there = f"“{passage.quote}”" if passage.quote else passage.place
        return told(later("{1} in {2}"), words_there or _("Evidence"), facts.ref(source).label)
    return facts.ref(iri).label


def entity(facts: Facts) -> ThingView:
    """The page of a thing of any class, driven by its shape."""
    view, groups = common(facts), grouped(facts, IN_HEAD)
    view = replace(view, sources=facts.sources)
    return ThingView(**vars(view), groups=groups, links=incoming(facts))


def incoming(facts: Facts, skip: frozenset[str] = frozenset()) -> tuple[Links, ...]:
    """What links to the thing, without the claims about it, which its facts already show."""
    known = {RDF + "subject", RDF + "object", OWL + "annotatedSource", HS + "includes", *skip}
    links = [link for link in facts.document.incoming if link.predicate not in known]
    subjects = {subject for link in links for subject in link.subjects}
    name_by_what_they_say(facts.document.engine, facts.labels, subjects)
    return tuple(
        Links(
            facts.labels.property(link.predicate),
            link.count,
            facts.labels.sorted(set(link.subjects)),
        )
        for link in links
    )


def grouped(facts: Facts, skip: frozenset[str]) -> tuple[Group, ...]:
    """The properties of the thing in the groups and order of its shape, at most 50 values each."""
    iri = facts.document.iri
    inner = nested(facts.document)
    predicates = {*facts.predicates(iri), *inner} - (skip - _not_all_in_head(facts, iri) - {*inner})
    engine, classes = facts.document.engine, facts.iris(iri, RDF + "type")
    orders: dict[str, dict[str, _Place]] = kept_of(engine, f"shapes {reader()}")
    if (key := " ".join(classes)) not in orders:
        orders[key] = _shape_order(engine, classes)
    by_group: dict[tuple[float, str], list[tuple[float, Property]]] = defaultdict(list)
    for predicate in predicates:
        place = orders[key].get(predicate, _Place())
        found = (*facts.facts(iri, predicate), *inner.get(predicate, ()))
        named = facts.labels.property(predicate)
        known = facts.labels.of(predicate)
        if place.name and not known.names:
            language = getattr(place.name, "language", "")
            named = Ref(predicate, place.name, language, named.kind)
        row = Property(named, found[:_VALUES], known.comment, max(0, len(found) - _VALUES))
        by_group[place.group_order, place.group].append((place.order, row))
    if noted := remarks(facts.document):
        more = max(0, len(noted) - _VALUES)
        row = Property(Ref(OWL + "Axiom", _OF_STATEMENTS), noted[:_VALUES], more=more)
        by_group[_LAST, ""].append((_LAST, row))
    return tuple(
        Group(label, tuple(row for _, row in sorted(rows, key=_order)))
        for (_, label), rows in sorted(by_group.items())
    )


def _order(row: tuple[float, Property]) -> tuple[float, int, str, str]:
    place, named = row[0], row[1].property
    return place, member(named.iri), named.label, named.iri


def _not_all_in_head(facts: Facts, iri: str) -> set[str]:
    """Properties with values that the head does not show, or shows without their languages."""
    found = {name for name in _ONE_IN_HEAD if len(facts.objects(iri, name)) > 1}
    if len(facts.objects(iri, RDF + "type")) > len(facts.iris(iri, RDF + "type")):
        found.add(RDF + "type")
    others = [o for o in facts.objects(iri, _OTHER_NAMES) if isinstance(o, Literal)]
    if len(others) > NAMES_IN_HEAD or len({name.language for name in others}) > 1:
        found.add(_OTHER_NAMES)
    return found


@dataclass(frozen=True)
class _Place:
    """Where a shape puts a property on a page."""

    name: str = ""
    order: float = _LAST
    group: str = ""
    group_order: float = _LAST


def _shape_order(engine: Engine, classes: list[str]) -> dict[str, _Place]:
    if not classes:
        return {}
    named_classes = {"classes": [NamedNode(each) for each in classes]}
    rows = engine.select(query("shape_properties"), named_classes).rows
    labels = by_key(
        (r["group"], r["groupLabel"]) for r in rows if {"group", "groupLabel"} <= r.keys()
    )
    names = by_key((row["path"].value, row["name"]) for row in rows if "name" in row)
    return {
        row["path"].value: _Place(
            name=chosen(names.get(row["path"].value, ())),
            order=_number(row.get("order")),
            group=chosen(labels[row["group"]]) if "group" in row else "",
            group_order=_number(row.get("groupOrder")),
        )
        for row in rows
    }


def _number(term: object) -> float:
    return real(term.value, _LAST) if isinstance(term, Literal) else _LAST
