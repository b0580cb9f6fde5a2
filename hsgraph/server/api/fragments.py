"""Triple Pattern Fragments: the triples of one pattern, page by page, with controls to go on.

https://linkeddatafragments.org/specification/triple-pattern-fragments/ and Hydra
(https://www.hydra-cg.com/spec/latest/triple-pattern-fragments/). In TriG and N-Quads the controls
stand in a graph of their own. Pages follow the order of the engine, which does not change while the
data does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from hsgraph import namespaces as ns
from hsgraph import serialize
from hsgraph.engine.protocol import Row, Term
from hsgraph.errors import BadRequest
from hsgraph.formats import HTML, RDF_FORMATS
from hsgraph.namespaces import compact
from hsgraph.server.http import addresses
from hsgraph.server.http.negotiation import Negotiated
from hsgraph.server.http.representation import CACHE_CONTROL, asked, suffixed
from hsgraph.server.site import current

if TYPE_CHECKING:
    from hsgraph.graph import KnowledgeGraph

fragments: Final = Blueprint("fragments", __name__)
_OFFERED: Final = (HTML, *RDF_FORMATS)
_PARTS: Final = ("subject", "predicate", "object")
_LITERAL: Final = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<?([^<>"]+)>?)?', re.DOTALL)
_PREFIXED: Final = re.compile(r"([a-z][\w-]*):([\w.-]+)")
_COUNTS_KEPT: Final = 2048


@dataclass(frozen=True)
class Pattern:
    """A triple pattern: its terms, None for what may be anything; and variables that are the same.

    `nothing` is true for a pattern that no triple of ours can fit.
    """

    terms: tuple[NamedNode | Literal | None, ...]
    variables: tuple[str, ...]
    nothing: bool = False

    @property
    def text(self) -> str:
        """The pattern in SPARQL."""
        names = zip(self.terms, self.variables, strict=True)
        return " ".join(f"?{name}" if term is None else str(term) for term, name in names)

    def triple(self, row: Row) -> Triple:
        """The triple that a solution stands for."""
        names = zip(self.terms, self.variables, strict=True)
        subject, predicate, value = (term or row[name] for term, name in names)
        return Triple(subject, predicate, value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Fragment:
    """One page of the triples of a pattern."""

    triples: Sequence[Triple]
    count: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))


@fragments.get("/fragments")
def fragment() -> Response:
    """The triples of a pattern, page by page, with controls (Triple Pattern Fragments)."""
    return _answer(asked(_OFFERED))


@fragments.get("/fragments.<suffix:suffix>")
def fragment_in(suffix: str) -> Response:
    """The same in the format of the suffix."""
    return _answer(suffixed(suffix, _OFFERED))


def _answer(chosen: Negotiated) -> Response:
    found = _fragment(_pattern(), _page())
    if chosen.format is HTML:
        body: str | bytes = _html(found)
    else:
        body = serialize.write([*found.triples, *_controls(found)], chosen.format)
    response = Response(body, content_type=chosen.content_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.vary.add("Accept")
    for format in _OFFERED:
        if format is not chosen.format:
            place = f"{request.script_root}/fragments.{format.suffix}{_query()}"
            value = f'<{place}>; rel="alternate"; type="{format.media_type}"'
            response.headers.add("Link", value)
    return response


def _fragment(pattern: Pattern, page: int) -> Fragment:
    site = current()
    size = site.settings.fragment_size
    if pattern.nothing:
        return Fragment((), 0, page, size)
    count = _count(site.graph, site.version, pattern.text)
    place = f"LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    query = f"SELECT * WHERE {{ {pattern.text} }} {place}"
    if not any(term is None for term in pattern.terms):
        return Fragment([pattern.triple({})] if count and page == 1 else [], count, page, size)
    rows = site.engine.select(query).rows
    return Fragment([pattern.triple(row) for row in rows], count, page, size)


@lru_cache(maxsize=_COUNTS_KEPT)
def _count(graph: KnowledgeGraph, version: str, pattern: str) -> int:
    """How many triples fit, exactly: the engine counts without sending them anywhere."""
    (row,) = graph.engine.select(f"SELECT (COUNT(*) AS ?count) WHERE {{ {pattern} }}").rows
    return int(row["count"].value)


def _pattern() -> Pattern:
    terms: list[NamedNode | Literal | None] = []
    variables: list[str] = []
    nothing = False
    for part in _PARTS:
        text = request.args.get(part, "").strip()
        name = text.lstrip("?") if text.startswith("?") else ""
        variables.append(name if re.fullmatch(r"\w+", name) else part)
        nothing = nothing or text.startswith("_:")
        terms.append(None if not text or text[:1] in "?_" else _term(text, part))
    if isinstance(terms[0], Literal) or isinstance(terms[1], Literal):
        nothing = True
    return Pattern(tuple(terms), tuple(variables), nothing)


def _term(text: str, part: str) -> NamedNode | Literal:
    """A term as Hydra's explicit representation writes it; angle brackets and our prefixes too."""
    try:
        if text.startswith('"'):
            return _literal(text)
        prefixed = _PREFIXED.fullmatch(text)
        if prefixed and prefixed[1] in ns.PREFIXES:
            return NamedNode(ns.PREFIXES[prefixed[1]] + prefixed[2])
        return NamedNode(text[1:-1] if text.startswith("<") and text.endswith(">") else text)
    except ValueError as error:
        raise BadRequest(
            f"{part}: “{text[:200]}” is no term.",
            remedy='Write an IRI, "text", "text"@en or "3"^^http://www.w3.org/2001/XMLSchema#integer.',
        ) from error


