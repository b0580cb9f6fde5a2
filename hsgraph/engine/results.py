"""What all engines do alike: our own queries, and the checks of those from outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from hsgraph.engine.protocol import Answer, DatasetClause, Limits, Parameters, QueryForm, Solutions
from hsgraph.engine.sparql.bind import bind
from hsgraph.engine.sparql.guard import Inspected, inspect
from hsgraph.formats import Format
from hsgraph.settings import Settings

QueryResult = QuerySolutions | QueryBoolean | QueryTriples
_R = TypeVar("_R", QuerySolutions, QueryBoolean, QueryTriples)


@dataclass(frozen=True)
class Request:
    """A query from outside that the guard has let through, and what was asked with it."""

    query: str
    inspected: Inspected
    formats: Mapping[QueryForm, Format]
    dataset: DatasetClause
    limits: Limits


class BaseEngine(ABC):
    """Answers trusted queries (TypeError for another form), and checks those from outside."""

    settings: Settings

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
