"""The Flask application: its parts, and the checks that every request passes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestURITooLarge, UnsupportedMediaType

from hsgraph import resources
from hsgraph.describe.words.wording import figure
from hsgraph.errors import BadRequest
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import later, translated
from hsgraph.search.addresses import served_at
from hsgraph.server import api, pages
from hsgraph.server.http import addresses
from hsgraph.server.http.addresses import link
from hsgraph.server.http.bounded import most_of_a_body
from hsgraph.server.http.language import speak
from hsgraph.server.http.observe import name_route, observed
from hsgraph.server.http.problems import handle_errors
from hsgraph.server.http.request_args import check_parameters
from hsgraph.server.http.wsgi import CONDITIONS, HOST, Environ, StartResponse, Wsgi
from hsgraph.server.markup.markup import Marked, Parts
from hsgraph.server.markup.translate import Application, keep_compiled
from hsgraph.server.ops.metrics import Metrics
from hsgraph.server.ops.run_folder import RunFolder
from hsgraph.server.pages.about import check_feedback
from hsgraph.server.site import Site, current, release, serve_now, served_now
from hsgraph.settings import Settings

_BEYOND_ASCII: Final = re.compile(rb"%[89A-Fa-f]")
_WITH_DIGEST: Final = re.compile(r"/dist/\w+-(?:[0-9A-Z]{8}|[0-9a-f]{8})\.(?:js|css|svg)$")
_DIST: Final = "static/dist"
_LOOPBACK: Final = ("127.0.0.1", "localhost")
"""Names by which probes on the machine itself ask, besides the hosts that are trusted."""


def create_app(
    graph: KnowledgeGraph,
    settings: Settings,
    run_folder: RunFolder | None = None,
) -> Flask:
    """The application that serves a graph; the run folder is that of a whole server."""
    check_feedback(settings.feedback_url)
    app = _with_parts()
    serve_now(app, Site(graph, settings, release(), Metrics(), run_folder))
    app.config["MAX_CONTENT_LENGTH"] = most_of_a_body(settings)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.after_request(_keep_for_good)
    if settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = [*map(str.lower, settings.trusted_hosts), *_LOOPBACK]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    speak(app)
    app.before_request(name_route)
    app.before_request(_check)
    app.before_request(_name_site)
    app.before_request(check_parameters)
    handle_errors(app)
    app.context_processor(_context)
    app.after_request(_validate)
    whole = observed(app.wsgi_app, lambda: served_now(app))
    app.wsgi_app = _mounted(whole, settings)  # type: ignore[assignment,method-assign]
    return app


def _keep_for_good(response: Response) -> Response:
    """Files whose names have a digest of what is in them never change."""
    if (
        request.endpoint == "static"
        and response.status_code in (200, 206, 304)
        and _WITH_DIGEST.search(request.path)
    ):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def read_program(folder: Path) -> None:
    """Read and compile now what requests run, for processes that are forked from this one.

    What templates are compiled to is kept in the folder, for the next start.
    """
    keep_compiled(folder)
    templates = _with_parts().jinja_env
    for name in templates.list_templates():
        templates.get_template(name)


def _with_parts() -> Application:
    """An application with what the modules of the two rooms answer: the blueprint of each."""
    app = Application("hsgraph.server")
    app.url_map.strict_slashes = False
    app.url_map.converters |= {
        "slug": addresses.SlugConverter,
        "suffix": addresses.SuffixConverter,
        "graph": addresses.GraphPathConverter,
    }
    for room in (api, pages):
        for name in sorted(each.name for each in iter_modules(room.__path__, f"{room.__name__}.")):
            module = import_module(name)
            for blueprint in vars(module).values():
                if isinstance(blueprint, Blueprint) and blueprint.import_name == name:
                    app.register_blueprint(blueprint)
    return app


def _name_site() -> None:
    """Know the addresses of this site's pages where somebody names a thing by one."""
    served_at(current().address())


def _check() -> None:
    """Refuse addresses that are too long or not UTF-8, hosts that are none, and packed bodies."""
    host = request.environ.get("HTTP_HOST", "").encode("latin-1")
    if not HOST.fullmatch(host) or request.scheme not in ("http", "https"):
        raise BadRequest("A proxy forwards a host with a port, and http or https.")
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise UnsupportedMediaType(f"Content-Encoding: {coding[:60]}; send the body as it is.")
    address, most = request.query_string, current().settings.url_length
    path = request.environ.get("PATH_INFO", "").encode("latin-1")
    if len(address) + len(request.path) > most:
        raise RequestURITooLarge(
            f"The address is longer than {most:,} bytes; send a long query with POST."
        )
    if _BEYOND_ASCII.search(address):
        address = unquote_to_bytes(address)
    for part, name in ((address, "query string"), (path, "path")):
        try:
            part.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest(f"The {name} of the address is not UTF-8.") from error


def _context() -> dict[str, Any]:
    """What every template has."""
    site = current()
    return {
        "version": site.version,
        "style_version": site.release,
        "of_programmes": site.of_programmes,
        "checked_here": site.graph.snapshot is not None,
        "licence": site.licence,
        "parts": Marked(Parts(request.script_root)),
        "current_path": request.path,
        "prefix": request.script_root,
        "bundled": _bundled,
        "_": translated,
        "later": later,
        "in_figures": figure,
        "href": lambda iri: link(iri, request.script_root),
    }


def _bundled(name: str) -> str | None:
    """The address of `query.js` and the like; None where the bundle has not been built."""
    file = _bundle(resources.web_dir() / _DIST / "manifest.json").get(name)
    return f"{request.script_root}/{_DIST}/{file}" if file else None


@lru_cache(maxsize=2)
def _bundle(path: Path) -> Mapping[str, str]:
    """The names of the files that the bundle made, by the names that stay the same."""
    names: Mapping[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return names


def _validate(response: Response) -> Response:
    """Give an answer without a validator one from its body; it is 304 where that is known."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if "no-store" not in response.headers.get("Cache-Control", ""):
        if not response.direct_passthrough:
            response.add_etag()
        if not request.environ.keys().isdisjoint(CONDITIONS):
            response.make_conditional(request)
    return response


def _mounted(inner: Wsgi, settings: Settings) -> Wsgi:
    """The application below the path of the public address, which a proxy may have taken off."""
    prefix = urlsplit(settings.base).path.rstrip("/")
    if not prefix:
        return inner

    def mounted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return inner(environ, start_response)

    return mounted
