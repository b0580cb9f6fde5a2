"""What a web worker and a runner say to each other: framed JSON, with the answer's bytes behind it.

JSON and not pickle, since a runner evaluates foreign text and is not trusted with code.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from typing import IO, Any, Final

from hsgraph import errors
from hsgraph.engine.protocol import Answer, DatasetClause, Limits, Request
from hsgraph.engine.sparql.guard import Inspected
from hsgraph.errors import EngineUnavailable, HsgraphError
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS

_LENGTHS: Final = struct.Struct("!IQ")
_LONGEST_HEADER: Final = 4_000_000
"""Bytes of a header, which holds a query, or the message of an error."""
_FORMATS: Final = {known.label: known for known in (*RESULT_FORMATS, *RDF_FORMATS)}
_EXTRAS: Final = ("line", "column", "expected", "retry_after", "available")

FAILURES: Final[dict[str, tuple[type[HsgraphError], str, str | None]]] = {
    "memory": (
        errors.QueryOutOfMemory,
        "The query was stopped: it needs more memory than one query may take.",
        "Ask for less: add a LIMIT before ORDER BY or grouping, or download the data.",
    ),
    "stack": (
        errors.QueryOutOfMemory,
        "The query was stopped: it is too deeply nested or too long a chain to evaluate.",
        "Write it flatter, for example with VALUES instead of many operators.",
    ),
    "crash": (
        EngineUnavailable,
        "The process that ran the query stopped unexpectedly.",
        "Try again; if it happens again, tell the operator which query it was.",
    ),
}
"""Ways a runner dies, besides at the deadline: the error, what to say, what to do."""

MARGIN: Final = 4096
"""Bytes that an answer may have above its limit, before it is told that it is too long."""
STARTED: Final = struct.Struct("!I")
"""What a runner says first on a connection: its process id."""


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(header).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def receive(connection: socket.socket, most: int) -> tuple[dict[str, Any], bytes]:
    """One frame whose body has at most so many bytes.

    Raises ConnectionError if the other side closed before it was whole, or says that it is longer:
    what a runner sends is not trusted.
    """
    with connection.makefile("rb") as stream:
        header_length, body_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
        if header_length > _LONGEST_HEADER or body_length > most:
            raise ConnectionError("A message is longer than it may be.")
        header = json.loads(_exactly(stream, header_length))
        return header, _exactly(stream, body_length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise ConnectionError("The connection was closed in the middle of a message.")
    return data


def pack_request(request: Request) -> bytes:
    dataset = request.inspected.over(request.dataset)
    return pack(
        {
            "query": request.query,
            "form": request.inspected.form,
            "formats": {form: chosen.label for form, chosen in request.formats.items()},
            "dataset": (dataset.default_graphs, dataset.named_graphs),
            "limits": (request.limits.seconds, request.limits.bytes),
            "total_order": request.total_order,
        }
    )


def unpack_request(header: Mapping[str, Any]) -> Request:
    dataset = DatasetClause(*map(tuple, header["dataset"]))
    return Request(
        query=header["query"],
        inspected=Inspected(header["form"], dataset),
        formats={form: _FORMATS[label] for form, label in header["formats"].items()},
        dataset=dataset,
        limits=Limits(*header["limits"]),
        total_order=header["total_order"],
    )


def pack_answer(answer: Answer) -> bytes:
    header = {"form": answer.form, "format": answer.format.label}
    return pack(header, answer.body)


def pack_error(error: HsgraphError) -> bytes:
    header: dict[str, Any] = {"error": type(error).__name__}
    header |= {"message": error.message, "remedy": error.remedy}
    extras = {name: getattr(error, name) for name in _EXTRAS if hasattr(error, name)}
    return pack(header | extras)


def unpack_answer(header: Mapping[str, Any], body: bytes) -> Answer:
    """The answer; raises the error that the frame carries instead."""
    if "error" not in header:
        return Answer(header["form"], _FORMATS[header["format"]], body)
    kind = getattr(errors, str(header["error"]), HsgraphError)
    extras = {name: header[name] for name in _EXTRAS if name in header}
    if "expected" in extras:
        extras["expected"] = tuple(extras["expected"])
    error: HsgraphError = kind(header["message"], **extras)
    error.remedy = header["remedy"]
    raise error


def failure(reason: str, seconds: float) -> HsgraphError:
    """The error for a query whose runner died of that; `seconds` is the deadline it had."""
    if reason == "timeout":
        return errors.QueryTimeout(seconds)
    kind, message, remedy = FAILURES.get(reason, FAILURES["crash"])
    return kind(message, remedy=remedy)
