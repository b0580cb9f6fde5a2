"""Some properties of some things, by look-ups where the data is near, else by queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from itertools import islice
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from pyoxigraph import NamedNode, Triple

from hsgraph.describe.queries import query
from hsgraph.engine.protocol import Engine, Parameters, Term
from hsgraph.languages import KNOWN, reader
from hsgraph.namespaces import RDF

K = TypeVar("K")
P = ParamSpec("P")
T = TypeVar("T")
REMEMBERED: Final = 20_000
"""Most things of which something is kept in memory for the next page."""
_BATCH: Final = 1_000
FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
NIL: Final = NamedNode(RDF + "nil")
Values = Mapping[str, Sequence[Term]]
"""The values of each property of one thing."""


class _Data(Protocol):
    @property
    def version(self) -> str: ...


D = TypeVar("D", bound=_Data)
Read = Callable[Concatenate[D, P], T]


def per_version(most: int, *, by_reader: bool = False) -> Callable[[Read[D, P, T]], Read[D, P, T]]:
    """An `lru_cache` of what is read of an engine or a graph, anew for each version of the data.

    What names things is kept apart, and as many of it, for each reader's language.
    """

    def kept(read: Read[D, P, T]) -> Read[D, P, T]:
        @lru_cache(most * len(KNOWN) if by_reader else most)
        def found(version: str, language: str, data: D, *args: P.args, **kwargs: P.kwargs) -> T:
            return read(data, *args, **kwargs)

        @wraps(read)
        def call(data: D, /, *args: P.args, **kwargs: P.kwargs) -> T:
            language = reader() if by_reader else ""
            return found(data.version, language, data, *args, **kwargs)  # type: ignore[arg-type]

        return call

    return kept


def values_of(
    engine: Engine, things: Iterable[str], properties: Sequence[str], *, kept: str = ""
) -> dict[str, Values]:
    """The values of some properties of things, by thing.

    `kept` names the memory of those that are wanted again where the data is near.
    """
    look = engine.lookups
    if look is None:
        return _queried(engine, list(things), properties)
    memory: dict[str, Values] = kept_of(engine, kept) if kept else {}
    nodes = [NamedNode(each) for each in properties]
    found: dict[str, Values] = {}
    for iri in things:
        known = memory.get(iri)
        if known is None:
            known = memory[iri] = look.values(NamedNode(iri), *nodes)
        found[iri] = known
    return found


def kept_of(engine: Engine, name: str, most: int = REMEMBERED) -> dict[str, Any]:
    """What is kept under a name where the data is near, begun anew when it is much."""
    memory = engine.lookups.memory if engine.lookups else {}
    if len(memory.setdefault(name, {})) >= most:
        memory[name] = {}
    return memory[name]


def is_described(engine: Engine, iri: str) -> bool:
    """Whether anything is said of a thing; of what is no IRI nothing is."""
    return _holds(engine, iri, "$thing ?about ?value")


def is_mentioned(engine: Engine, iri: str) -> bool:
    """Whether anything is said of a thing, or leads to it."""
    return _holds(engine, iri, "{ $thing ?about ?value } UNION { ?other ?about $thing }")


def first_of(engine: Engine, iris: Iterable[str], *, described: bool = False) -> str | None:
    """The first of some IRIs that is in the graph; with `described`, of which anything is said."""
    things = [thing for iri in iris if (thing := _node(iri))]
    if not things:
        return None
    rows = engine.select(query("mentioned"), {"things": things}).rows
    # Virtuoso tells a truth as 1.
    held = {row["thing"] for row in rows if not described or row["said"].value in ("true", "1")}
    return next((thing.value for thing in things if thing in held), None)


def _holds(engine: Engine, iri: str, pattern: str) -> bool:
    thing = _node(iri)
    return thing is not None and engine.ask(f"ASK {{ {pattern} }}", {"thing": thing})


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def texts(engine: Engine, query: str, parameters: Parameters = {}) -> Iterator[dict[str, str]]:
    """The rows of a query as texts, as a build reads them."""
    for row in engine.select(query, parameters).rows:
        yield {name: term.value for name, term in row.items()}


def row_count(engine: Engine, listed: str, parameters: Parameters = {}) -> int:
    """How many solutions a pattern has, or a query without a prologue."""
    (row,) = engine.select(counting(listed), parameters).rows
    return int(row["number"].value)


def counting(listed: str) -> str:
    """The query that gives as `number` how many solutions a pattern has."""
    return f"SELECT (COUNT(*) AS ?number) WHERE {{ {{ {listed} }} }}"


def by_key(pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    """The second of each pair by the first, in their order; nothing for any other key."""
    found: dict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def cells(said: Mapping[Any, Sequence[Triple]], start: Any) -> Iterator[Any]:
    """The nodes of a list in their order, each once; the last is `NIL` where it has an end."""
    seen = set()
    node = start
    while node is not None and node not in seen:
        seen.add(node)
        yield node
        node = next((t.object for t in said.get(node, ()) if t.predicate == _REST), None)


def batches(iris: Iterable[str]) -> Iterator[list[NamedNode]]:
    """So many at a time as a query may name."""
    waiting = iter(iris)
    while batch := [NamedNode(iri) for iri in islice(waiting, _BATCH)]:
        yield batch


def iris_of(values: Mapping[str, Iterable[Term]], name: str) -> set[str]:
    """The things among the values of a property."""
    return {term.value for term in values.get(name, ()) if isinstance(term, NamedNode)}


def first_text(values: Values, name: str) -> str:
    """The first value of a property as text, or an empty one."""
    return min((term.value for term in values.get(name, ())), default="")


def _queried(engine: Engine, things: list[str], properties: Sequence[str]) -> dict[str, Values]:
    found: dict[str, dict[str, list[Term]]] = {iri: defaultdict(list) for iri in things}
    nodes = [NamedNode(each) for each in properties]
    for batch in batches(found):
        named = {"things": batch, "properties": nodes}
        for row in engine.select(query("values"), named).rows:
            found[row["thing"].value][row["about"].value].append(row["value"])
    return dict(found)
