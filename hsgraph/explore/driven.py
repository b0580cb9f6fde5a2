"""What stands behind one count of what drives what: the programmes, the words, how it is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from hsgraph.describe.entity.facts import Passage
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.shared.stated import passages
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.engine.protocol import Engine, Row
from hsgraph.explore.queries import query

MOST_PROGRAMMES = 50


@dataclass(frozen=True)
class Said:
    """One link: how it works, whether a source says so or it is our reading, the words cited."""

    link: Ref
    source: Ref
    target: Ref
    how: str
    basis: Ref | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Driven:
    """All links from one type of threat to another; `programmes` counts those not listed too.

    Each programme that is `told` comes with its links.
    """

    cause: Ref
    effect: Ref
    programmes: int
    told: tuple[tuple[Programme, list[Said]], ...]


def driven(engine: Engine, cause: str, effect: str) -> Driven:
    """The links from threats of one type to threats of another (IRIs), by programme."""
    bound = {"cause": NamedNode(cause), "effect": NamedNode(effect)}
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.select(query("driven"), bound).rows:
        found[row["project"].value][row["link"].value].append(row)
    shown = list(found)[:MOST_PROGRAMMES]
    rows = [row for project in shown for told in found[project].values() for row in told]
    named = ("link", "from", "to", "basis", "evidence")
    iris = {row[name].value for row in rows for name in named if name in row}
    labels = Labels.fetch(engine, {cause, effect, *iris})
    cited = passages(engine, labels, {r["evidence"].value for r in rows if "evidence" in r})
    told = tuple(
        (line, [_said(labels, rows, cited) for rows in found[line.ref.iri].values()])
        for line in lines(engine, shown)
    )
    return Driven(labels.ref(cause), labels.ref(effect), len(found), told)


def _said(labels: Labels, rows: list[Row], cited: Mapping[str, Passage]) -> Said:
    first = rows[0]
    evidence = dict.fromkeys(row["evidence"].value for row in rows if "evidence" in row)
    return Said(
        link=labels.ref(first["link"].value),
        source=labels.ref(first["from"].value),
        target=labels.ref(first["to"].value),
        how=first["how"].value if "how" in first else "",
        basis=labels.ref(first["basis"].value) if "basis" in first else None,
        passages=tuple(cited[each] for each in evidence),
    )
