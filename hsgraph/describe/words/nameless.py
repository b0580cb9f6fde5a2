"""What to call claims, evidence, notes and labels: they have no name, but say something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.values import Values, iris_of, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, chosen
from hsgraph.engine.protocol import Engine
from hsgraph.languages import later, told
from hsgraph.namespaces import HS, OA, RDF, SKOSXL, XSD, local_name

STATEMENT: Final = tuple(RDF + name for name in ("subject", "predicate", "object"))
_SOURCE, SELECTOR = OA + "hasSource", OA + "hasSelector"
QUOTE, PLACE = OA + "exact", RDF + "value"
LITERAL_FORM: Final = SKOSXL + "literalForm"
PRECISION: Final = HS + "datePrecision"
DATES: Final = {
    f"{HS}{name}Date": f"{HS}{name}Precision" for name in ("start", "end", "announced", "approved")
}
"""The property that tells how exactly a date is known, by that of the date."""


def name_by_what_they_say(engine: Engine, labels: Labels, iris: Iterable[str]) -> None:
    """Give things without a name one: what a claim states, the words and the source of evidence.

    A label that is a thing is called by its text, a note by the text that is its value.
    """
    nameless = [iri for iri in iris if not labels.of(iri).names]
    told = values_of(engine, nameless, (*STATEMENT, _SOURCE, SELECTOR, QUOTE, PLACE, LITERAL_FORM))
    selected = selectors_of(engine, told)
    about = (*STATEMENT, _SOURCE)
    others = {iri for said in told.values() for p in about for iri in iris_of(said, p)}
    named = Labels.fetch(engine, others)
    exact = precisions(engine, told)
    for iri, values in told.items():
        text = _stated(values, named, exact.get(iri, "day")) or chosen(values.get(LITERAL_FORM, ()))
        if name := text or _quoted([values, *selected[iri]], values, named):
            labels.call(iri, name)


def selectors_of(engine: Engine, told: Mapping[str, Values]) -> dict[str, list[Values]]:
    """What the selectors of pieces of evidence say, by piece: words of a source, or a place."""
    nodes = {
        iri: [node.value for node in values.get(SELECTOR, ()) if isinstance(node, NamedNode)]
        for iri, values in told.items()
    }
    words = values_of(engine, sorted({n for each in nodes.values() for n in each}), (QUOTE, PLACE))
    return {iri: [words[node] for node in each] for iri, each in nodes.items()}


def precisions(engine: Engine, told: Mapping[str, Values]) -> dict[str, str]:
    """How exactly the dates that claims state are known, by claim: `day`, `month` or `year`.

    A claim whose date is set aside says it itself, else the thing that has the date does.
    """
    dated = {
        claim: (subject, DATES[predicate])
        for claim, values in told.items()
        for subject in iris_of(values, STATEMENT[0])
        for predicate in iris_of(values, STATEMENT[1])
        if predicate in DATES
    }
    if not dated:
        return {}
    own = values_of(engine, dated, (PRECISION,))
    known = values_of(engine, {subject for subject, _ in dated.values()}, [*DATES.values()])
    return {
        claim: local_name(min(iris_of(own[claim], PRECISION) or iris_of(known[subject], name)))
        for claim, (subject, name) in dated.items()
        if iris_of(own[claim], PRECISION) or iris_of(known[subject], name)
    }


def _stated(values: Values, named: Labels, precision: str) -> str:
    if any(name not in values for name in STATEMENT):
        return ""
    subject, predicate, said = (values[name][0] for name in STATEMENT)
    value = said.value if isinstance(said, Literal) else named.ref(said.value).label
    if isinstance(said, Literal) and said.datatype.value == XSD + "date":
        value = wording.date(said.value, precision)
    about, what = named.ref(subject.value).label, named.property(predicate.value).label
    return str(told(later("{1}: {2}: {3}"), about, what, value))


def _quoted(there: Sequence[Values], values: Values, named: Labels) -> str:
    quotes = [f"“{words[QUOTE][0].value}”" for words in there if QUOTE in words]
    places = [_place(chosen(words[PLACE])) for words in there if PLACE in words]
    sources = [named.ref(source.value).label for source in values.get(_SOURCE, ())]
    return ", ".join([*(quotes or places), *sources])


def _place(text: str) -> str:
    """What a place in a source is called: `page=7` is page 7."""
    return text if " " in text else text.replace("=", " ")
