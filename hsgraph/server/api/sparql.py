"""/sparql: the query part of the SPARQL 1.1 Protocol, and the service description."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from hsgraph import serialize
from hsgraph.describe.dataset import service
from hsgraph.engine.protocol import DatasetClause, Limits, QueryForm, Request
from hsgraph.engine.sparql.guard import inspect
from hsgraph.errors import BadRequest, EngineBusy, UnknownEntity, UpdateRefused
from hsgraph.formats import HTML, RDF_FORMATS, RESULT_FORMATS, RESULTS_JSON, RESULTS_XML, Format
from hsgraph.server.http import observe
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.negotiation import Negotiated, named
from hsgraph.server.http.representation import cached, in_turn, negotiated, requested
from hsgraph.server.site import current

sparql: Final = Blueprint("sparql", __name__)

QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
OFFERS: Final[Mapping[QueryForm, tuple[Format, ...]]] = {
    "select": RESULT_FORMATS,
    "ask": (RESULTS_JSON, RESULTS_XML),
    "construct": RDF_FORMATS,
    "describe": RDF_FORMATS,
}
_EVERY: Final = tuple(dict.fromkeys(format for offered in OFFERS.values() for format in offered))
_FIELDS: Final = 1000


@dataclass(frozen=True)
class QueryRequest:
    """What a request asks, however it was sent; `query` is None if it asks for the description."""

    query: str | None
    dataset: DatasetClause
    format: str | None
    seconds: float


@sparql.route("/sparql", methods=["GET", "POST", "QUERY"], strict_slashes=False)
def endpoint() -> Response:
    """Answer a query; without one, say what this service can do."""
    site, wanted = current(), read_request()
    query = wanted.query
    if query is None:
        return _description(wanted)
    site.metrics.queries.inc()
    with observe.query_timer(query):
        inspected = inspect(query, site.settings)
        bounds = Limits.of(site.settings, wanted.seconds)

        def answer(chosen: Negotiated, _: Sequence[Format]) -> Response:
            formats = dict.fromkeys(OFFERS, chosen.format)
            asked = Request(query, inspected, formats, wanted.dataset, bounds)
            return negotiated(cached(site.engine.evaluate(asked).body, chosen.content_type))

        try:
            offered = OFFERS[inspected.form] if inspected.form else _EVERY
            return in_turn(offered, wanted.format, answer)
        except EngineBusy:
            site.metrics.refused_queries.inc()
            raise


def read_request() -> QueryRequest:
    """The query of a request, by any of the ways of the protocol.

    Raises `UpdateRefused` for updates, `BadRequest` for what cannot be understood, and
    `UnsupportedMediaType` for a body of another type.
    """
    given = MultiDict(_pairs(request.query_string, "query string"))
    has_body = request.method not in ("GET", "HEAD")
    if has_body:
        kind, body = _body_type(), request.get_data()
        given.update(
            _pairs(body, "form") if kind == FORM_TYPE else {"query": _decoded(body, "query")}
        )
    queries = given.getlist("query")
    if "update" in given:
        raise _read_only()
    if len(queries) > 1:
        raise BadRequest("query: given more than once; send one query in a request.")
    if has_body and not queries:
        raise BadRequest("query: missing; send it as the body or as the parameter “query”.")
    return QueryRequest(
        query=queries[0] if queries else None,
        dataset=DatasetClause(
            _graphs(given, "default-graph-uri"), _graphs(given, "named-graph-uri")
        ),
        format=given.get("format") or given.get("output"),
        seconds=_seconds(given.get("timeout")),
    )


def _body_type() -> str:
    """The media type of the body. Raises when it is not one of the protocol's, or not UTF-8."""
    kind = request.mimetype
    if kind == UPDATE_TYPE:
        raise _read_only()
    if kind not in (QUERY_TYPE, FORM_TYPE):
        raise UnsupportedMediaType(
            f"Content-Type: {kind or 'missing'}; send a query as {QUERY_TYPE}, or as a form "
            f"({FORM_TYPE})."
        )
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"Content-Type: charset {charset}; queries are sent in UTF-8.")
    return kind


def _read_only() -> UpdateRefused:
    return UpdateRefused(
        "This endpoint answers queries only; it takes no updates.",
        remedy="To propose a correction, change the data files; see the page on contributing.",
    )


def _decoded(data: bytes, name: str) -> str:
    """Bytes as text, without the mark that some editors begin a file with."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {name} is not UTF-8 (byte {error.start + 1}).") from error


def _pairs(data: bytes, name: str) -> list[tuple[str, str]]:
    """The parameters of a form or a query string, percent-decoded once."""
    text = _decoded(data, name)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {name} has percent signs that are not UTF-8.") from error
    except ValueError as error:
        raise BadRequest(f"The {name} has more than {_FIELDS} fields.") from error


def _graphs(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    found = dict.fromkeys(given.getlist(name))
    for value in found:
        try:
            named_node(value)
        except UnknownEntity as error:
            raise BadRequest(f"{name}: {error.message}") from error
    return tuple(found)


def _seconds(text: str | None) -> float:
    """The time that a client gives its query; endless where it names none."""
    if not text:
        return math.inf
    try:
        seconds = float(text)
    except ValueError as error:
        raise BadRequest(f"timeout: “{text[:50]}” is not a number of seconds.") from error
    if not 0 < seconds < math.inf:
        raise BadRequest("timeout: give a number of seconds above 0.")
    return seconds


def _description(wanted: QueryRequest) -> Response:
    """What the service can do, as RDF; browsers are sent to the page with the editor."""
    offered = (*RDF_FORMATS, HTML)
    chosen = named(wanted.format, offered) or requested(offered)
    if chosen.format is HTML:
        response = Response(status=303, headers={"Location": request.script_root + "/query"})
    else:
        site = current()
        described = service(
            site.engine,
            NamedNode(site.address() + "sparql"),
            NamedNode(site.dataset),
            federates=bool(site.settings.allow_service),
        )
        body = serialize.write(described, chosen.format)
        response = cached(body, chosen.content_type)
    return negotiated(response)
