"""The chain of a programme as a drawing: threats, what is done about them, the objectives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hsgraph.describe.programme.chain import Chain
from hsgraph.describe.words.labels import Ref
from hsgraph.describe.words.wording import filled
from hsgraph.explore.charts.chart import Box, Chart, Flow, Line, curve, placed, wrapped
from hsgraph.languages import later
from hsgraph.languages import translated as _

_HEAD: Final = 24
"""Height of the line with the names of the columns."""
_APART: Final = 6
_TOLD: Final = later(
    "{1} threats on the left, {2} interventions beside them, {3} objectives. A line joins an intervention to what it answers and serves; an arrow joins a threat to one that it drives. The lists below say the same."  # noqa: E501
)
_HEADS: Final = {
    "threat": later("Threats"),
    "intervention": later("What is done"),
    "objective": later("Objectives"),
}


@dataclass(frozen=True)
class Form:
    """Measures of a drawing: for a wide page, or for a phone."""

    name: str
    width: float
    gutter: float
    between: float
    letters: float
    most_lines: int


WIDE: Final = Form("wide", 1150, 48, 80, 13, 3)
NARROW: Final = Form("narrow", 344, 14, 9, 11.75, 6)


def chain_chart(chain: Chain, form: Form) -> Chart | None:
    """The drawing, each box named as the page names what it says of it; None without a chain."""
    acts = chain.interventions
    if not chain.threats or not acts:
        return None
    columns = [
        [("threat", str(n), t.fact.label) for n, t in enumerate(chain.threats, 1)],
        [("intervention", str(n), act.fact.label) for n, act in enumerate(acts, 1)],
        [("objective", o.number, o.fact.label) for o in chain.objectives],
    ]
    columns = [column for column in columns if column]
    room = form.width - 2 - form.gutter - form.between * (len(columns) - 1)
    width = round(room / len(columns), 1)
    drawn = [[_box(*each, width, form) for each in column] for column in columns]
    boxes, height = placed(drawn, form.gutter, _HEAD, form.between, _APART)
    starts = dict.fromkeys((box.x, box.css) for box in boxes)
    return Chart(
        name=f"chain-{form.name}",
        css=f"chain-chart {form.name}",
        width=form.width,
        height=height,
        letters=form.letters,
        title=_("From threats to objectives"),
        told=filled(_(_TOLD), len(chain.threats), len(acts), len(chain.objectives)),
        boxes=tuple(boxes),
        flows=tuple(_flows(chain, {box.anchor: box for box in boxes}, form)),
        heads=tuple(Line(x, 14, _(_HEADS[css]), "head") for x, css in starts),
    )


def _box(kind: str, number: str, label: str, width: float, form: Form) -> Box:
    lines = wrapped(label, (width - 12) / form.letters, form.most_lines)
    step = form.letters * 1.22
    height = max(round(len(lines) * step + 11, 1), 26)
    top = height / 2 - step * (len(lines) - 1) / 2 + form.letters * 0.35
    written = tuple(Line(7, round(top + step * n, 1), line) for n, line in enumerate(lines))
    cut = label if lines[-1].endswith(" …") else ""
    return Box(f"{kind}-{number}", kind, width, height, written, cut)


def _flows(chain: Chain, boxes: dict[str, Box], form: Form) -> Iterator[Flow]:
    for n, act in enumerate(chain.interventions, 1):
        for threat, _link in act.answers:
            yield _joined(boxes[f"threat-{threat}"], boxes[f"intervention-{n}"], "answers")
    for n, act in enumerate(chain.interventions, 1):
        for number, _link in act.objectives:
            if objective := boxes.get(f"objective-{number}"):
                yield _joined(boxes[f"intervention-{n}"], objective, "serves")
    for n, (start, end) in enumerate(_drives(chain)):
        yield _drive(boxes[f"threat-{start}"], boxes[f"threat-{end}"], n, form)


def _drives(chain: Chain) -> Iterator[tuple[int, int]]:
    numbers = {
        t.fact.value.iri: n for n, t in enumerate(chain.threats, 1) if isinstance(t.fact.value, Ref)
    }
    for n, threat in enumerate(chain.threats, 1):
        for drive in threat.drives:
            other = numbers.get(drive.threat.iri, n)
            if other != n:
                yield n, other


def _joined(start: Box, end: Box, kind: str) -> Flow:
    x = start.x + start.width
    bend = (x + end.x) / 2
    return Flow(kind, curve(x, start.middle, end.x, end.middle, bend, bend))


def _drive(start: Box, end: Box, number: int, form: Form) -> Flow:
    """An arrow at the left of the threats; arrows that start or end at one box stand apart."""
    out = start.x - form.gutter * (0.5 + 0.75 * (number % 4) / 3)
    down = 3 if end.y > start.y else -3
    path = curve(start.x, start.middle + down, end.x - 1, end.middle - down, out, out)
    return Flow("drives", path, arrow=True)
