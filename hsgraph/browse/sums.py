"""The sums that lists give of programmes: total, Fund contribution, else one of another kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from hsgraph.browse.queries import query
from hsgraph.describe.values import batches, texts
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.languages import translated as _
from hsgraph.namespaces import VOCAB

TOTAL: Final = VOCAB + "budget-kind/total"
CONTRIBUTION: Final = VOCAB + "budget-kind/fund-contribution"


@dataclass(frozen=True)
class Sums:
    """The largest sums in US dollars of one programme.

    `other` is given only where neither of the first two is known; `kind` says of what kind it is.
    """

    total: Decimal | None = None
    contribution: Decimal | None = None
    other: Decimal | None = None
    kind: str = ""


def sums(engine: Engine, iris: Sequence[str]) -> Mapping[str, Sums]:
    """The sums of some programmes."""
    known: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for batch in batches(iris):
        for row in texts(engine, query("sums"), {"projects": batch}):
            known[row["project"]][row.get("kind", "")] = Decimal(row["amount"])
    labels = Labels.fetch(engine, {kind for kinds in known.values() for kind in kinds if kind})
    return {iri: _sums(known.get(iri, {}), labels) for iri in iris}


def _sums(kinds: Mapping[str, Decimal], labels: Labels) -> Sums:
    total, contribution = kinds.get(TOTAL), kinds.get(CONTRIBUTION)
    if total is not None or contribution is not None or not kinds:
        return Sums(total, contribution)
    kind = max(kinds, key=lambda each: (kinds[each], each))
    return Sums(other=kinds[kind], kind=labels.ref(kind).label if kind else _("kind not stated"))
