"""Runs the SHACL rules of a graph (SHACL Advanced Features, section 8) to a fixed point.

The CONSTRUCT of every sh:SPARQLRule runs once for the whole graph, on Oxigraph. What a rule
derives goes into the graph `…/graph/inferred/{name of the rule}`, less what is authored anyway:
two rules that derive the same triple both hold it. Their order counts only for what is not so yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, Store, Triple, Variable
from pyparsing import ParseException

from hsgraph.build.queries import construct, query
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import INFERRED, RDF, WIDER, local_name
from hsgraph.progress import tell

_MOST_RUNS: Final = 10_000
_BATCH: Final = 100_000
_TYPE: Final = RDF + "type"
_IRI: Final = re.compile(r"<([^>]*)>")


@dataclass(frozen=True)
class Rule:
    """A rule: its IRI, its CONSTRUCT with prefixes, what its WHERE reads.

    That is predicates, or `rdf:type` and a class with a space between; None stands for anything.
    """

    iri: str
    query: str
    reads: frozenset[str] | None

    @property
    def slug(self) -> str:
        return local_name(self.iri)

    @property
    def widens(self) -> bool:
        """Whether it only says in wider terms what is said already."""
        return self.graph.value in WIDER

    @property
    def graph(self) -> NamedNode:
        return NamedNode(INFERRED + self.slug)


def rules_of(store: Store, places: dict[str, list[Place]] | None = None) -> tuple[Rule, ...]:
    """The active SPARQL rules in a store, by `sh:order` (of their shapes, their own) and by IRI.

    Raises SourceError for a rule that is not a valid CONSTRUCT, derives blank nodes (no fixed
    point), has a condition (not supported), or shares its local name with another.
    """
    rules: dict[str, Rule] = {}
    for row in list(store.query(query("rules"), use_default_graph_as_union=True)):  # type: ignore[arg-type]
        iri = row["rule"].value
        place = (places or {}).get(iri, [Place("rules")])[0]
        if isinstance(row["rule"], BlankNode):
            raise SourceError("A rule needs an IRI.", place=place, remedy="Name it hsru:….")
        if row["condition"] is not None:
            raise SourceError(
                f"The rule {iri} has a sh:condition, which is not supported.",
                place=place,
                remedy="Say the condition in its WHERE.",
            )
        rule = _rule(iri, with_prefixes(store, row["rule"], row["construct"].value), place)
        if rule.slug in rules:
            raise SourceError(f"Two rules are called {rule.slug}.", place=place)
        rules[rule.slug] = rule
    return tuple(rules.values())


def with_prefixes(store: Store, node: NamedNode | BlankNode, text: str) -> str:
    """A query with the prefixes that the node which holds it declares (SHACL, section 5.2.1)."""
    rows = store.query(
        query("declared"), use_default_graph_as_union=True, substitutions={Variable("rule"): node}
    )
    declared = {row["prefix"].value: row["namespace"].value for row in rows}  # type: ignore[union-attr]
    lines = [f"PREFIX {prefix}: <{name}>\n" for prefix, name in sorted(declared.items())]
    return "".join([*lines, text])


def infer(store: Store, rules: Iterable[Rule]) -> dict[str, int]:
    """Add what the rules derive to the store; give the number of triples of each rule's IRI.

    The first that waits runs, and again only when what it reads has got new triples. Rules that
    widen are left to `widen`: what they derive is written, but not kept in the store.
    """
    rules = tuple(rule for rule in rules if not rule.widens)
    derived = {rule.iri: 0 for rule in rules}
    waiting = set(rules)
    for _ in range(_MOST_RUNS):
        if not waiting:
            return derived
        rule = next(rule for rule in rules if rule in waiting)
        waiting.remove(rule)
        count, changed = _run(store, rule)
        derived[rule.iri] += count
        if changed:
            waiting.update(r for r in rules if r.reads is None or r.reads & changed)
        tell("infer", len(rules) - len(waiting), len(rules))
    raise RuntimeError(f"the rules reach no end in {_MOST_RUNS} runs")


def widen(store: Store, counts: dict[str, int]) -> Iterator[Quad]:
    """What the rules that widen derive from a finished store, which stays as it is.

    Shapes, index and tables are spared what every thing says anyway by its class and properties.
    The number of each rule's triples goes to `counts`.
    """
    for rule in filter(lambda rule: rule.widens, rules_of(store)):
        counts[rule.iri] = 0
        found: set[Triple] = set()
        for triple in construct(store, rule.query):
            if triple not in found and not any(_quads_of(store, triple)):
                found.add(triple)
                counts[rule.iri] += 1
                yield Quad(triple.subject, triple.predicate, triple.object, rule.graph)


def _run(store: Store, rule: Rule) -> tuple[int, set[str]]:
    """Run a rule once; keep what is new and count it; give what is new to the whole store.

    The query reads the store as it was when it began, so what it finds is written meanwhile.
    """
    result = construct(store, rule.query)
    changed: set[str] = set()
    count = 0
    while found := list(islice(result, _BATCH)):
        fresh: list[Quad] = []
        for triple in set(found):
            graphs = [quad.graph_name for quad in _quads_of(store, triple)]
            if rule.graph in graphs or not all(str(g).startswith(f"<{INFERRED}") for g in graphs):
                continue
            fresh.append(Quad(triple.subject, triple.predicate, triple.object, rule.graph))
            if not graphs:
                changed.add(triple.predicate.value)
                if triple.predicate.value == _TYPE:
                    changed.add(f"{_TYPE} {triple.object}")
        store.extend(fresh)
        count += len(fresh)
    return count, changed


def _quads_of(store: Store, triple: Triple) -> Iterable[Quad]:
    return store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)


def _rule(iri: str, query: str, place: Place) -> Rule:
    try:
        constructs = isinstance(Store().query(query), QueryTriples)
    except SyntaxError as error:
        raise SourceError(
            f"The query of the rule {iri} is not valid SPARQL: {error.msg}",
            place=place,
            remedy="Its prefixes are those that sh:prefixes declares.",
        ) from None
    if not constructs:
        raise SourceError(f"The query of the rule {iri} is not a CONSTRUCT.", place=place)
    try:
        makes_nodes, reads = _analysed(query)
    except ParseException as error:
        raise SourceError(
            f"The query of the rule {iri} is not SPARQL 1.1: {error}", place=place
        ) from None
    if makes_nodes:
        raise SourceError(
            f"The rule {iri} derives blank nodes, so it would never come to an end.",
            place=place,
            remedy="Make an IRI with BIND (IRI(CONCAT(…)) AS ?x).",
        )
    return Rule(iri, query, reads)


@lru_cache(maxsize=1000)
def algebra_of(query: str) -> Any:
    """The SPARQL algebra of a query, as rdflib has it; whoever asks leaves it as it is.

    rdflib's parser keeps the frames that call it, and drops them in any thread: none of them may
    hold a result of pyoxigraph. The query of a rule has been read before anything is asked of it.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    return translateQuery(parseQuery(query)).algebra


def _analysed(query: str) -> tuple[bool, frozenset[str] | None]:
    """Whether a CONSTRUCT makes blank nodes, and what its WHERE reads."""
    from rdflib.plugins.sparql.algebra import traverse
    from rdflib.term import BNode

    algebra = algebra_of(query)
    written = algebra.template or ()
    makes_nodes = any(isinstance(term, BNode) for triple in written for term in triple)
    read: list[Any] = []

    def visit(node: Any) -> None:
        if isinstance(node, dict) and "triples" in node:
            read.extend(node["triples"])

    traverse(algebra.p, visit)
    return makes_nodes, _named(read)


def _named(triples: Iterable[Any]) -> frozenset[str] | None:
    """What triples and paths of rdflib name (see Rule); None where one names anything."""
    found: set[str] = set()
    for _, predicate, value in triples:
        path, kind = predicate.n3(), value.n3()
        if path[0] == "?" or "!" in _IRI.sub("", path):
            return None
        typed = path == f"<{_TYPE}>" and kind[0] == "<"
        found.update([f"{_TYPE} {kind}"] if typed else _IRI.findall(path))
    return frozenset(found)
