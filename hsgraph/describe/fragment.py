"""Triple Pattern Fragments: the triples of one pattern, page by page, with controls to go on.

https://linkeddatafragments.org/specification/triple-pattern-fragments/ and Hydra
(https://www.hydra-cg.com/spec/latest/triple-pattern-fragments/). Pages follow the order of the
engine, which does not change while the data does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Final

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from hsgraph.describe.documents.incoming import MOST
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.values import per_version, row_count
from hsgraph.engine.protocol import Engine, Row, Term
from hsgraph.errors import BadRequest
from hsgraph.namespaces import expanded
from hsgraph.resources import queries

PARTS: Final = ("subject", "predicate", "object")
GENID: Final = ".well-known/genid/"
"""Where nodes without an IRI are given addresses (RDF 1.1, 3.5)."""
_LITERAL: Final = re.compile(
    r'"(.*)"(?:@([A-Za-z0-9-]+?)(?:--(ltr|rtl))?|\^\^<?([^<>"]+)>?)?', re.DOTALL
)
_PREFIXED: Final = re.compile(r"[a-z][\w-]*:[\w.-]+")
_GIVEN: Final = re.compile(r"<?https?://[^\s<>]*/\.well-known/genid/(\w+)>?")
_turtle: Final = queries("hsgraph.describe", "ttl")
_count: Final = per_version(2048)(row_count)
"""How many triples fit, exactly: the engine counts without sending them anywhere."""


@dataclass(frozen=True)
class Pattern:
    """A triple pattern: its terms, None for what may be anything; and variables that are the same.

    `nothing` is true for a pattern that no triple of ours can fit.
    """

    terms: tuple[NamedNode | Literal | BlankNode | None, ...]
    variables: tuple[str, ...]
    nothing: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Pattern:
        """The pattern that texts for its parts write. Raises BadRequest."""
        texts = [given.get(part, "").strip() for part in PARTS]
        names = [text.lstrip("?") if text.startswith("?") else "" for text in texts]
        terms = tuple(
            None if not text or text[0] in "?_" else _term(text, part)
            for text, part in zip(texts, PARTS, strict=True)
        )
        nothing = any(text.startswith("_:") for text in texts)
        nothing = nothing or any(isinstance(term, Literal) for term in terms[:2])
        variables = tuple(
            name if re.fullmatch(r"\w+", name) else part
            for name, part in zip(names, PARTS, strict=True)
        )
        return cls(terms, variables, nothing)

    @property
    def text(self) -> str:
        """The pattern in SPARQL."""
        names = zip(self.terms, self.variables, strict=True)
        return " ".join(f"?{name}" if term is None else str(term) for term, name in names)

    def fits(self, triple: Triple) -> bool:
        """Whether a triple fits the pattern."""
        bound: dict[str, Term | Triple] = {}
        for term, name, value in zip(self.terms, self.variables, triple, strict=True):
            if (term is not None and term != value) or bound.setdefault(name, value) != value:
                return False
        return True

    def triple(self, row: Row) -> Triple:
        """The triple that a solution stands for."""
        names = zip(self.terms, self.variables, strict=True)
        subject, predicate, value = (term or row[name] for term, name in names)
        return Triple(subject, predicate, value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Fragment(Paged):
    """One page of the triples of a pattern."""

    triples: Sequence[Triple] = ()


def fragment(engine: Engine, pattern: Pattern, page: int, size: int) -> Fragment:
    """One page of the triples of a pattern; empty beyond the last."""
    start = (page - 1) * size
    if pattern.nothing:
        return Fragment(0, page, size)
    if any(isinstance(term, BlankNode) for term in pattern.terms):
        near = {quad.triple for quad in _near(engine, pattern) if pattern.fits(quad.triple)}
        return Fragment(len(near), page, size, window(sorted(near, key=str), page, size))
    count = _count(engine, pattern.text)
    if start >= count:
        return Fragment(count, page, size)
    if None not in pattern.terms:
        return Fragment(count, page, size, [pattern.triple({})])
    query = f"SELECT * WHERE {{ {pattern.text} }} LIMIT {size:d} OFFSET {start:d}"
    return Fragment(count, page, size, [pattern.triple(r) for r in engine.select(query).rows])


def controls(
    found: Fragment, base: str, here: str, dataset: str, pages: Mapping[str, str]
) -> list[Quad]:
    """What the page is part of, how much there is, where to go on, and how to ask.

    `base` is the address of all fragments, `here` that of this page. `pages` are the addresses of
    the fragment (`whole`) and of its pages `first`, `previous` and `next`.
    """
    graph = NamedNode(f"{here}#metadata")
    text = Template(_turtle("fragment")).substitute(
        all=NamedNode(f"{base}#"),
        metadata=graph,
        here=NamedNode(here),
        whole=NamedNode(pages["whole"]),
        dataset=NamedNode(dataset),
        template=Literal(base + "{?subject,predicate,object}"),
        count=found.total,
        size=found.size,
    )
    others = ["first"] + ["previous"] * (found.page > 1) + ["next"] * (found.page < found.pages)
    for name in others:
        text += f"{NamedNode(here)} hydra:{name} {NamedNode(pages[name])} .\n"
    triples = [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
    return [Quad(each.subject, each.predicate, each.object, graph) for each in triples]


def _near(engine: Engine, pattern: Pattern) -> list[Quad]:
    """What is said of a node without an IRI, or leads to it: SPARQL has no way to ask for it."""
    look = engine.lookups
    if look is None:
        return []
    subject, *_, value = pattern.terms
    if isinstance(subject, BlankNode):
        return look.about([subject])
    return look.links(value, MOST) if isinstance(value, BlankNode) else []


def _term(text: str, part: str) -> NamedNode | Literal | BlankNode:
    """A term as Hydra's explicit representation writes it; angle brackets and our prefixes too."""
    try:
        if text.startswith('"'):
            return _literal(text)
        if given := _GIVEN.fullmatch(text):
            return BlankNode(given[1])
        return _named_node(text)
    except ValueError as error:
        raise BadRequest(
            f"{part}: “{text[:200]}” is no term.",
            remedy='Write an IRI, "text", "text"@en or "3"^^http://www.w3.org/2001/XMLSchema#integer.',
        ) from error


def _named_node(text: str) -> NamedNode:
    if _PREFIXED.fullmatch(text):
        return NamedNode(expanded(text))
    return NamedNode(text[1:-1] if text.startswith("<") and text.endswith(">") else text)


def _literal(text: str) -> Literal:
    found = _LITERAL.fullmatch(text)
    if found is None:
        raise ValueError(text)
    value, language, direction, datatype = found.groups()
    if language:
        side = BaseDirection(direction) if direction else None
        return Literal(value, language=language, direction=side)
    return Literal(value, datatype=_named_node(datatype)) if datatype else Literal(value)
