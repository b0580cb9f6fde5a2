"""Choosing the format of an answer: the `Accept` header by RFC 9110, section 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from werkzeug.http import unquote_header_value

from hsgraph.errors import BadRequest, NotAcceptable
from hsgraph.formats import Format

_NAME: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_ELEMENT: Final = re.compile(rf'(?:[^,"]|{_QUOTED}|")+')
_RANGE: Final = re.compile(rf"\s*({_NAME})(?:/({_NAME}))?\s*")
_PARAMETER: Final = re.compile(rf";\s*(?:({_NAME})\s*(?:=\s*({_NAME}|{_QUOTED}))?)?\s*")
_WEIGHT: Final = re.compile(r"(?:[01](?:\.\d*)?|\.\d+)")

_LONGEST: Final = 1000
_MOST_RANGES: Final = 50
_ANY_VALUE: Final = "*"
_PROPERTIES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "application/ld+json": {"profile": frozenset({_ANY_VALUE})},
    "text/csv": {"header": frozenset({"present"})},
}
"""Parameters that our representations have besides the character set and the RDF version."""
_EVERYWHERE: Final[Mapping[str, frozenset[str]]] = {
    "charset": frozenset({"utf-8", "utf8"}),
    "version": frozenset({"1.1"}),
}

_OTHER_NAMES: Final[Mapping[str, str]] = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "nquads": "nq",
    "n-quads": "nq",
    "json-ld": "jsonld",
    "rdfxml": "rdf",
    "rdf+xml": "rdf",
    "rdf/xml": "rdf",
    "xhtml": "html",
}
"""What clients write for `?format=` besides our own names, suffixes and media types."""


@dataclass(frozen=True)
class Negotiated:
    """A format, and which of its media types the client asked for."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of a `Content-Type` header."""
        return self.media_type + ("; charset=utf-8" if self.format.charset else "")


@dataclass(frozen=True)
class MediaRange:
    """One element of an `Accept` header."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    weight: float

    def matches(self, media_type: str) -> bool:
        """Whether our representation of this media type is in the range."""
        main, _, sub = media_type.partition("/")
        if self.type not in (main, "*") or self.subtype not in (sub, "*"):
            return False
        own = _PROPERTIES.get(media_type, {})
        return all(
            {value.lower(), _ANY_VALUE} & (own.get(name) or _EVERYWHERE.get(name, frozenset()))
            for name, value in self.parameters
        )


@lru_cache(maxsize=1024)
def negotiate(accept: str | None, offered: tuple[Format, ...]) -> Negotiated:
    """The offered format that the client likes best.

    Among equals one that the client names goes before one that only a wildcard covers (axios
    sends `application/json, text/plain, */*`), then the one offered first. A wildcard never
    chooses the lesser media types of a format. No header, and an empty one, mean that anything
    will do. Kept, since most clients always ask for the same. Raises `BadRequest` on a header that
    cannot be read, and `NotAcceptable` when nothing offered is wanted.
    """
    ranges = parse(accept or "")
    if not ranges:
        return Negotiated(offered[0], offered[0].media_type)
    best, best_score = None, (0.0, False)
    exact = [item for item in ranges if item.subtype != "*"]
    for format in offered:
        for media_type in format.media_types:
            score = weigh(media_type, exact), False
            if media_type == format.media_type:
                score = weigh(media_type, ranges), any(i.matches(media_type) for i in exact)
            if score[0] > 0 and score > best_score:
                best, best_score = Negotiated(format, media_type), score
    if best is None:
        available = tuple(format.media_type for format in offered)
        raise NotAcceptable(
            f"This address does not answer with any of: {accept}", available=available
        )
    return best


def weigh(media_type: str, ranges: Sequence[MediaRange]) -> float:
    """The weight that the most specific matching range gives; 0 if unwanted or unmentioned."""
    rated = [
        ((item.type != "*", item.subtype != "*", len(item.parameters)), item.weight)
        for item in ranges
        if item.matches(media_type)
    ]
    return max(rated)[1] if rated else 0.0


def parse(accept: str) -> tuple[MediaRange, ...]:
    """The ranges of an `Accept` header, in its order. Raises `BadRequest`, also for a long one."""
    if len(accept) > _LONGEST or accept.count(",") >= _MOST_RANGES:
        raise BadRequest(
            f"Accept: at most {_LONGEST:,} characters and {_MOST_RANGES} media ranges are read."
        )
    return tuple(_range(element) for element in _ELEMENT.findall(accept) if element.strip(" \t"))


def _range(element: str) -> MediaRange:
    match = _RANGE.match(element)
    main, sub = (match[1].lower(), (match[2] or "*").lower()) if match else ("*", "")
    if match is None or (match[2] is None and main != "*") or main == "*" != sub:
        raise BadRequest(f"Accept: “{element.strip()}” is not a media range such as text/turtle")
    parameters: list[tuple[str, str]] = []
    weight = 1.0
    position = match.end()
    while position < len(element):
        found = _PARAMETER.match(element, position)
        if found is None:
            raise BadRequest(f"Accept: cannot read the parameters of “{element.strip()}”")
        position = found.end()
        name, value = (found[1] or "").lower(), unquote_header_value(found[2] or "")
        if name == "q":
            if _WEIGHT.fullmatch(value) is None or float(value) > 1:
                raise BadRequest(f"Accept: q must be between 0 and 1 in “{element.strip()}”")
            weight = float(value)
            break  # what follows the weight are extensions, which RFC 9110 tells to ignore
        if name:
            parameters.append((name, value))
    return MediaRange(main, sub, tuple(parameters), weight)


def named(name: str | None, offered: Sequence[Format]) -> Negotiated | None:
    """The offered format that a `?format=` parameter names, if it names one of them.

    Our names, suffixes and media types count, and the usual other names. A plus sign in a query
    string arrives as a space, so `application/ld json` is understood too.
    """
    if not name:
        return None
    plain = name.strip().lower().partition(";")[0].replace(" ", "+")
    wanted = _OTHER_NAMES.get(plain, plain)
    for format in offered:
        if wanted in (format.name, format.suffix):
            return Negotiated(format, format.media_type)
        if wanted in format.media_types:
            return Negotiated(format, wanted)
    generic = {"json": "application/ld+json", "xml": "application/rdf+xml"}.get(wanted)
    return named(generic, offered) if generic else None
