"""Money by year, agency, country or dimension: what the fund gave, and what that leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.values import per_version
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Parameters, Term
from hsgraph.explore.queries import query
from hsgraph.namespaces import HS

BY: Final = {
    "year": HS + "year",
    "agency": HS + "implementedBy",
    "country": HS + "takesPlaceIn",
    "dimension": HS + "dimension",
}
LEFT_OUT: Final = ("unstated", "others", "ungrouped")
"""Programmes without a contribution; those of them with another sum; those without a group."""
_STEPS: Final = 4


@dataclass(frozen=True)
class Bar:
    """One year, agency, country or dimension; `share` is per cent of the longest bar.

    `told` counts those of its programmes of which the sum is known.
    """

    name: str
    ref: Ref | None
    slug: str
    programmes: int
    told: int
    dollars: Decimal
    share: float

    @property
    def exact(self) -> str:
        """The sum as it is added up."""
        return wording.money(str(self.dollars), "USD").exact

    @property
    def short(self) -> str:
        """The sum in millions."""
        return _compact(self.dollars)


@dataclass(frozen=True)
class Money:
    """The bars, and in numbers of programmes what they are of and what they leave out.

    `others` have another sum only (another kind or currency), `ungrouped` a sum but no such group.
    """

    by: str
    bars: tuple[Bar, ...]
    programmes: int
    told: int
    dollars: Decimal
    others: int
    ungrouped: int

    @property
    def unstated(self) -> int:
        """Programmes of which no contribution is known."""
        return self.programmes - self.told

    @property
    def most(self) -> Bar | None:
        """The longest bar."""
        return max(self.bars, key=lambda bar: bar.dollars, default=None)

    @property
    def shared(self) -> bool:
        """Whether the money of one programme stands in several bars."""
        return sum(bar.dollars for bar in self.bars) > self.dollars

    @property
    def short(self) -> str:
        """The whole sum in millions."""
        return _compact(self.dollars)

    @property
    def grid(self) -> tuple[tuple[float, str], ...]:
        """Lines at round sums: how high, as per cent of the longest bar, and the sum."""
        longest = self.most.dollars if self.most else Decimal(0)
        if not longest:
            return ()
        step = next(
            nice * 10**power
            for power in range(20)
            for nice in (1, 2, 5)
            if longest / (nice * 10**power) <= _STEPS
        )
        count = int(longest / step) + 1
        sums = [Decimal(number * step) for number in range(count)]
        return tuple((float(100 * each / longest), _compact(each)) for each in sums)


@per_version(8, by_reader=True)
def money(engine: Engine, by: str) -> Money:
    """The money by one of `BY`, kept for each version: all programmes are asked."""
    bound = {"by": NamedNode(BY[by])}
    known = engine.select(query("money_known"), bound).rows[0]
    rows = engine.select(query("money"), bound).rows
    longest = max((_number(row.get("total")) for row in rows), default=Decimal(0)) or Decimal(1)
    labels = Labels.fetch(engine, [r["group"] for r in rows if isinstance(r["group"], NamedNode)])
    bars = []
    for row in rows:
        ref = labels.ref(row["group"].value) if isinstance(row["group"], NamedNode) else None
        name = (ref.acronym or ref.label) if ref and by == "agency" else ref.label if ref else ""
        slug = ref.slug if ref else row["group"].value
        dollars = _number(row.get("total"))
        share = round(float(100 * dollars / longest), 1)
        counted = int(row["programmes"].value), int(row["told"].value)
        bars.append(Bar(name or slug, ref, slug, *counted, dollars, share))
    bars.sort(key=lambda bar: (bar.slug if by == "year" else "", -bar.dollars, bar.name))
    if by == "year":
        bars = _every_year(bars)
    return Money(
        by,
        tuple(bars),
        int(known["programmes"].value),
        int(known["told"].value),
        _number(known.get("total")),
        int(_number(known.get("others"))),
        int(_number(known.get("ungrouped"))),
    )


def left_out(engine: Engine, what: str, by: str, *, most: int, start: int) -> list[str]:
    """Some of the programmes behind a number of what is left out, one of `LEFT_OUT`."""
    bound: Parameters = {"what": Literal(what), "by": NamedNode(BY[by])}
    text = f"{query('money_left_out')} LIMIT {most:d} OFFSET {start:d}"
    return [r["programme"].value for r in engine.select(text, bound).rows]


def _every_year(bars: list[Bar]) -> list[Bar]:
    """Years without a programme keep their place."""
    known = {int(bar.slug): bar for bar in bars if bar.slug.isdigit()}
    if not known or max(known) - min(known) > 200:
        return bars
    return [
        known.get(year) or Bar(str(year), None, str(year), 0, 0, Decimal(0), 0.0)
        for year in range(min(known), max(known) + 1)
    ]


def _number(term: Term | None) -> Decimal:
    return Decimal(term.value) if term is not None else Decimal(0)


def _compact(dollars: Decimal) -> str:
    return wording.money(str(dollars), "USD").compact
