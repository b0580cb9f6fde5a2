"""Which of the properties given beside a name a thing has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.engine.protocol import Engine, Term
from hsgraph.reconcile.names import likeness
from hsgraph.reconcile.queries import query

_FITS: Final = 0.85


@dataclass(frozen=True)
class Condition:
    """A property that a thing should have one of some values for."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


def fitting(
    engine: Engine, things: Sequence[str], conditions: Sequence[Condition]
) -> dict[str, dict[int, bool]]:
    """For each thing, which conditions (by number) it fits."""
    if not things or not conditions:
        return {}
    parameters: dict[str, list[Term]] = {
        "things": [NamedNode(thing) for thing in things],
        "properties": [NamedNode(iri) for iri in sorted({c.property for c in conditions})],
    }
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in engine.select(query("named_values"), parameters).rows:
        texts = known[row["thing"].value, row["property"].value]
        texts.add(row["value"].value)
        if "name" in row:
            texts.add(row["name"].value)
    return {
        thing: {
            number: _holds(condition, known[thing, condition.property])
            for number, condition in enumerate(conditions)
        }
        for thing in things
    }


def _holds(condition: Condition, known: set[str]) -> bool:
    met = [value in known or likeness([value], known) >= _FITS for value in condition.values]
    if condition.quantifier == "none":
        return not any(met)
    return all(met) if condition.quantifier == "all" else any(met)
