"""Our own queries, answered: what pyoxigraph gives, as the protocol of an engine has it."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from hsgraph.engine.protocol import Parameters, Solutions
from hsgraph.engine.sparql.bind import bind

QueryResult = QuerySolutions | QueryBoolean | QueryTriples


class OwnQueries(ABC):
    """The part of every engine that answers trusted queries; TypeError for another form."""

    @abstractmethod
    def run(self, query: str) -> QueryResult:
        """The result of a query whose parameters are bound."""

    def select(self, query: str, parameters: Parameters = {}) -> Solutions:
        result = self.run(bind(query, parameters))
        if not isinstance(result, QuerySolutions):
            raise TypeError("select() takes a SELECT query.")
        names = tuple(variable.value for variable in result.variables)
        rows = tuple(
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in result
        )
        return Solutions(names, rows)

    def ask(self, query: str, parameters: Parameters = {}) -> bool:
        result = self.run(bind(query, parameters))
        if not isinstance(result, QueryBoolean):
            raise TypeError("ask() takes an ASK query.")
        return bool(result)

    def construct(self, query: str, parameters: Parameters = {}) -> list[Triple]:
        result = self.run(bind(query, parameters))
        if not isinstance(result, QueryTriples):
            raise TypeError("construct() takes a CONSTRUCT or DESCRIBE query.")
        return list(result)
