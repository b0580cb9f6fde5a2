"""Errors as answers: a page for people, problem details (RFC 9457) for programs, no traceback.

What is refused before the application sees it is counted and logged like all other requests.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_path_info

from hsgraph.errors import BadRequest, HsgraphError, NotAcceptable
from hsgraph.formats import HTML, Format
from hsgraph.languages import DEFAULT, Said, later, said, told
from hsgraph.languages import translated as _
from hsgraph.namespaces import BASE
from hsgraph.server.http.addresses import link
from hsgraph.server.http.negotiation import negotiate
from hsgraph.server.http.observe import ROUTE, observed
from hsgraph.server.http.representation import negotiated, not_stored
from hsgraph.server.http.security import REQUEST_ID, request_id
from hsgraph.server.http.wsgi import Environ, StartResponse, Wsgi
from hsgraph.server.site import Site, current

PROBLEM: Final = Format(
    "problem", "Problem details", "json", ("application/problem+json", "application/json")
)
TYPES: Final = BASE + "problem/"
_DETAILS: Final = ("remedy", "line", "column", "expected", "available", "seconds")
"""The members of a problem document that only some errors have."""
RETRY_SECONDS: Final = 5
_ALIKE: Final = 0.75
"""How alike two words are that may mean the same, from 0 to 1."""
_PLAIN: Final = {
    400: later("The request cannot be understood"),
    404: later("Nothing here has this address"),
    405: later("This cannot be done at this address"),
    413: later("The request is too large"),
    414: later("The address is too long"),
    415: later("The body has a type that is not taken here"),
}
"""Titles in plain words for what the HTTP library calls by its standard names."""
REFUSAL: Final = "hsgraph.refusal"
"""Where in the WSGI environment the status of a refusal and its reason stand."""
_QUERIES: Final = "/sparql"
_log = logging.getLogger("hsgraph.server")


def handle_errors(app: Flask) -> None:
    """Let the application answer every error in one shape."""
    app.register_error_handler(HsgraphError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: HsgraphError) -> Response:
    if error.status >= 500:
        _log.warning(error.message, extra={"facts": {"problem": error.slug, **_request()}})
    found = {name: getattr(error, name, None) for name in _DETAILS}
    more = {name: value for name, value in found.items() if value}
    response = answer(error.status, error.slug, error.title, error.message, more)
    if error.status == 503:
        response.headers["Retry-After"] = str(getattr(error, "retry_after", RETRY_SECONDS))
    return response


def _of_http(error: HTTPException) -> Response:
    base = error.get_response()
    if error.code is None or error.code < 400:
        return Response(base.get_data(), base.status_code, base.headers)
    slug = error.name.lower().replace(" ", "-")
    title, message = _PLAIN.get(error.code, error.name), error.description or error.name
    if error.description == type(error).description:
        message = told("{1} {2}: {3}.", request.method, request.path, _(title).lower())
    response = answer(error.code, slug, title, message, {})
    for name in ("Allow", "Retry-After", "Accept", "Accept-Query", "Content-Range"):
        if name in base.headers:
            response.headers[name] = base.headers[name]
    return response


def _unforeseen(error: Exception) -> Response:
    _log.error("failed", exc_info=error, extra={"facts": _request()})
    message = told(
        later("The server made a mistake. It has been logged; the number below finds it there.")
    )
    return answer(500, HsgraphError.slug, HsgraphError.title, message, {})


def _request() -> dict[str, Any]:
    """What a line of the log says of the request."""
    return {"path": request.path, "request": request.environ.get(REQUEST_ID)}


def answer(status: int, slug: str, title: str, message: str, more: dict[str, Any]) -> Response:
    """The answer to an error, as a page if the client prefers one, otherwise as problem JSON."""
    try:
        chosen = negotiate(request.headers.get("Accept"), (PROBLEM, HTML))
    except (BadRequest, NotAcceptable):
        chosen = negotiate(None, (PROBLEM,))
    number = request.environ.get(REQUEST_ID)
    if chosen.format is HTML:
        body = _page(status, title, message, more)
    else:
        body = problem(status, slug, title, message, request.path, number, **more)
    response = Response(body, status, content_type=chosen.content_type)
    return negotiated(not_stored(response))


def problem(
    status: int, slug: str, title: str, detail: str, path: str, number: str | None, **more: Any
) -> str:
    """Problem details as JSON; `number` is the id of the request."""
    told = {
        "type": TYPES + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
        "requestId": number,
    }
    return json.dumps(told | more, ensure_ascii=False, indent=2) + "\n"


def _page(status: int, title: str, message: str, more: dict[str, Any]) -> str:
    words = _words(message) if status == 404 else ""
    return render_template(
        "error.html",
        status=status,
        title=_(title),
        message=message if isinstance(message, Said) else said(message, DEFAULT),
        request_id=request.environ.get(REQUEST_ID),
        words=words,
        near=_near(words),
        remedy=_remedy(more.get("remedy", "")),
        **{name: more.get(name) for name in ("line", "column", "expected", "available")},
    )


def _remedy(text: str) -> str:
    """What to do next, in the reader's language where it has words for it."""
    if isinstance(text, Said):
        return text
    words = _(text)
    return words if words != text else said(text, DEFAULT)


def _words(message: str) -> str:
    """What was missed: the last part of the name that the message tells, else of the address."""
    given = (value for name, value in request.args.items() if name != "lang")
    told = (value for value in given if value and value in message)
    last = next(told, request.path).rstrip("/").rpartition("/")[2].partition(".")[0]
    return last.replace("-", " ")[:100]


def _near(words: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses of things that the words may have meant."""
    if not words.strip():
        return ()
    try:
        found = current().graph.search(words, limit=5).results
    except HsgraphError:
        return ()
    links = (
        (hit.label, link(hit.iri, request.script_root)) for hit in found if _alike(words, hit.label)
    )
    return tuple((label, href) for label, href in links if href)


def _alike(words: str, label: str) -> bool:
    """Whether a word of some length is in both, or nearly: a search finds the nearest of all."""
    theirs = re.findall(r"\w+", label.casefold())
    ours = (word for word in re.findall(r"\w+", words.casefold()) if len(word) > 3)
    return any(get_close_matches(word, theirs, 1, _ALIKE) for word in ours)


def refuse(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the refusal that stands in the environment, as a problem (RFC 9457)."""
    status, detail = HTTPStatus(environ[REFUSAL][0]), environ[REFUSAL][1]
    slug = status.phrase.lower().replace(" ", "-")
    known = environ.get(REQUEST_ID) or request_id(None)
    body = problem(status, slug, status.phrase, detail, get_path_info(environ), known)
    response = Response(body, status, content_type=PROBLEM.media_type)
    response.cache_control.no_store = True
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.retry_after = RETRY_SECONDS
    start_response(response.status, response.get_wsgi_headers(environ).to_wsgi_list())
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.get_data()]


def refusing(site: Callable[[], Site]) -> Wsgi:
    """`refuse`, counted and logged; queries also among those that were refused."""

    def counted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith(_QUERIES):
            environ[ROUTE] = _QUERIES
            if environ[REFUSAL][0] == HTTPStatus.SERVICE_UNAVAILABLE:
                site().metrics.refused_queries.inc()
        return refuse(environ, start_response)

    return observed(counted, site)
