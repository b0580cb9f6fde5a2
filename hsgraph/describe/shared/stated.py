"""The page of a piece of evidence or a claim: what is said, by which words, where to read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.documents.incoming import incoming_links
from hsgraph.describe.entity.entity import ThingView, entity
from hsgraph.describe.entity.facts import Facts, Passage, Text
from hsgraph.describe.values import first_text, values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.describe.words.nameless import (
    PLACE,
    QUOTE,
    SELECTOR,
    STATEMENT,
    precisions,
    selectors_of,
)
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import HS, OA, SCHEMA, SKOS

_MOST: Final = 200
"""Statements that the page of a piece of evidence lists."""
_EVIDENCE, _URL, _NOTE = HS + "evidence", SCHEMA + "url", SKOS + "editorialNote"


@dataclass(frozen=True)
class Said:
    """What is supported: a thing as a whole, or one property of it with its value."""

    about: Ref
    property: Ref | None
    value: Ref | Text | None


@dataclass(frozen=True)
class Words:
    """Words of a source and their place; `address` opens the document at them, if it has one."""

    evidence: Ref
    quote: str
    place: str
    source: Ref
    address: str
    note: str


@dataclass(frozen=True)
class StatedView(ThingView):
    """A piece of evidence, or a claim."""

    said: tuple[Said, ...] = ()
    words: tuple[Words, ...] = ()


def stated(facts: Facts) -> StatedView:
    """Read the page of a piece of evidence or of a claim."""
    view = entity(facts)
    said, words = tuple(_said(facts, view.iri)), tuple(_words(facts, view.iri))
    return StatedView(**vars(view), said=said, words=words)


def _said(facts: Facts, iri: str) -> Iterator[Said]:
    """What a claim says; of evidence, what rests on it."""
    engine = facts.document.engine
    nodes = [iri] if facts.iris(iri, _EVIDENCE) else []
    for link in () if nodes else incoming_links(engine, NamedNode(iri), _MOST, only=_EVIDENCE):
        nodes += link.subjects
    told = values_of(engine, nodes, STATEMENT)
    exact = precisions(engine, told)
    terms = {term for values in told.values() for each in values.values() for term in each}
    labels = Labels.fetch(engine, {*nodes, *terms})
    for node, values in told.items():
        if len(values) < len(STATEMENT):
            yield Said(labels.ref(node), None, None)
            continue
        (subject, *_), (predicate, *_), objects = (values[each] for each in STATEMENT)
        for value in objects:
            shown = (
                facts.value(value, node, predicate.value, exact.get(node, "day"))
                if isinstance(value, Literal)
                else labels.ref(value.value)
            )
            yield Said(labels.ref(subject.value), labels.property(predicate.value), shown)


def _words(facts: Facts, iri: str) -> Iterator[Words]:
    """The words of each piece of evidence, one by one, by source."""
    pieces = facts.iris(iri, _EVIDENCE) or [iri]
    cited = sorted((source, e) for e in pieces for source in facts.iris(e, OA + "hasSource"))
    known = values_of(facts.document.engine, [source for source, _ in cited], (_URL, _NOTE))
    for source, evidence in cited:
        selectors = facts.iris(evidence, SELECTOR)
        quotes = [quote for each in selectors if (quote := facts.text(each, QUOTE))]
        address, note = (first_text(known[source], name) for name in (_URL, _NOTE))
        place = facts.passage(evidence).place
        for quote in quotes or [""]:
            shown = at_words(address, quote)
            yield Words(facts.ref(evidence), quote, place, facts.ref(source), shown, note)


def at_words(address: str, words: str) -> str:
    """The address of a document, with a text fragment that scrolls a browser to the words."""
    if not address.startswith(("http://", "https://")) or not words:
        return address if address.startswith(("http://", "https://")) else ""
    parts = "%2C".join(quote(part, safe="").replace("-", "%2D") for part in words.split(","))
    return f"{address}{'' if '#' in address else '#'}:~:text={parts}"


def passages(engine: Engine, labels: Labels, evidence: Iterable[str]) -> dict[str, Passage]:
    """The words and the places in sources that pieces of evidence cite."""
    found = selectors_of(engine, values_of(engine, evidence, (SELECTOR,)))
    told = {}
    for iri, said in found.items():
        quotes, places = (
            sorted(term.value for each in said for term in each.get(about, ()))
            for about in (QUOTE, PLACE)
        )
        place = ", ".join(places).replace("=", " ")
        told[iri] = Passage(labels.ref(iri), " … ".join(quotes), place)
    return told
