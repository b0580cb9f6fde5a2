"""A whole answer as it goes out: compressed where that helps, with headers that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hsgraph.server.http.encoding import CODINGS, worth_it
from hsgraph.server.http.wsgi import Headers
from hsgraph.server.ops.metrics import OTHER

_OVERHEAD: Final = 500
"""Bytes that an answer takes besides its text."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole answer; `headers` are without the request id."""

    status: str
    headers: Headers
    body: bytes
    etag: str
    route: str = OTHER

    @property
    def size(self) -> int:
        about = sum(len(n) + len(v) for n, v in self.headers)
        return len(self.body) + about + _OVERHEAD


def finish(
    status: str, headers: Headers, body: bytes, coding: str, fields: Mapping[str, str]
) -> Finished:
    """The answer as it goes out: compressed if that helps, its validator naming the coding.

    `fields` are the headers by their names in small letters.
    """
    plain = [p for p in headers if p[0].lower() not in ("x-request-id", "date")]
    answer = Finished(status, plain, body, fields.get("etag", ""))
    if "content-encoding" in fields or not worth_it(fields.get("content-type", ""), body):
        return answer
    vary = fields.get("vary", "")
    changed = {"Vary": f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"}
    if coding:
        body = CODINGS[coding](body)
        changed |= {"Content-Encoding": coding, "Content-Length": str(len(body))}
        if answer.etag:
            changed["ETag"] = f'{answer.etag[:-1]}-{coding}"'
    names = {name.lower() for name in changed}
    rest = [pair for pair in plain if pair[0].lower() not in names]
    etag = changed.get("ETag", answer.etag)
    return replace(answer, headers=[*rest, *changed.items()], body=body, etag=etag)
