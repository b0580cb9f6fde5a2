"""The classes of an ontology as a drawing: what each has that leads to another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from hsgraph.describe.entity.model import Card
from hsgraph.describe.words.wording import filled
from hsgraph.languages import later, translated
from hsgraph.server.markup.markup import clip, escape, markup

_WIDTH: Final = 240
_BETWEEN: Final = 50
_HEAD: Final = 26
_ROW: Final = 16
_APART: Final = 14
_LETTERS: Final = 38
"""Letters that a line of a box has room for."""
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


@dataclass(frozen=True)
class _Box:
    card: Card
    x: float
    y: float
    rows: Sequence[tuple[str, str]]

    @property
    def height(self) -> float:
        return _height(self.rows)


def model_chart(cards: Sequence[Card]) -> Markup:
    """The drawing, with a link from each class to its card; "" where no class leads to another."""
    drawn = {card.ref.iri: card for card in _drawn(cards)}
    lines = _lines(drawn, cards)
    if not any(lines.values()):
        return Markup()
    columns = _columns(list(drawn), lines)
    boxes = _placed(columns, drawn, lines)
    width = len(columns) * (_WIDTH + _BETWEEN) - _BETWEEN + 2
    height = max(box.y + box.height for box in boxes.values()) + 2
    names = {card.ref.iri: card.ref.label for card in cards}
    flows = [_flow(box, place, boxes[to]) for box in boxes.values() for place, to in _ends(box)]
    told = filled(translated(_TOLD), len(boxes))
    return markup(
        f'<svg class="model-chart" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="group" aria-labelledby="model-title" '
        f'aria-describedby="model-desc"><title id="model-title">{translated(_TITLE)}</title>'
        f'<desc id="model-desc">{told}</desc>'
        f"{''.join(flows)}{''.join([_written(box, names) for box in boxes.values()])}</svg>"
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


def _placed(
    columns: Sequence[Sequence[str]], drawn: Mapping[str, Card], lines: _Lines
) -> dict[str, _Box]:
    heights = [sum(_height(lines[iri]) + _APART for iri in column) for column in columns]
    boxes = {}
    for number, column in enumerate(columns):
        gap = (max(heights) - heights[number]) / (len(column) + 1)
        y = 1 + gap
        for iri in column:
            boxes[iri] = _Box(drawn[iri], 1 + number * (_WIDTH + _BETWEEN), round(y), lines[iri])
            y += boxes[iri].height + _APART + gap
    return boxes


def _height(rows: Sequence[object]) -> float:
    return _HEAD + _ROW * len(rows) + (6 if rows else 0)


def _ends(box: _Box) -> Iterator[tuple[int, str]]:
    """The rows of a box from which a line leads to another, with that one."""
    return (
        (n, to) for n, (_, to) in enumerate(box.rows) if to not in (box.card.ref.iri, _ANYTHING)
    )


def _flow(start: _Box, row: int, end: _Box) -> str:
    """A line from a row to the head of a box: to its near side."""
    x, y = start.x + _WIDTH, start.y + _HEAD + _ROW * (row + 0.5)
    forth = end.x > start.x
    to, down = end.x if forth else end.x + _WIDTH, end.y + _HEAD / 2
    bend = max(24.0, abs(to - x) / 2)
    near = to - bend if forth else to + bend
    curve = f"C{x + bend:g} {y:g} {near:g} {down:g} {to:g} {down:g}"
    return f'<path class="flow" d="M{x:g} {y:g}{curve}"/>'


def _written(box: _Box, names: Mapping[str, str]) -> str:
    card = box.card
    said = [name if to == _ANYTHING else f"{name} → {names[to]}" for name, to in box.rows]
    rows = "".join(
        f'<text x="{box.x + 10:g}" y="{box.y + _HEAD + _ROW * n + 11:g}">'
        f"{escape(clip(line, _LETTERS))}</text>"
        for n, line in enumerate(said)
    )
    part = ' class="part"' if card.above else ""
    return (
        f'<a href="#{card.anchor}"{part}><rect x="{box.x:g}" y="{box.y:g}" width="{_WIDTH}" '
        f'height="{box.height:g}" rx="4"/><text class="name" x="{box.x + 10:g}" '
        f'y="{box.y + 18:g}">{escape(clip(card.ref.label, _LETTERS - 11))}</text>'
        f'<text class="much" x="{box.x + _WIDTH - 10:g}" y="{box.y + 18:g}">{card.count:,}</text>'
        f"{rows}</a>"
    )
