"""The classes of an ontology as a drawing: what each has that leads to another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from hsgraph.describe.entity.model import Card
from hsgraph.describe.words.wording import clip, filled, number
from hsgraph.explore.charts.chart import Box, Chart, Flow, Line, curve, placed
from hsgraph.languages import later, translated

_WIDTH: Final = 240
_BETWEEN: Final = 50
_HEAD: Final = 26
_ROW: Final = 16
_APART: Final = 14
_SIZE: Final = 12
"""Height of the letters, of which a line of a box has room for:"""
_LETTERS: Final = 38
_OF_ALL: Final = 4
"""What more classes than these have says nothing of one of them."""
_SWEEPS: Final = 4
_ANYTHING: Final = ""
_TITLE: Final = later("The classes and what leads from one to another")
_TOLD: Final = later(
    "{1} classes, with the properties that lead to another; the cards below say the same."
)

_Lines = Mapping[str, Sequence[tuple[str, str]]]
"""Of each class the properties that lead to another: what to write, and the other's IRI."""


def model_chart(cards: Sequence[Card]) -> Chart | None:
    """The drawing, each box named as its card is; None where no class leads to another."""
    drawn = {card.ref.iri: card for card in _drawn(cards)}
    lines = _lines(drawn, cards)
    if not any(lines.values()):
        return None
    columns = _columns(list(drawn), lines)
    names = {card.ref.iri: card.ref.label for card in cards}
    made = [[_box(drawn[iri], lines[iri], names) for iri in column] for column in columns]
    boxes, height = placed(made, 1, 1, _BETWEEN, _APART)
    found = dict(zip((iri for column in columns for iri in column), boxes, strict=True))
    flows = (
        _flow(box, n, found[to])
        for iri, box in found.items()
        for n, (_, to) in enumerate(lines[iri])
        if to not in (iri, _ANYTHING)
    )
    return Chart(
        name="model",
        css="model-chart",
        width=len(columns) * (_WIDTH + _BETWEEN) - _BETWEEN + 2,
        height=height + 2,
        letters=_SIZE,
        title=translated(_TITLE),
        told=filled(translated(_TOLD), len(boxes)),
        boxes=tuple(boxes),
        flows=tuple(flows),
    )


def _drawn(cards: Sequence[Card]) -> Iterator[Card]:
    """The classes that are not kinds of another; of one that is general its kinds."""
    general = {card.ref.iri for card in cards if card.general}
    for card in cards:
        if card.ref.iri not in general and all(above.iri in general for above in card.above):
            yield card


def _lines(drawn: Mapping[str, Card], cards: Sequence[Card]) -> _Lines:
    """What leads from one class to another, without what all of them have.

    What leads to things of several classes, such as that of which a claim speaks, has no line.
    """
    shared = Counter(use.property.iri for card in drawn.values() for use in card.uses)
    above = {card.ref.iri: [ref.iri for ref in card.above] for card in cards}
    found: dict[str, list[tuple[str, str]]] = {}
    for iri, card in drawn.items():
        found[iri] = []
        for use in card.uses:
            targets = {
                t for ref in use.to for t in (ref.iri, *above.get(ref.iri, ())) if t in drawn
            }
            if shared[use.property.iri] > _OF_ALL or not targets:
                continue
            if use.own or 2 * use.used > card.count:
                anything = len(use.to) > 1 and not use.own
                ends = [_ANYTHING] if anything else sorted(targets)
                found[iri] += [(use.property.label, end) for end in ends]
    linked = {to for rows in found.values() for _, to in rows}
    parts = {iri for iri, card in drawn.items() if card.above}
    return {iri: rows for iri, rows in found.items() if rows or iri in linked | parts}


def _columns(order: Sequence[str], lines: _Lines) -> list[list[str]]:
    """Each class left of those that it leads to, and near them."""
    targets = {iri: {to for _, to in rows} - {iri, _ANYTHING} for iri, rows in lines.items()}
    level: dict[str, int] = {}

    def depth(iri: str, above: frozenset[str]) -> int:
        if iri not in level:
            near = (each for each in targets if iri in targets[each] and each not in above)
            level[iri] = 1 + max((depth(each, above | {each}) for each in near), default=-1)
        return level[iri]

    linked = [iri for iri in order if iri in lines]
    for iri in linked:
        depth(iri, frozenset({iri}))
    for iri in linked:
        if targets[iri] and not any(iri in each for each in targets.values()):
            level[iri] = max(0, min(level[to] for to in targets[iri]) - 1)
    columns: list[list[str]] = [[] for _ in range(max(level.values()) + 1)]
    alone = [iri for iri in linked if not targets[iri] and level[iri] == 0]
    for iri in linked:
        if iri not in alone:
            columns[level[iri]].append(iri)
    for iri in alone:
        min(columns, key=lambda c: sum(_height(lines[each]) + _APART for each in c)).append(iri)
    for _ in range(_SWEEPS):
        _untangle(columns, targets)
    return [column for column in columns if column]


def _untangle(columns: list[list[str]], targets: Mapping[str, Collection[str]]) -> None:
    """Put each class beside the middle of those that it is joined to."""
    joined: dict[str, set[str]] = defaultdict(set)
    for iri, to in targets.items():
        for each in to:
            joined[iri].add(each)
            joined[each].add(iri)
    for column in columns:
        place = {iri: (n + 0.5) / len(c) for c in columns for n, iri in enumerate(c)}
        middle = {
            iri: sum(place[e] for e in joined[iri]) / len(joined[iri]) if joined[iri] else 1.0
            for iri in column
        }
        column.sort(key=middle.__getitem__)


def _height(rows: Sequence[object]) -> float:
    return _HEAD + _ROW * len(rows) + (6 if rows else 0)


def _box(card: Card, rows: Sequence[tuple[str, str]], names: Mapping[str, str]) -> Box:
    said = [name if to == _ANYTHING else f"{name} → {names[to]}" for name, to in rows]
    lines = (
        Line(10, 18, clip(card.ref.label, _LETTERS - 11), "name"),
        Line(_WIDTH - 10, 18, number(str(card.count)), "much"),
        *(Line(10, _HEAD + _ROW * n + 11, clip(each, _LETTERS)) for n, each in enumerate(said)),
    )
    return Box(card.anchor, "part" if card.above else "", _WIDTH, _height(rows), lines)


def _flow(start: Box, row: int, end: Box) -> Flow:
    """A line from a row to the head of a box: to its near side."""
    x, y = start.x + _WIDTH, start.y + _HEAD + _ROW * (row + 0.5)
    forth = end.x > start.x
    to, down = end.x if forth else end.x + _WIDTH, end.y + _HEAD / 2
    bend = max(24.0, abs(to - x) / 2)
    return Flow("flow", curve(x, y, to, down, x + bend, to - bend if forth else to + bend))
