"""What every engine answers: the protocol that the embedded and the remote engine share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal as Choice
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph.engine.lookups import Lookups
from hsgraph.formats import Format
from hsgraph.settings import Settings

Term = NamedNode | BlankNode | Literal
Row = Mapping[str, Term]
"""One solution of ours: variable name (without `?`) to term; unbound variables are absent."""
Parameters = Mapping[str, Term | Sequence[Term]]
"""Values for the `$name` parameters of a trusted query; see `hsgraph.engine.sparql.bind`."""
QueryForm = Choice["select", "ask", "construct", "describe"]


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: variable names in the order of the query, and rows."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DatasetClause:
    """The dataset a request names (SPARQL 1.1 Protocol, 2.1.4); empty means the union of all."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one query from outside may take."""

    seconds: float
    bytes: int

    @classmethod
    def of(cls, settings: Settings, seconds: float = inf) -> Limits:
        """The most that the settings allow; a client may only ask for less time."""
        return cls(min(seconds, settings.query_seconds), settings.query_bytes)

    def within(self, most: Limits) -> Limits:
        """These limits, which may lower those of the settings and never raise them."""
        return Limits(min(self.seconds, most.seconds), min(self.bytes, most.bytes))


@dataclass(frozen=True)
class Answer:
    """A serialised answer to a query from outside."""

    form: QueryForm
    format: Format
    body: bytes


class Engine(Protocol):
    """Answers SPARQL over the union of all named graphs.

    `select`, `ask` and `construct` are for our own queries (trusted, bounded, parameters bound
    as terms). `answer` is for queries from outside: guarded by limits, serialised where it ran.
    All raise the exceptions of `hsgraph.errors`.
    """

    @property
    def version(self) -> str:
        """The version (digest) of the dataset, or a stand-in that changes when it does."""
        ...

    @property
    def lookups(self) -> Lookups | None:
        """Look-ups by pattern where the data is in this process; None where it is elsewhere."""
        ...

    def select(self, query: str, parameters: Parameters = {}) -> Solutions: ...

    def ask(self, query: str, parameters: Parameters = {}) -> bool: ...

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]: ...

    def answer(
        self,
        query: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        """Answer a query from outside in the format chosen for its form."""
        ...

    def close(self) -> None: ...

    def __hash__(self) -> int: ...
