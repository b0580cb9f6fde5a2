"""Our own queries, answered: what pyoxigraph gives, as the protocol of an engine has it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from hsgraph.engine.protocol import Parameters, Solutions
from hsgraph.engine.sparql.bind import bind

QueryResult = QuerySolutions | QueryBoolean | QueryTriples
_R = TypeVar("_R", QuerySolutions, QueryBoolean, QueryTriples)


class OwnQueries(ABC):
    """The part of every engine that answers trusted queries; TypeError for another form."""

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
