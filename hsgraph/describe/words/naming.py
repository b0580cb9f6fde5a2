"""What an RDF document says of the things it only mentions: their types, and what they are called.

Both as the graph has them: who is named by `foaf:name` there keeps that property here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from hsgraph.build.index.aggregates_reader import OF_ONE_PROGRAMME
from hsgraph.describe.queries import query
from hsgraph.describe.words.labels import BATCH, REMEMBERED
from hsgraph.engine.lookups import Lookups
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import NAMING, RDF

_TYPE: Final = NamedNode(RDF + "type")
_NAMES: Final = tuple(NamedNode(name) for name in NAMING)


def naming(engine: Engine, things: Iterable[NamedNode]) -> list[Triple]:
    """Type and name of each thing; of the properties that name it the first that it has."""
    if engine.lookups is not None:
        near = engine.lookups
        return [triple for thing in things for triple in _remembered(near, thing)]
    return [triple for batch in _batches(list(things)) for triple in _asked(engine, batch)]


def _remembered(lookups: Lookups, thing: NamedNode) -> tuple[Triple, ...]:
    """Kept for the next document, unless the thing is part of one programme."""
    memory: dict[str, tuple[Triple, ...]] = lookups.memory.setdefault("named", {})
    iri = thing.value
    known = memory.get(iri)
    if known is None:
        known = tuple(_looked_up(lookups, thing))
        if not iri.startswith(OF_ONE_PROGRAMME):
            if len(memory) >= REMEMBERED:
                memory.clear()
            memory[iri] = known
    return known


def _looked_up(lookups: Lookups, thing: NamedNode) -> list[Triple]:
    values = {_TYPE: lookups.values(thing, _TYPE)}
    for name in _NAMES:
        values[name] = lookups.values(thing, name)
        if any(isinstance(value, Literal) for value in values[name]):
            break
    return _triples(thing, values)


def _asked(engine: Engine, things: list[NamedNode]) -> list[Triple]:
    found: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.select(query("labels"), {"things": things, "naming": list(_NAMES)}).rows:
        thing, about = row["thing"], row["about"]
        if isinstance(thing, NamedNode) and isinstance(about, NamedNode):
            found[thing][about].append(row["value"])
    return [triple for thing, values in found.items() for triple in _triples(thing, values)]


def _triples(thing: NamedNode, values: dict[NamedNode, list[Term]]) -> list[Triple]:
    types = [value for value in values.get(_TYPE, ()) if isinstance(value, NamedNode)]
    said = [Triple(thing, _TYPE, type_) for type_ in types]
    for name in _NAMES:
        names = [value for value in values.get(name, ()) if isinstance(value, Literal)]
        if names:
            return said + [Triple(thing, name, value) for value in names]
    return said


def _batches(things: list[NamedNode]) -> Iterable[list[NamedNode]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))
