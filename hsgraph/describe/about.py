"""What the dataset says of itself: who makes it, how complete it is, what the marks mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.describe.queries import query
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import Labels, Ref, chosen
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import DATASET

HELP: Final = DATASET + "#help"
"""The whole that the key to the marks is part of."""
LINE: Final = "line"
"""The section that the home page shows alone."""


@dataclass(frozen=True)
class Section:
    """One section of a page; `name` is the end of its IRI, by which pages link to it."""

    name: str
    title: str
    text: str
    sources: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class About:
    """The sections of both pages, and what the home page says of it in one line."""

    line: str = ""
    sections: tuple[Section, ...] = ()
    help: tuple[Section, ...] = ()


def about(engine: Engine) -> About:
    """Read all of it; of a dataset that says nothing of itself, nothing."""
    sections, help = _sections(engine, DATASET), _sections(engine, HELP)
    return About(
        line=next((each.text for each in sections if each.name == LINE), ""),
        sections=tuple(each for each in sections if each.name != LINE),
        help=help,
    )


def _sections(engine: Engine, whole: str) -> tuple[Section, ...]:
    rows = engine.select(query("sections"), {"whole": NamedNode(whole)}).rows
    labels = Labels.fetch(engine, [row["source"] for row in rows if "source" in row])
    return tuple(
        Section(
            iri.rpartition("-")[2],
            chosen(row["title"] for row in of),
            chosen(row["text"] for row in of),
            tuple(dict.fromkeys(labels.ref(r["source"].value) for r in of if "source" in r)),
        )
        for iri, of in by_key((row["section"].value, row) for row in rows).items()
    )
