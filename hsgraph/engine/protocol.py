"""What every engine answers, and what all do alike: our own queries, and those from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from hsgraph.engine.lookups import Lookups, Term
from hsgraph.engine.sparql.bind import Parameters, bind
from hsgraph.engine.sparql.guard import DatasetClause, Inspected, QueryForm, inspect
from hsgraph.formats import Format
from hsgraph.settings import Settings

__all__ = ["Answer", "DatasetClause", "Engine", "Limits", "Parameters", "QueryForm"]
__all__ += ["QueryResult", "Request", "Row", "Solutions", "Term"]

Row = Mapping[str, Term]
"""One solution of ours: variable name (without `?`) to term; unbound variables are absent."""
QueryResult = QuerySolutions | QueryBoolean | QueryTriples
_R = TypeVar("_R", QuerySolutions, QueryBoolean, QueryTriples)


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: variable names in the order of the query, and rows."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


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
class Request:
    """A query from outside that the guard has let through, and what was asked with it.

    Without `total_order` it may be answered sooner, by a process that a sort may end.
    """

    query: str
    inspected: Inspected
    formats: Mapping[QueryForm, Format]
    dataset: DatasetClause
    limits: Limits
    total_order: bool = True


@dataclass(frozen=True)
class Answer:
    """A serialised answer to a query from outside."""

    form: QueryForm
    format: Format
    body: bytes


class Engine(ABC):
    """Answers SPARQL over the union of all named graphs.

    `select`, `ask` and `construct` are for our own queries (trusted, bounded, parameters bound
    as terms); they raise TypeError for a query of another form. `answer` is for queries from
    outside: guarded by limits, serialised where it ran. All raise the exceptions of
    `hsgraph.errors`.
    """

    settings: Settings
    version: str
    """The version (digest) of the dataset, or a stand-in that changes when it does."""
    lookups: Lookups | None
    """Look-ups by pattern where the data is in this process; None where it is elsewhere."""

    def answer(
        self,
        query: str,
        formats: Mapping[QueryForm, Format],
        *,
        dataset: DatasetClause = DatasetClause(),
        limits: Limits | None = None,
    ) -> Answer:
        """Answer a query from outside in the format chosen for its form.

        A dataset given with the request replaces FROM and FROM NAMED (SPARQL 1.1 Protocol,
        2.1.4). Raises what `inspect` and `evaluate` raise.
        """
        limits = limits or Limits.of(self.settings)
        inspected = inspect(query, self.settings)
        return self.evaluate(Request(query, inspected, formats, dataset, limits))

    @abstractmethod
    def evaluate(self, request: Request) -> Answer:
        """The answer to a query that has been inspected."""

    @abstractmethod
    def run(self, query: str) -> QueryResult:
        """The result of a query whose parameters are bound."""

    @abstractmethod
    def close(self) -> None: ...

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        result = self._of(QuerySolutions, query, parameters)
        names = tuple(variable.value for variable in result.variables)
        rows = tuple(
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in result
        )
        return Solutions(names, rows)

    def ask(self, query: str, parameters: Parameters = {}) -> bool:
        return bool(self._of(QueryBoolean, query, parameters))

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]:
        return list(self._of(QueryTriples, query, parameters))

    def _of(self, kind: type[_R], query: str, parameters: Parameters) -> _R:
        result = self.run(bind(query, parameters))
        if not isinstance(result, kind):
            raise TypeError(f"The query gives {type(result).__name__}, not {kind.__name__}.")
        return result