def _literal(text: str) -> Literal:
    found = _LITERAL.fullmatch(text)
    if found is None:
        raise ValueError(text)
    value, language, datatype = found.groups()
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)


def _page() -> int:
    text = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise BadRequest("page: a whole number from 1.")
    return int(text)


def _address(page: int | None = None) -> str:
    """The address of this fragment, or of one of its pages."""
    values = [(name, request.args[name]) for name in _PARTS if request.args.get(name)]
    if page is not None:
        values.append(("page", str(page)))
    return f"{current().address()}fragments" + ("?" + urlencode(values) if values else "")


def _query() -> str:
    """The query of this request, as it may stand in an IRI."""
    query = quote(request.query_string.decode(), safe="%&=+?/:@!$'()*,;~-._")
    return f"?{query}" if query else ""


def _controls(found: Fragment) -> list[Quad]:
    """What the page is part of, how much there is, where to go on, and how to ask."""
    base = current().address() + "fragments"
    here = NamedNode(f"{current().address()}{request.path.lstrip('/')}{_query()}")
    whole, dataset = NamedNode(_address()), NamedNode(f"{base}#dataset")
    form = NamedNode(f"{base}#search")
    facts: list[tuple[Term, str, Term]] = [
        (NamedNode(f"{here.value}#metadata"), ns.FOAF + "primaryTopic", here),
        (dataset, ns.RDF + "type", NamedNode(ns.VOID + "Dataset")),
        (dataset, ns.RDF + "type", NamedNode(ns.HYDRA + "Collection")),
        (dataset, ns.VOID + "subset", whole),
        (dataset, ns.DCTERMS + "source", NamedNode(ns.DATASET)),
        (dataset, ns.HYDRA + "search", form),
        (form, ns.HYDRA + "template", Literal(base + "{?subject,predicate,object}")),
        (
            form,
            ns.HYDRA + "variableRepresentation",
            NamedNode(ns.HYDRA + "ExplicitRepresentation"),
        ),
    ]
    for part in _PARTS:
        mapping = NamedNode(f"{base}#{part}")
        facts += [
            (form, ns.HYDRA + "mapping", mapping),
            (mapping, ns.HYDRA + "variable", Literal(part)),
            (mapping, ns.HYDRA + "property", NamedNode(ns.RDF + part)),
        ]
    for place in dict.fromkeys((whole, here)):
        facts += [
            (place, ns.VOID + "triples", _number(found.count)),
            (place, ns.HYDRA + "totalItems", _number(found.count)),
        ]
    facts += [
        (whole, ns.VOID + "subset", here),
        (whole, ns.HYDRA + "view", here),
        (here, ns.RDF + "type", NamedNode(ns.HYDRA + "PartialCollectionView")),
        (here, ns.HYDRA + "itemsPerPage", _number(found.size)),
        (here, ns.HYDRA + "first", NamedNode(_address(1))),
    ]
    if found.page > 1:
        facts.append((here, ns.HYDRA + "previous", NamedNode(_address(found.page - 1))))
    if found.page < found.pages:
        facts.append((here, ns.HYDRA + "next", NamedNode(_address(found.page + 1))))
    graph = NamedNode(f"{here.value}#metadata")
    return [Quad(s, NamedNode(p), o, graph) for s, p, o in facts]  # type: ignore[arg-type]


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=NamedNode(ns.XSD + "integer"))


def _html(found: Fragment) -> str:
    rows = [[_cell(term) for term in triple] for triple in found.triples]
    values = [(name, request.args[name]) for name in _PARTS if request.args.get(name)]
    return render_template(
        "fragments.html",
        rows=rows,
        found=found,
        given={name: request.args.get(name, "") for name in _PARTS},
        link=f"{request.script_root}/fragments?" + urlencode([*values, ("page", "")]),
        formats=[
            (format.label, f"{request.script_root}/fragments.{format.suffix}{_query()}")
            for format in RDF_FORMATS
        ],
    )


def _cell(term: object) -> tuple[str, str]:
    """What to write for a term, and the address of all that has it as its subject."""
    if isinstance(term, NamedNode):
        return compact(term.value), addresses.href(term.value, request.script_root) or ""
    if isinstance(term, BlankNode):
        return str(term), ""
    return str(term), ""
