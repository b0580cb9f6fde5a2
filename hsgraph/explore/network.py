"""Who works with whom: organisations that take part in the same programmes, counted and drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hsgraph.build.index.words import fold
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine
from hsgraph.explore.charts.chart import Stroke
from hsgraph.explore.counts import Counts, Pair
from hsgraph.languages import translated as _
from hsgraph.namespaces import HS

SIZES: Final = (20, 40, 80)
RADIUS: Final = 250.0
MOST_NODES: Final = 40
_WIDEST: Final = 9.0


@dataclass(frozen=True)
class Together:
    """Two organisations and the number of programmes that both take part in."""

    one: Ref
    other: Ref
    programmes: int


@dataclass(frozen=True)
class Node:
    """An organisation on the circle; `turn` is the angle of its name in degrees."""

    ref: Ref
    x: float
    y: float
    size: float
    agency: bool
    turn: float
    flipped: bool
    programmes: int


@dataclass(frozen=True)
class Network:
    """The pairs that meet most often, as a table and as a drawing of them."""

    about: Ref | None
    pairs: tuple[Together, ...]
    total: int
    nodes: tuple[Node, ...]
    edges: tuple[Stroke, ...]


def network(engine: Engine, counts: Counts, about: str = "", most: int = SIZES[1]) -> Network:
    """The network of all organisations, or of those one (an IRI) works with; ties are not cut."""
    found = [(p, n) for p, n in counts.together.items() if not about or about in p]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    least = found[most][1] if most < len(found) else 0
    shown = [each for each in found[:most] if each[1] > least] or found[:most]
    labels = Labels.fetch(engine, {*(iri for pair, _ in shown for iri in pair), about} - {""})
    turned = ((pair[::-1] if pair[1] == about else pair, number) for pair, number in shown)
    pairs = tuple(Together(labels.ref(a), labels.ref(b), number) for (a, b), number in turned)
    named = labels.ref(about) if about else None
    return Network(named, pairs, len(found), *_drawn(labels, shown, counts))


def _is_agency(labels: Labels, iri: str) -> bool:
    return HS + "Agency" in labels.of(iri).types


def _drawn(
    labels: Labels, shown: list[tuple[Pair, int]], counts: Counts
) -> tuple[tuple[Node, ...], tuple[Stroke, ...]]:
    """Nodes on a circle, by name; lines bend towards its middle, the thicker the more."""
    iris = list(dict.fromkeys(iri for pair, _ in shown for iri in pair))[:MOST_NODES]
    iris.sort(key=lambda iri: (not _is_agency(labels, iri), fold(_short(labels.ref(iri)))))
    largest = max((counts.takes_part.get(iri, 1) for iri in iris), default=1)
    nodes = {}
    for place, iri in enumerate(iris):
        angle = 2 * math.pi * place / len(iris) - math.pi / 2
        programmes = counts.takes_part.get(iri, 0)
        nodes[iri] = Node(
            ref=labels.ref(iri),
            x=round(RADIUS * math.cos(angle), 1),
            y=round(RADIUS * math.sin(angle), 1),
            size=round(4 + 9 * math.sqrt(programmes / largest), 1),
            agency=_is_agency(labels, iri),
            turn=round(math.degrees(angle), 1),
            flipped=math.cos(angle) < -0.001,
            programmes=programmes,
        )
    strongest = max((number for _, number in shown), default=1)
    edges = tuple(
        _edge(nodes[one], nodes[other], number, strongest)
        for (one, other), number in reversed(shown)
        if one in nodes and other in nodes
    )
    return tuple(nodes.values()), edges


def _edge(one: Node, other: Node, number: int, strongest: int) -> Stroke:
    bend = 0.25
    x, y = (one.x + other.x) / 2 * bend, (one.y + other.y) / 2 * bend
    path = f"M{one.x:g},{one.y:g}Q{x:.1f},{y:.1f},{other.x:g},{other.y:g}"
    words = f"{_short(one.ref)} {_('and')} {_short(other.ref)}: {wording.figure(number)}"
    return Stroke(path, round(max(0.75, _WIDEST * number / strongest), 2), words)


def _short(ref: Ref) -> str:
    return ref.acronym or ref.label
