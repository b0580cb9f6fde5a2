"""The programmes that fit a choice: by facets, by words, by things they have to do with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hsgraph.browse.catalogue import Catalogue, Found, bits_of
from hsgraph.browse.choice import Choice
from hsgraph.browse.sparql import as_sparql, narrowing
from hsgraph.build.index.facets import BY_NAME
from hsgraph.build.snapshot import Snapshot
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.facets import facets
from hsgraph.describe.values import per_version
from hsgraph.describe.words.labels import Labels
from hsgraph.engine.protocol import Engine
from hsgraph.languages import DEFAULT, reader
from hsgraph.search.search import Search


@dataclass(frozen=True)
class ChosenList:
    """A list of programmes; `best` are those with its words, the best first."""

    catalogue: Catalogue
    choice: Choice
    found: Found
    best: tuple[str, ...] = ()

    @property
    def sparql(self) -> str:
        return as_sparql(self.choice, self.best if self.choice.text else None)

    def ordered(self) -> Iterator[int]:
        """The programmes of the whole list in its order, by number."""
        return self.catalogue.ordered(self.found.bits, self.choice.order, self.best)


def chosen(
    engine: Engine,
    snapshot: Snapshot | None,
    shared: Shared,
    search: Search,
    choice: Choice,
) -> ChosenList:
    """The programmes that fit a choice."""
    catalogue = _catalogue(engine, snapshot)
    within = _linked(engine, snapshot, shared, choice.about)
    best: tuple[str, ...] = ()
    if choice.text:
        best = _matching(engine, search, choice.text)
        within &= catalogue.bits(best)
    return ChosenList(catalogue, choice, catalogue.find(choice, within), best)


@per_version(2, by_reader=True)
def _catalogue(engine: Engine, snapshot: Snapshot | None) -> Catalogue:
    """All programmes of a version of the data, with names of values in the reader's language."""
    found = facets(engine, snapshot.search if snapshot else None)
    if reader() == DEFAULT:
        return Catalogue(found)
    things = {name: of for name, of in found.values.items() if not BY_NAME[name].plain}
    labels = Labels.fetch(engine, {each.value for of in things.values() for each in of})
    named = {
        name: tuple(replace(each, label=labels.ref(each.value).label) for each in of)
        for name, of in things.items()
    }
    return Catalogue(replace(found, values={**found.values, **named}))


@per_version(256)
def _linked(
    engine: Engine, snapshot: Snapshot | None, shared: Shared, about: tuple[str, ...]
) -> int:
    """The programmes that have to do with all of some things."""
    catalogue = _catalogue(engine, snapshot)
    found, others = -1, []
    for iri in about:
        members = shared.members(iri)
        if members is None:
            others.append(iri)
        else:
            found &= bits_of(members, catalogue.size)
    if others:
        rows = engine.select(narrowing(Choice(about=tuple(others)))).rows
        found &= catalogue.bits(row["project"].value for row in rows)
    return found


@per_version(64)
def _matching(engine: Engine, search: Search, text: str) -> tuple[str, ...]:
    return tuple(search.programmes(text))
