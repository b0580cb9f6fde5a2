"""What assistants can ask for: each a method that answers with plain values and IRIs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from hsgraph.describe.values import texts
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits, Parameters
from hsgraph.errors import HsgraphError
from hsgraph.formats import NTRIPLES
from hsgraph.graph import PARSED, KnowledgeGraph
from hsgraph.namespaces import PREFIXES, compact
from hsgraph.questions import questions

_QUERIES: Final = Path(__file__).with_name("queries")
_SECONDS: Final = 10.0
_BYTES: Final = 2_000_000
Result = dict[str, Any]


@dataclass(frozen=True)
class Tools:
    """Reads one graph; nothing here can change it."""

    graph: KnowledgeGraph

    def search(self, text: str, limit: int = 10) -> Result:
        """Find programmes, places, organisations, concepts and other things by their names."""
        found = self.graph.search(text, limit=max(1, min(limit, 50)))
        hits = [{"iri": h.iri, "label": h.label, "kind": h.kind} for h in found.results]
        return {"total": found.total, "results": hits}

    def describe(self, thing: str) -> Result:
        """What is said of a thing (an IRI, `hs:Project`, `project/slug`), with its sources."""
        iri = self.graph.resolve(thing)
        statements = self._rows("statements", {"thing": NamedNode(iri)})
        if not statements:
            raise HsgraphError(f"Nothing is said of {iri}.", remedy="Look for it with search.")
        evidence = self._rows("evidence", {"thing": NamedNode(iri)})
        for row in statements:
            row["property"] = compact(row["property"])
        return {"iri": iri, "statements": statements, "evidence": evidence}

    def ask(self, question: str, reading: int = 0) -> Result:
        """Answer a question in plain words, in English, French or Spanish.

        Tells how it was read, and the SPARQL query; `reading` takes one of the alternatives.
        """
        return self.graph.ask(question, other=max(0, min(reading, 10))).as_json()

    def schema(self) -> Result:
        """The prefixes, classes and properties, with what they mean and how often they occur."""
        return self._schema

    def examples(self) -> Result:
        """SPARQL queries that answer questions of the field, and questions in plain words."""
        listed = [{"title": q.title, "query": q.with_defaults} for q in questions()]
        return {"questions": list(self.graph.asker.examples()), "queries": listed}

    def check_query(self, query: str) -> Result:
        """Whether a SPARQL query can be run here, and if not, why and what to do."""
        try:
            self._empty.answer(query, PARSED, limits=self._limits)
        except HsgraphError as error:
            return {"valid": False, "message": str(error), "remedy": error.remedy}
        return {"valid": True}

    def run_query(self, query: str) -> Result:
        """Run a SPARQL query that only reads; the usual prefixes need not be declared."""
        answer = self.graph.answer(query, PARSED, limits=self._limits)
        body = answer.body.decode()
        return {"statements": body} if answer.format is NTRIPLES else json.loads(body)

    @cached_property
    def _limits(self) -> Limits:
        return Limits(_SECONDS, _BYTES).within(self.graph.limits())

    @cached_property
    def _empty(self) -> EmbeddedEngine:
        return EmbeddedEngine([], self.graph.settings)

    @cached_property
    def _schema(self) -> Result:
        return {
            "prefixes": PREFIXES,
            "classes": self._rows("classes"),
            "properties": self._rows("properties"),
        }

    def _rows(self, name: str, parameters: Parameters = {}) -> list[dict[str, str]]:
        text = (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
        return [*texts(self.graph.engine, text, parameters)]
