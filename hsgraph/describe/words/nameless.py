"""What to call claims, evidence and quotations in a list: they have no name, but say something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.values import Values, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import OA, RDF, XSD

_STATEMENT: Final = tuple(RDF + name for name in ("subject", "predicate", "object"))
_SOURCE, _SELECTOR = OA + "hasSource", OA + "hasSelector"
_QUOTE, _PLACE = OA + "exact", RDF + "value"


def name_by_what_they_say(engine: Engine, labels: Labels, iris: Iterable[str]) -> None:
    """Give things without a name one: what a claim states, the words and the source of evidence."""
    nameless = [iri for iri in iris if not labels.of(iri).names]
    told = values_of(engine, nameless, (*_STATEMENT, _SOURCE, _SELECTOR, _QUOTE, _PLACE))
    selectors = {node.value for values in told.values() for node in values.get(_SELECTOR, ())}
    words = values_of(engine, sorted(selectors), (_QUOTE, _PLACE))
    others = {
        term.value
        for values in told.values()
        for name in (*_STATEMENT, _SOURCE)
        for term in values.get(name, ())
        if isinstance(term, NamedNode)
    }
    named = Labels.fetch(engine, others)
    for iri, values in told.items():
        there = [words.get(node.value, {}) for node in values.get(_SELECTOR, ())]
        if name := _stated(values, named) or _quoted([values, *there], values, named):
            labels.call(iri, name)


def _stated(values: Values, named: Labels) -> str:
    if any(name not in values for name in _STATEMENT):
        return ""
    subject, predicate, said = (values[name][0] for name in _STATEMENT)
    value = said.value if isinstance(said, Literal) else named.ref(said.value).label
    if isinstance(said, Literal) and said.datatype.value == XSD + "date":
        value = wording.date(said.value)
    return f"{named.ref(subject.value).label}: {named.property(predicate.value).label}: {value}"


def _quoted(there: Sequence[Values], values: Values, named: Labels) -> str:
    quotes = [f"“{words[_QUOTE][0].value}”" for words in there if _QUOTE in words]
    places = [words[_PLACE][0].value.replace("=", " ") for words in there if _PLACE in words]
    sources = [named.ref(source.value).label for source in values.get(_SOURCE, ())]
    return ", ".join([*(quotes or places), *sources])
