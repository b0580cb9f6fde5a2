"""The page of a piece of evidence or a claim: what is said, by which words, where to read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.entity.entity import ThingView, entity
from hsgraph.describe.entity.facts import Facts, Passage, Text
from hsgraph.describe.queries import query
from hsgraph.describe.values import values_of
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Row
from hsgraph.namespaces import RDF

_STATEMENT: Final = (RDF + "subject", RDF + "predicate", RDF + "object")


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
    view, engine = entity(facts), facts.document.engine
    found = engine.select(query("stated"), {"thing": NamedNode(view.iri)}).rows
    rows = list(_with_statements(engine, found))
    names = ("node", "subject", "predicate", "object", "evidence", "source")
    terms = {row[name] for row in rows for name in names if name in row}
    labels = Labels.fetch(engine, {t.value for t in terms if isinstance(t, NamedNode)})
    return StatedView(
        **vars(view),
        said=tuple(dict.fromkeys(_said(row, labels, facts) for row in rows if "node" in row)),
        words=tuple(dict.fromkeys(_words(row, labels) for row in rows)),
    )


def _with_statements(engine: Engine, rows: Sequence[Row]) -> Iterator[Row]:
    """Rows with what each `node` says, where it is a claim: `subject`, `predicate`, `object`.

    Asked for by node, since a query that asks for all at once goes through the claims of the graph.
    """
    nodes = {node.value for row in rows if isinstance(node := row.get("node"), NamedNode)}
    told = values_of(engine, sorted(nodes), _STATEMENT)
    for row in rows:
        values = told.get(row["node"].value, {}) if "node" in row else {}
        if len(values) < len(_STATEMENT):
            yield row
            continue
        subject, predicate, objects = (values[each] for each in _STATEMENT)
        for value in objects:
            yield {**row, "subject": subject[0], "predicate": predicate[0], "object": value}


def _said(row: Row, labels: Labels, facts: Facts) -> Said:
    if "predicate" not in row:
        return Said(labels.ref(row["node"].value), None, None)
    subject, predicate, value = (row[n] for n in ("subject", "predicate", "object"))
    told = (
        facts.value(value, subject.value, predicate.value)
        if isinstance(value, Literal)
        else labels.ref(value.value)
    )
    return Said(labels.ref(subject.value), labels.property(predicate.value), told)


def _words(row: Row, labels: Labels) -> Words:
    text = {name: row[name].value if name in row else "" for name in ("quote", "page", "url")}
    return Words(
        labels.ref(row["evidence"].value),
        text["quote"],
        text["page"].replace("=", " "),
        labels.ref(row["source"].value),
        at_words(text["url"], text["quote"]),
        row["note"].value if "note" in row else "",
    )


def at_words(address: str, words: str) -> str:
    """The address of a document, with a text fragment that scrolls a browser to the words."""
    if not address.startswith(("http://", "https://")) or not words:
        return address if address.startswith(("http://", "https://")) else ""
    parts = "%2C".join(quote(part, safe="").replace("-", "%2D") for part in words.split(","))
    return f"{address}{'' if '#' in address else '#'}:~:text={parts}"


def passages(rows: Iterable[Row], labels: Labels) -> tuple[Passage, ...]:
    """The places in sources that rows name, by piece of evidence: its words, and its pages."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row in rows:
        if "evidence" in row:
            words, pages = found.setdefault(row["evidence"].value, (set(), set()))
            words |= {row["quote"].value} if "quote" in row else set()
            pages |= {row["page"].value.replace("=", " ")} if "page" in row else set()
    return tuple(
        Passage(labels.ref(iri), " … ".join(sorted(words)), ", ".join(sorted(pages)))
        for iri, (words, pages) in found.items()
    )
