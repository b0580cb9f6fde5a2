"""In which language a request is answered: `?lang=`, then what a browser says it accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from flask import Flask, Response, request

from hsgraph.languages import (
    DEFAULT,
    INTERFACE,
    interface,
    known,
    of_scripts,
    preferred,
    read_in,
    reader,
)
from hsgraph.server.site import current

_LINK: Final = re.compile(
    r'(<a [^>]*?href="|<form (?=[^>]*method="post")[^>]*?action=")(/(?!static/|/)[^"#]*)'
)
_FORM: Final = re.compile(r'<form [^>]*method="get"[^>]*>')
_FILE: Final = re.compile(r"\.(?!html$)[a-z]+(?:\.gz)?$")


def language_of(environ: Mapping[str, Any]) -> str:
    """The language that a request is answered in.

    `Accept-Language` counts for pages alone, which browsers ask for as `text/html`: a program gets
    the same data wherever it runs, and the cache one answer for all languages.
    """
    query = environ.get("QUERY_STRING", "")
    if "lang=" in query and (named := known(parse_qs(query).get("lang", [""])[-1])):
        return named
    if "text/html" not in environ.get("HTTP_ACCEPT", "") or _FILE.search(environ["PATH_INFO"]):
        return DEFAULT
    return preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def speak(app: Flask) -> None:
    """Answer each request in its reader's language; pages say which it is, and lead to others."""
    app.before_request(lambda: read_in(language_of(request.environ)))
    app.teardown_request(lambda _: read_in(DEFAULT))
    app.after_request(_say)
    app.context_processor(lambda: {"language": interface()})
    app.jinja_env.globals.update(languages=_switch, alternates=_alternates, of_scripts=of_scripts)


def _say(response: Response) -> Response:
    kind = response.content_type or ""
    page = kind.startswith("text/html") and response.status_code not in range(301, 304)
    if page:
        response.vary.add("Accept-Language")
    if page and response.status_code != 304:
        response.headers["Content-Language"] = interface()
        if known(request.args.get("lang", "")) and not response.direct_passthrough:
            response.set_data(kept(response.get_data(as_text=True), reader()))
    return response


def kept(html: str, language: str) -> str:
    """A page whose links to pages, and forms, keep the language that the address names.

    A form that is fetched has the language as a field, one that is posted in its address.
    """

    def named(found: re.Match[str]) -> str:
        start, address = found.groups()
        if _FILE.search(address.partition("?")[0]) or "lang=" in address:
            return found[0]
        return f"{start}{address}{'&amp;' if '?' in address else '?'}lang={language}"

    hidden = f'<input type="hidden" name="lang" value="{language}">'
    return _FORM.sub(lambda found: found[0] + hidden, _LINK.sub(named, html))


def _switch() -> list[tuple[str, str, str]]:
    """Code, name and address of this page in each language of the interface."""
    return [(code, name, _this(code)) for code, name in INTERFACE.items()]


def _alternates() -> list[tuple[str, str]]:
    """What `hreflang` names: this page in each language, and where the reader's decides."""
    base = current().address().rstrip("/")
    found = [(code, base + _this(code, "")) for code in INTERFACE]
    return [*found, ("x-default", base + _this("", ""))]


def _this(language: str, root: str | None = None) -> str:
    given = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    query = urlencode([*given, ("lang", language)] if language else given)
    path = (request.script_root if root is None else root) + request.path
    return path + (f"?{query}" if query else "")
