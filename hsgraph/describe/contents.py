"""What is in a dataset of whatever kind: classes, named graphs, and the things of a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.labels import Labels, Ref
from hsgraph.describe.queries import query
from hsgraph.engine.protocol import Engine, Solutions
from hsgraph.errors import UnknownEntity

SHOWN: Final = 200
"""Most classes and most graphs that a page lists."""
PAGE: Final = 50


@dataclass(frozen=True)
class Contents:
    """Classes with their things, and named graphs with their statements, counted, largest first."""

    classes: tuple[tuple[Ref, int], ...]
    graphs: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Members:
    """One page of the things of a class."""

    about: Ref
    total: int
    things: tuple[Ref, ...]
    page: int
    pages: int


def programmes_are_in(engine: Engine) -> bool:
    """Whether the dataset holds programmes, or is somebody's data of another kind."""
    return engine.ask("ASK { ?programme a hs:Project }")


def contents(engine: Engine) -> Contents:
    """What is in the dataset. Two queries, and one for the labels."""
    classes = engine.select(query("classes"))
    graphs = engine.select(query("graphs"))
    names = [row["class"].value for row in classes.rows if isinstance(row["class"], NamedNode)]
    labels = Labels.fetch(engine, names)
    return Contents(
        tuple((labels.ref(iri), number) for iri, number in _counted(classes, "class")),
        tuple(_counted(graphs, "graph")),
    )


def members(engine: Engine, iri: str, page: int) -> Members:
    """One page of the things of a class, by address. Raises UnknownEntity when there are none."""
    about = NamedNode(iri)
    counted = engine.select(query("class_size"), {"class": about}).rows
    total = int(counted[0]["number"].value) if counted else 0
    pages = max(1, -(-total // PAGE))
    if not total or page > pages:
        raise UnknownEntity(f"Nothing here is of the class {iri}.")
    text = f"{query('members')} LIMIT {PAGE:d} OFFSET {(page - 1) * PAGE:d}"
    things = [row["thing"].value for row in engine.select(text, {"class": about}).rows]
    labels = Labels.fetch(engine, [iri, *things])
    return Members(labels.ref(iri), total, tuple(map(labels.ref, things)), page, pages)


def _counted(found: Solutions, name: str) -> list[tuple[str, int]]:
    return [
        (row[name].value, int(row["number"].value))
        for row in found.rows
        if isinstance(row[name], NamedNode) and isinstance(row["number"], Literal)
    ]
