"""Which type of intervention was tried against which type of threat, in how many programmes."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from hsgraph.describe.pages import Paged
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.values import by_key, texts
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Parameters
from hsgraph.errors import UnknownEntity
from hsgraph.explore.counts import Counts
from hsgraph.explore.queries import query
from hsgraph.explore.worldmap import Band, bands
from hsgraph.languages import later, told
from hsgraph.namespaces import VOCAB

THREATS = VOCAB + "threat-type"
INTERVENTIONS = VOCAB + "intervention-type"


@dataclass(frozen=True)
class Head:
    """A row or column; `opens` says that there are narrower types, `whole` that it sums them."""

    ref: Ref
    opens: bool
    whole: bool = False


@dataclass(frozen=True)
class Axis:
    """One side: the type that was opened, the way back up from it, and its heads."""

    opened: Ref | None
    above: Ref | None
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class Cell:
    """Programmes in which an intervention of the column answers a threat of the row."""

    programmes: int
    shade: int


@dataclass(frozen=True)
class Matrix:
    """Rows of cells in the order of the heads."""

    threats: Axis
    interventions: Axis
    cells: tuple[tuple[Cell, ...], ...]
    bands: tuple[Band, ...]
    left_out: int
    """Programmes of which no intervention is known to answer a threat, of any type."""

    @property
    def most(self) -> tuple[Ref, Ref, int] | None:
        """The threat and the intervention that most programmes bring together, sums aside."""
        met = [
            (row.ref, column.ref, cell.programmes)
            for row, cells in zip(self.threats.heads, self.cells, strict=True)
            for column, cell in zip(self.interventions.heads, cells, strict=True)
            if cell.programmes and not row.whole and not column.whole
        ]
        return max(met, key=lambda pair: pair[2], default=None)


@dataclass(frozen=True)
class Answers(Paged):
    """One page of what was tried of one type against another.

    Each programme is `tried` with its pairs of intervention and threat.
    """

    threat: Ref
    intervention: Ref
    tried: tuple[tuple[Programme, list[tuple[Ref, Ref]]], ...]


def matrix(engine: Engine, counts: Counts, threat: str = "", intervention: str = "") -> Matrix:
    """The matrix of top types, or of those narrower than the ones opened (IRIs).

    Raises `UnknownEntity` for what is no type of threat or of intervention.
    """
    rows = _axis(engine, THREATS, threat)
    columns = _axis(engine, INTERVENTIONS, intervention)
    met = [
        [counts.tried.get((row.ref.iri, column.ref.iri), 0) for column in columns.heads]
        for row in rows.heads
    ]
    shades = bands(max((number for line in met for number in line), default=0))
    cells = tuple(tuple(_cell(number, shades) for number in line) for line in met)
    return Matrix(rows, columns, cells, shades, len(counts.untried))


def answers(
    engine: Engine, counts: Counts, threat: str, intervention: str, *, page: int, size: int
) -> Answers:
    """Programmes behind one cell, with what each did against which threat."""
    bound: Parameters = {"threat": NamedNode(threat), "intervention": NamedNode(intervention)}
    some = f"{query('answering')} LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    shown = [row["project"] for row in texts(engine, some, bound)]
    rows = texts(engine, query("answers"), {**bound, "projects": [*map(NamedNode, shown)]})
    pairs = by_key((row["project"], (row["intervention"], row["threat"])) for row in rows)
    named = {iri for found in pairs.values() for pair in found for iri in pair}
    labels = Labels.fetch(engine, [threat, intervention, *named])
    tried = tuple(
        (line, [(labels.ref(i), labels.ref(t)) for i, t in sorted(pairs[line.ref.iri])])
        for line in lines(engine, shown)
    )
    number = counts.tried.get((threat, intervention), 0)
    return Answers(number, page, size, labels.ref(threat), labels.ref(intervention), tried)


def _cell(programmes: int, shades: tuple[Band, ...]) -> Cell:
    shade = next((band.shade for band in shades if programmes <= band.last), 0)
    return Cell(programmes, shade if programmes else 0)


def _axis(engine: Engine, scheme: str, opened: str) -> Axis:
    rows = [*texts(engine, query("concepts"), {"scheme": NamedNode(scheme)})]
    above = {row["concept"]: row.get("above", "") for row in rows}
    below = by_key((row.get("above", ""), row["concept"]) for row in rows)
    if opened and opened not in above:
        raise UnknownEntity(
            told(later("“{1}” is no concept of this vocabulary."), opened[:200]),
            remedy=later("Choose a row or column of the whole matrix."),
        )
    shown = below.get(opened, [])
    labels = Labels.fetch(engine, {*shown, opened, above.get(opened, "")} - {""})
    heads = [Head(ref, bool(below.get(ref.iri))) for ref in labels.sorted(shown)]
    if not opened:
        return Axis(None, None, tuple(heads))
    upper = labels.ref(above[opened]) if above[opened] else None
    whole = Head(labels.ref(opened), opens=False, whole=True)
    return Axis(labels.ref(opened), upper, (whole, *heads))
