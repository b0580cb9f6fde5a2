"""One answer in the format asked for, with the headers that say what else there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final, cast
from urllib.parse import quote

from flask import Response, jsonify, redirect, render_template, request
from pyoxigraph import Quad, Triple
from werkzeug.exceptions import NotFound
from werkzeug.http import quote_etag

from hsgraph import serialize
from hsgraph.errors import NotAcceptable
from hsgraph.formats import HTML, RDF_FORMATS, TURTLE, Format
from hsgraph.languages import later, reader, told
from hsgraph.server.http.negotiation import Negotiated, named, negotiate
from hsgraph.server.site import current

_IN_IRI: Final = "%:/?#[]@!$&'()*+,;=-._~"
CACHE_CONTROL: Final = "public, max-age=60, stale-while-revalidate=600"
"""Short, because corrections should be seen; after that a 304 costs next to nothing."""


def requested(offered: Sequence[Format], suffix: str = "") -> Negotiated:
    """The format of the suffix in the address; without one that of `?format=`, then of `Accept`.

    Raises `NotFound` for a suffix that is not offered.
    """
    if not suffix:
        by_name = named(request.args.get("format"), offered)
        return by_name or negotiate(request.headers.get("Accept"), tuple(offered))
    for format in offered:
        if format.suffix == suffix:
            return Negotiated(format, format.media_type)
    raise no_form(suffix, [format.suffix for format in offered])


def no_form(suffix: str, known: Iterable[str]) -> NotFound:
    """There is no such form of a page; there are these."""
    listed = ", ".join("." + name for name in known)
    return NotFound(told(later("There is no “.{1}” of this; there is: {2}."), suffix, listed))


def represent(
    path: str,
    offered: Sequence[Format],
    suffix: str,
    body: Callable[[Format], str | bytes],
    *,
    canonical: str | None = None,
) -> Response:
    """The representation of `path` in the format of the suffix, or else that asked for.

    `body` is called only if the client does not have it already. Where it raises NotAcceptable,
    the next format that the client takes is tried. `canonical` is the IRI of what it is about.
    """

    def answer(chosen: Negotiated, offered: Sequence[Format]) -> Response:
        tag = etag(path, chosen)
        if request.if_none_match.contains_weak(tag):
            response = Response(status=304)
        else:
            response = Response(body(chosen.format), content_type=chosen.content_type)
            response.headers["Content-Location"] = place_of(path, chosen.format)
        response.headers["ETag"] = quote_etag(tag)
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.headers["Link"] = ", ".join(links(path, chosen, offered, canonical))
        return negotiated(response)

    if suffix:
        return answer(requested(offered, suffix), offered)
    return in_turn(offered, request.args.get("format"), answer)


def in_turn(
    offered: Sequence[Format],
    name: str | None,
    answer: Callable[[Negotiated, Sequence[Format]], Response],
) -> Response:
    """The answer in the format that is named, else in the one that `Accept` likes best.

    Where a negotiated one cannot hold it (NotAcceptable), the next that the client takes is tried,
    of those that are left.
    """
    if by_name := named(name, offered):
        return answer(by_name, offered)
    chosen = negotiate(request.headers.get("Accept"), tuple(offered))
    try:
        return answer(chosen, offered)
    except NotAcceptable:
        others = [format for format in offered if format is not chosen.format]
        with suppress(NotAcceptable):
            return in_turn(others, None, answer)
        raise


def negotiated(response: Response) -> Response:
    """An answer that has other forms; all are kept by one `Vary`, those without a language too."""
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def page_or_rdf(
    page: Callable[[], str], statements: Callable[[], Iterable[Triple | Quad]]
) -> Callable[[Format], str | bytes]:
    """What writes a body as a page, or as RDF."""
    return lambda format: page() if format is HTML else serialize.write(statements(), format)


def see_other(path: str, offered: Sequence[Format]) -> Response:
    """Sends from a thing to the document about it, in the format asked for (303)."""
    format = requested(offered).format
    target = request.script_root + path if format is HTML else place_of(path, format)
    response = cast(Response, redirect(target, 303, Response))
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Link"] = f'<{request.script_root + path}>; rel="describedby"'
    return negotiated(response)


def etag(path: str, chosen: Negotiated) -> str:
    """A strong validator: the same bytes come from the same data, program, format and address."""
    site = current()
    parts = (path, chosen.content_type, request.script_root, site.settings.base, reader())
    place = sha256("\n".join(parts).encode()).hexdigest()[:10]
    return f"{site.version}-{site.release}-{place}"


def links(
    path: str, chosen: Negotiated, offered: Sequence[Format], canonical: str | None
) -> list[str]:
    """The values of the `Link` header (RFC 8288)."""
    found = [
        f'<{place_of(path, format)}>; rel="alternate"; type="{format.media_type}"'
        for format in offered
        if format is not chosen.format
    ]
    if canonical:
        found.append(f'<{quote(canonical, safe=_IN_IRI)}>; rel="canonical"')
    if TURTLE in offered:
        found.append(f'<{place_of(path, TURTLE)}>; rel="describedby"; type="text/turtle"')
    if licence := current().licence:
        found.append(f'<{licence}>; rel="license"')
    return found


def place_of(path: str, format: Format) -> str:
    """The address of a representation: by its suffix, or by a parameter where the path has some."""
    end = f"&format={format.suffix}" if "?" in path else f".{format.suffix}"
    return f"{request.script_root}{path}{end}"


def forms_of(path: str, offered: Sequence[Format] = RDF_FORMATS) -> tuple[tuple[str, str], ...]:
    """Label and address of what else there is at `path`, as the foot of its page lists them."""
    return tuple((format.label, place_of(path, format)) for format in offered)


def cached(body: str | bytes, content_type: str) -> Response:
    """An answer that may be kept for a while; the application adds its validator."""
    return kept(Response(body, content_type=content_type))


def page(template: str, *, whole: bool = True, **values: Any) -> Response:
    """A page that is not a document about a thing; one that lacks what is not ready is not kept."""
    response = cached(render_template(template, **values), HTML.content_type)
    return response if whole else not_stored(response)


def json(content: object) -> Response:
    """An answer for programs that may be kept for a while."""
    return kept(jsonify(content))


def kept(response: Response) -> Response:
    """An answer that caches keep for a while."""
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def not_stored(response: Response) -> Response:
    """An answer that no cache keeps."""
    response.headers["Cache-Control"] = "no-store"
    return response


def attached(response: Response, name: str) -> Response:
    """An answer that browsers save as a file of this name."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
