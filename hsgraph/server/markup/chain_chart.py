"""The chain of a programme as a drawing: threats, what is done about them, the objectives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from markupsafe import Markup

from hsgraph.describe.programme.chain import Chain
from hsgraph.describe.words.labels import Ref
from hsgraph.describe.words.wording import filled
from hsgraph.languages import later
from hsgraph.languages import translated as _
from hsgraph.server.markup.markup import clip, escape, markup

_NARROW_LETTERS: Final = frozenset("fijlrt.,;:'’()-– I")
_WIDE_LETTERS: Final = frozenset("mwMW@%")
_TURNS: Final = dict.fromkeys(
    [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
"""Marks that turn text around (UAX #9); SVG has no element like `bdi` to hold them in one line."""
_HEAD: Final = 24
"""Height of the line with the names of the columns."""
_TOLD: Final = later(
    "{1} threats on the left, {2} interventions beside them, {3} objectives. A line joins an intervention to what it answers and serves; an arrow joins a threat to one that it drives. The lists below say the same."  # noqa: E501
)
_HEADS: Final = (later("Threats"), later("What is done"), later("Objectives"))


@dataclass(frozen=True)
class Form:
    """Measures of a drawing: for a wide page, or for a phone."""

    name: str
    width: float
    gutter: float
    between: float
    letters: float
    most_lines: int
    apart: float


WIDE: Final = Form("wide", 1150, 48, 80, 13, 3, 8)
NARROW: Final = Form("narrow", 344, 18, 14, 12, 6, 6)


@dataclass(frozen=True)
class Box:
    """A thing of the chain where it is drawn."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    label: str
    anchor: str

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def chain_chart(chain: Chain, form: Form) -> Markup:
    """The drawing, with a link from each box to what the page says of it; "" without a chain."""
    acts = chain.interventions
    if not chain.threats or not acts:
        return Markup()
    columns = (
        [(f"threat-{n}", t.fact.label) for n, t in enumerate(chain.threats, 1)],
        [(f"intervention-{n}", act.intervention.fact.label) for n, act in enumerate(acts, 1)],
        [(f"objective-{o.number}", o.fact.label) for o in chain.objectives],
    )
    boxes, height = _placed([column for column in columns if column], form)
    found = {box.anchor: box for box in boxes}
    drawn = [
        *(_flow(found[a], found[b], "answers") for a, b in _answers(chain)),
        *(_flow(found[a], found[b], "serves") for a, b in _serves(chain) if b in found),
        *(_drive(found[a], found[b], n, form) for n, (a, b) in enumerate(_drives(chain))),
        *map(_drawn, boxes, [form] * len(boxes)),
        *_heads(boxes, form),
    ]
    told = filled(_(_TOLD), len(chain.threats), len(acts), len(chain.objectives))
    name = f"chain-{form.name}"
    return markup(
        f'<svg class="chain-chart {form.name}" viewBox="0 0 {form.width:g} {height:g}" '
        f'role="group" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{_("From threats to objectives")}</title>'
        f'<desc id="{name}-desc">{told}</desc>'
        f'<defs><marker id="{name}-tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" '
        'markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>'
        + "".join(drawn).replace("url(#tip)", f"url(#{name}-tip)")
        + "</svg>"
    )


def _placed(columns: list[list[tuple[str, str]]], form: Form) -> tuple[list[Box], float]:
    """Every box in its column, each column in the middle of the highest."""
    room = form.width - 2 - form.gutter - form.between * (len(columns) - 1)
    width = round(room / len(columns), 1)
    made = []
    for place, column in enumerate(columns):
        x, y = form.gutter + place * (width + form.between), float(_HEAD)
        boxes = []
        for anchor, label in column:
            lines = wrapped(label, (width - 14) / form.letters, form.most_lines)
            height = round(len(lines) * form.letters * 1.22 + 11, 1)
            boxes.append(Box(round(x, 1), y, width, max(height, 26), lines, label, anchor))
            y += max(height, 26) + form.apart
        made.append((boxes, y))
    highest = max(end for _, end in made)
    spread = [box for boxes, end in made for box in _apart(boxes, highest - end)]
    return spread, round(highest, 1)


def _apart(boxes: Sequence[Box], left: float) -> Iterator[Box]:
    """The boxes of a column with the height that is left between them."""
    gap = left / (len(boxes) + 1)
    for n, box in enumerate(boxes, 1):
        y = round(box.y + gap * n, 1)
        yield Box(box.x, y, box.width, box.height, box.lines, box.label, box.anchor)


def wrapped(text: str, width: float, most: int) -> tuple[str, ...]:
    """A text in lines of about `width` times the height of its letters, at most so many."""
    lines = [""]
    for word in _pieces(text.translate(_TURNS), width):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _extent(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(",;") + " …"]
    return tuple(lines)


def _pieces(text: str, width: float) -> Iterator[str]:
    """The words, those longer than a line in pieces."""
    for word in text.split():
        while _extent(word) > width:
            fits = next(
                n for n in count(len(word) - 1, -1) if n < 4 or _extent(word[:n]) < width - 0.4
            )
            yield word[:fits] + "-"
            word = word[fits:]
        yield word


def _extent(text: str) -> float:
    """The width of a text in units of the height of its letters: a guess that is not too small."""
    narrow = sum(c in _NARROW_LETTERS for c in text)
    wide = sum(c in _WIDE_LETTERS or c.isupper() for c in text)
    return 0.4 * narrow + 0.82 * wide + 0.63 * (len(text) - narrow - wide)


def _answers(chain: Chain) -> Iterator[tuple[str, str]]:
    for n, act in enumerate(chain.interventions, 1):
        for threat, _link in act.threats:
            yield f"threat-{threat}", f"intervention-{n}"


def _serves(chain: Chain) -> Iterator[tuple[str, str]]:
    for n, act in enumerate(chain.interventions, 1):
        for number, _link in act.intervention.objectives:
            yield f"intervention-{n}", f"objective-{number}"


def _drives(chain: Chain) -> Iterator[tuple[str, str]]:
    numbers = {
        t.fact.value.iri: n for n, t in enumerate(chain.threats, 1) if isinstance(t.fact.value, Ref)
    }
    for n, threat in enumerate(chain.threats, 1):
        for drive in threat.drives:
            other = numbers.get(drive.threat.iri, n)
            if other != n:
                yield f"threat-{n}", f"threat-{other}"


def _flow(start: Box, end: Box, kind: str) -> str:
    x1, x2 = start.x + start.width, end.x
    bend = (x1 + x2) / 2
    return (
        f'<path class="{kind}" d="M{x1:g} {start.middle:g}C{bend:g} {start.middle:g} '
        f'{bend:g} {end.middle:g} {x2:g} {end.middle:g}"/>'
    )


def _drive(start: Box, end: Box, number: int, form: Form) -> str:
    """An arrow at the left of the threats; arrows that start or end at one box stand apart."""
    out = start.x - form.gutter * (0.5 + 0.75 * (number % 4) / 3)
    down = 1 if end.y > start.y else -1
    y1, y2 = start.middle + 3 * down, end.middle - 3 * down
    return (
        f'<path class="drives" marker-end="url(#tip)" d="M{start.x:g} {y1:g}C{out:g} {y1:g} '
        f'{out:g} {y2:g} {end.x - 1:g} {y2:g}"/>'
    )


def _drawn(box: Box, form: Form) -> str:
    step = form.letters * 1.22
    top = box.middle - step * (len(box.lines) - 1) / 2 + form.letters * 0.35
    lines = "".join(
        f'<tspan x="{box.x + 7:g}" y="{top + step * n:.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(box.lines)
    )
    cut = box.lines[-1].endswith(" …")
    title = f"<title>{escape(clip(box.label))}</title>" if cut else ""
    return (
        f'<a href="#{escape(box.anchor)}" class="{box.anchor.partition("-")[0]}">{title}'
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="4"/>'
        f'<text font-size="{form.letters:g}">{lines}</text></a>'
    )


def _heads(boxes: Iterable[Box], form: Form) -> Iterator[str]:
    columns = dict.fromkeys((box.x, box.anchor.partition("-")[0]) for box in boxes)
    for x, kind in columns:
        head = _(_HEADS[("threat", "intervention", "objective").index(kind)])
        yield f'<text class="head" x="{x:g}" y="14" font-size="{form.letters:g}">{head}</text>'
