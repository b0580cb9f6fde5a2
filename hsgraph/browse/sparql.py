"""The query that gives a list: portable SPARQL 1.1, made of the patterns of the facets."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.browse.choice import NONE, Choice, facet, value_of, years
from hsgraph.browse.queries import query
from hsgraph.build.index.facets import AMOUNT, BANDS, DATE, Facet, band, prologue
from hsgraph.engine.sparql.bind import bind

MOST_NAMED: Final = 500
"""Programmes that a query names one by one, because words were looked for that SPARQL cannot."""
_ORDERS: Final = {
    "start": "DESC(?date) ?project",
    "oldest": "(!BOUND(?date)) ?date ?project",
    "title": "LCASE(STR(?title)) ?project",
    "budget": "DESC(?amount) ?project",
    "relevance": "DESC(?date) ?project",
}
_PREFIXES: Final = ("hs", "skos", "rdfs", "xsd")


def as_sparql(choice: Choice, named: Sequence[str] | None = None) -> str:
    """The query whose rows are the list of a choice.

    `named` are the programmes that the words of the choice find: SPARQL has no full text, so the
    query names them, or leaves the words aside where there are more than `MOST_NAMED`.
    """
    parts = [_words(choice.text, named)] if choice.text else []
    parts += map(_has_to_do_with, choice.about)
    for name, values in choice.values:
        alternatives = [(value,) for value in values] if name in choice.every else [values]
        parts += [_filter(facet(name), each) for each in alternatives]
    body = Template(query("list").strip()).substitute(
        filters="".join(f"  {part}\n" for part in parts),
        date=DATE,
        amount=AMOUNT.replace("\n", "\n    "),
        order=_ORDERS[choice.order],
    )
    return _declared(body)


def narrowing(choice: Choice) -> str:
    """The query for the programmes of `about` alone, for those who narrow by other means."""
    parts = " ".join(map(_has_to_do_with, choice.about))
    return _declared(f"SELECT DISTINCT ?project WHERE {{ {parts} }}")


def _has_to_do_with(iri: str) -> str:
    return bind(query("has_to_do_with").strip(), {"about": NamedNode(iri)})


def _declared(body: str) -> str:
    return prologue(*(name for name in _PREFIXES if f"{name}:" in body)) + body


def _words(text: str, named: Sequence[str] | None) -> str:
    told = " ".join(text.split()).replace("\\", " ")
    if named is None or len(named) > MOST_NAMED:
        return f"# The words “{told}” are left aside: too many programmes have them to be named."
    iris = " ".join(str(NamedNode(iri)) for iri in named)
    return f"# The programmes that a search for “{told}” finds:\n  VALUES ?project {{ {iris} }}"


def _filter(facet: Facet, values: Sequence[str]) -> str:
    chosen = [value for value in values if value != NONE]
    some = _some(facet, chosen) if chosen else ""
    if NONE not in values:
        return some
    none = f"{{ ?project a hs:Project MINUS {{ {facet.present or facet.pattern} }} }}"
    return f"{some}\n  UNION {none}" if some else none


def _some(facet: Facet, values: Sequence[str]) -> str:
    """The pattern of a facet for some of its values, each programme once."""
    if facet.name == "budget":
        ranges = " || ".join(_range(value) for value in values)
        return f"{{ SELECT DISTINCT ?project WHERE {{\n    {AMOUNT}\n    FILTER({ranges}) }} }}"
    if facet.plain:
        texts = ", ".join(str(Literal(value)) for value in values if not years(value))
        tests = [f"?value IN ({texts})"]
        for first, last in filter(None, map(years, values)):
            tests.append(f"(?value >= {Literal(first)} && ?value <= {Literal(last)})")
        pattern = f"{facet.pattern}\n    FILTER({' || '.join(tests)})"
    else:
        iris = " ".join(_iri(value_of(facet, value)) for value in values)
        pattern = f"VALUES ?value {{ {iris} }}\n    {facet.pattern}"
    return f"{{ SELECT DISTINCT ?project WHERE {{\n    {pattern}\n  }} }}"


def _iri(value: str) -> str:
    try:
        return str(NamedNode(value))
    except ValueError:
        return ""


def _range(name: str) -> str:
    if name not in map(band, BANDS):
        return "false"
    low, _, high = name.partition("-")
    return f"(?amount >= {low}" + (f" && ?amount < {high})" if high else ")")
