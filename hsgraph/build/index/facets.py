"""What programmes can be narrowed by, and who has what.

`facets.toml` says it once, as portable SPARQL: the tables of a snapshot are made from these
patterns, a remote engine is asked with them, and `hsgraph.browse.sparql` writes the query of a list
by them.
`hsgraph/build/queries/facets.sql` tells what is in the tables.
"""

from __future__ import annotations

import sqlite3
import tomllib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from string import Template
from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.queries import Select, Solution, query, schema, select
from hsgraph.namespaces import BASE, PREFIXES

_TOLD: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
DATE: Final[str] = _TOLD["date"]
"""`?day` is the day that a programme started, else was approved, else was announced."""
_SUM: Final[str] = _TOLD["sum"]
AMOUNT: Final = Template(_TOLD["amount"]).substitute(sum=_SUM)
"""`?amount` is the largest sum in US dollars stated for a programme and not set aside."""
BANDS: Final = (0, 500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000)
"""Where each range of sums begins; the last one has no end."""


@dataclass(frozen=True)
class Facet:
    """One way to narrow programmes.

    `name` stands in addresses; `about` is the IRI of a class, property or scheme that gives the
    facet its label; `pattern` binds ?value for ?project. The names of values in addresses are what
    follows `namespace`. `above` is the property that leads from a value to the one above it, as
    SPARQL writes it, `present` a simpler pattern that holds where there is any value.
    """

    name: str
    about: str
    pattern: str
    namespace: str = ""
    above: str = ""
    present: str = ""

    @property
    def plain(self) -> bool:
        """Whether values are texts, not things; no programme has two of them."""
        return not self.namespace


def _facets() -> Iterator[Facet]:
    """The facets of facets.toml."""
    patterns = {"date": DATE, "sum": _SUM, "amount": AMOUNT}
    for each in _TOLD["facet"]:
        iris = {name: BASE + each[name] for name in ("about", "namespace") if name in each}
        asked = {name: each[name] for name in ("pattern", "present") if name in each}
        filled = {name: Template(text).substitute(patterns) for name, text in asked.items()}
        yield Facet(**each | iris | filled)


FACETS: Final = tuple(_facets())
BY_NAME: Final = {facet.name: facet for facet in FACETS}

_DATES: Final = f"SELECT ?project (MIN(?day) AS ?date) WHERE {{ {DATE} }} GROUP BY ?project"
_AMOUNTS: Final = f"SELECT ?project ?amount WHERE {{ {AMOUNT} }}"
_ASKED_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Programme:
    """One row of the list: `date` in ISO form or '', `amount` in US dollars."""

    iri: str
    label: str
    date: str
    amount: Decimal | None


@dataclass(frozen=True)
class Value:
    """One value of a facet and the programmes (by their place in the list) that have it."""

    value: str
    label: str
    parent: str
    members: array[int]


@dataclass(frozen=True)
class Facets:
    """All programmes, the latest first, and all values of all facets."""

    programmes: tuple[Programme, ...]
    values: Mapping[str, tuple[Value, ...]]


def prologue(*prefixes: str) -> str:
    """The PREFIX lines of a query."""
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in prefixes)


def gather(answer: Select) -> Facets:
    """Ask for everything that lists need."""

    def ask(query: str) -> Iterable[Solution]:
        return answer(prologue("hs", "skos") + query)

    found = programmes(answer)
    places = {each.iri: number for number, each in enumerate(found)}
    values = {facet.name: _values(ask, facet, places) for facet in FACETS if facet.name != "budget"}
    values["budget"] = _bands([each.amount for each in found])
    return Facets(found, values)


def programmes(answer: Select) -> tuple[Programme, ...]:
    """All programmes, the latest first."""
    hs = prologue("hs")
    titles = {r["thing"]: r.get("label") or r["thing"] for r in answer(query("programmes"))}
    dates = {r["project"]: r["date"][:10] for r in answer(hs + _DATES) if "date" in r}
    amounts = {r["project"]: Decimal(r["amount"]) for r in answer(hs + _AMOUNTS) if "amount" in r}
    iris = sorted(sorted(titles), key=lambda iri: dates.get(iri, ""), reverse=True)
    return tuple(Programme(i, titles[i], dates.get(i, ""), amounts.get(i)) for i in iris)


def write_facets(store: Store, database: sqlite3.Connection) -> None:
    """Write the tables of a store's programmes."""
    facets = gather(partial(select, store))
    database.executescript(schema("facets"))
    for number, p in enumerate(facets.programmes):
        amount = None if p.amount is None else str(p.amount)
        row = (number, p.iri, p.label, p.date, amount)
        database.execute("INSERT INTO programme VALUES (?, ?, ?, ?, ?)", row)
    for name, values in facets.values.items():
        rows = ((name, v.value, v.label, v.parent, v.members.tobytes()) for v in values)
        database.executemany("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", rows)


def read_facets(database: sqlite3.Connection) -> Facets:
    """Read the tables of a snapshot."""
    programmes = tuple(
        Programme(iri, label, date, None if amount is None else Decimal(amount))
        for iri, label, date, amount in database.execute(
            "SELECT iri, label, date, amount FROM programme ORDER BY id"
        )
    )
    values: dict[str, list[Value]] = {facet.name: [] for facet in FACETS}
    rows = database.execute("SELECT facet, value, label, parent, members FROM facet")
    for name, value, label, parent, members in rows:
        values[name].append(Value(value, label, parent, array("I", members)))
    return Facets(programmes, {name: tuple(found) for name, found in values.items()})


def band(start: int) -> str:
    """How a range of sums is called in addresses: `1000000-1500000`."""
    following = [bound for bound in BANDS if bound > start]
    return f"{start}-{following[0] if following else ''}"


def _values(ask: Select, facet: Facet, places: Mapping[str, int]) -> tuple[Value, ...]:
    members: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for row in ask(f"SELECT DISTINCT ?project ?value WHERE {{ {facet.pattern} }}"):
        number = places.get(row.get("project", ""))
        if number is not None and "value" in row:
            members[row["value"]].append(number)
    labels: dict[str, str] = {}
    above: dict[str, str] = {}
    if not facet.plain:
        labels = _texts(ask, query("facet_labels"), members)
    if facet.above:
        named = query("facet_above").replace("$above", facet.above)
        above = _texts(ask, named, members)
    return tuple(
        Value(value, labels.get(value, value), above.get(value, ""), array("I", sorted(found)))
        for value, found in sorted(members.items())
    )


def _texts(ask: Select, query: str, values: Iterable[str]) -> dict[str, str]:
    """One text for each of some values, asked for many of them at a time."""
    found: dict[str, str] = {}
    waiting = sorted(value for value in values if ":" in value)
    for start in range(0, len(waiting), _ASKED_AT_ONCE):
        some = waiting[start : start + _ASKED_AT_ONCE]
        rows = ask(query.replace("SOME", " ".join(str(NamedNode(each)) for each in some)))
        found |= {row["value"]: row["text"] for row in rows if "text" in row}
    return found


def _bands(amounts: list[Decimal | None]) -> tuple[Value, ...]:
    members: dict[int, array[int]] = {start: array("I") for start in BANDS}
    for number, amount in enumerate(amounts):
        if amount is not None and amount >= 0:
            members[max(start for start in BANDS if start <= amount)].append(number)
    return tuple(Value(band(s), band(s), "", found) for s, found in members.items() if found)
