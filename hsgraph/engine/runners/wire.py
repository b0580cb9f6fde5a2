"""What a web worker and a runner say to each other: framed JSON, with the answer's bytes behind it.

JSON and not pickle, since a runner evaluates foreign text and is not trusted with code.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hsgraph import errors
from hsgraph.engine.protocol import Answer, DatasetClause, Limits, QueryForm
from hsgraph.engine.sparql.guard import Inspected
from hsgraph.errors import EngineUnavailable, HsgraphError
from hsgraph.formats import RDF_FORMATS, RESULT_FORMATS, Format

_LENGTHS: Final = struct.Struct("!IQ")
PIECE: Final = 65_536
"""Bytes that are read at once of a frame of unknown length."""
_LARGEST: Final = 1_048_576
_FORMATS: Final = {known.label: known for known in (*RESULT_FORMATS, *RDF_FORMATS)}
_EXTRAS: Final = ("line", "column", "expected", "retry_after")

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
"""Ways a runner dies that the host reports: the error, what to say, what to do."""


@dataclass(frozen=True)
class Request:
    """A query from outside that the guard has let through."""

    query: str
    inspected: Inspected
    formats: Mapping[QueryForm, Format]
    dataset: DatasetClause
    limits: Limits


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(header).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def receive(connection: socket.socket, beginning: bytes = b"") -> tuple[dict[str, Any], bytes]:
    """One frame; raises ConnectionError if the other side closed before it was whole."""
    data = _more(connection, bytearray(beginning), _LENGTHS.size)
    header_length, body_length = _LENGTHS.unpack_from(data)
    start = _LENGTHS.size + header_length
    _more(connection, data, start + body_length)
    with memoryview(data) as view:
        return json.loads(bytes(view[_LENGTHS.size : start])), bytes(view[start:])


def _more(connection: socket.socket, data: bytearray, length: int) -> bytearray:
    """Read until there is so much, and no more: another frame may follow."""
    while len(data) < length:
        part = connection.recv(min(length - len(data), _LARGEST))
        if not part:
            raise ConnectionError("The connection was closed in the middle of a message.")
        data += part
    return data


def pack_request(request: Request) -> bytes:
    return pack(
        {
            "query": request.query,
            "form": request.inspected.form,
            "calls_out": request.inspected.calls_out,
            "formats": {form: chosen.label for form, chosen in request.formats.items()},
            "default": request.dataset.default_graphs,
            "named": request.dataset.named_graphs,
            "limits": [request.limits.seconds, request.limits.rows, request.limits.bytes],
        }
    )


def unpack_request(header: Mapping[str, Any]) -> Request:
    dataset = DatasetClause(tuple(header["default"]), tuple(header["named"]))
    return Request(
        query=header["query"],
        inspected=Inspected(header["form"], dataset, header["calls_out"]),
        formats={form: _FORMATS[label] for form, label in header["formats"].items()},
        dataset=dataset,
        limits=Limits(*header["limits"]),
    )


def pack_answer(answer: Answer) -> bytes:
    header = {"form": answer.form, "format": answer.format.label}
    return pack(header, answer.body)


def describe_error(error: HsgraphError) -> dict[str, Any]:
    """An error as `failure` reads it."""
    header: dict[str, Any] = {"error": type(error).__name__}
    header |= {"message": error.message, "remedy": error.remedy}
    return header | {name: getattr(error, name) for name in _EXTRAS if hasattr(error, name)}


def pack_error(error: HsgraphError) -> bytes:
    return pack(describe_error(error))


def pack_failure(name: str) -> bytes:
    """What the host says of a runner that died: `timeout`, or a key of FAILURES."""
    return pack({"failure": name})


def unpack_answer(header: Mapping[str, Any], body: bytes, limits: Limits) -> Answer:
    """The answer; raises the error that the frame carries instead."""
    if "failure" in header or "error" in header:
        raise failure(header, limits.seconds)
    return Answer(header["form"], _FORMATS[header["format"]], body)


def failure(header: Mapping[str, Any], seconds: float) -> HsgraphError:
    """The error that a frame carries; `seconds` is the deadline that a query may have passed."""
    name = header.get("failure")
    if name == "timeout":
        return errors.QueryTimeout(seconds)
    if name is not None:
        kind, message, remedy = FAILURES[name]
        return kind(message, remedy=remedy)
    return _error(header)


def _error(header: Mapping[str, Any]) -> HsgraphError:
    kind = getattr(errors, header["error"], HsgraphError)
    extras = {name: header[name] for name in _EXTRAS if name in header}
    if "expected" in extras:
        extras["expected"] = tuple(extras["expected"])
    error: HsgraphError = kind(header["message"], **extras)
    error.remedy = header["remedy"]
    return error
