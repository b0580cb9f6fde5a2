"""A visit: a client's own connection in the hands of a runner, and what is said about it.

A worker hands over a connection whose first request lies unread in it. The runner answers that
request and those that follow, and gives the connection back at the first that is not for it. It
takes a request off the connection only when it has the answer: if it is killed in between, the
worker finds the request where it was, and tells the client what happened.

What a request looks like the engine does not know; an attendant does, whom the server brings.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hsgraph.engine.protocol import Answer
from hsgraph.engine.runners import wire
from hsgraph.errors import HsgraphError

HANDED_OVER: Final = wire.pack({"visit": True})
"""What a worker says with a client's connection."""
CALLED_BACK: Final = wire.pack({"back": True})
"""What a worker says when it wants the connection back."""
Account = Sequence[Any]
"""What there is to tell of an answer, for logs and metrics: values that JSON knows."""


@dataclass(frozen=True)
class Asked:
    """A request as an attendant has read it; `about` is its own business."""

    request: wire.Request
    about: Any
    last: bool
    """Whether the client wants the connection closed after the answer."""


class Attendant(Protocol):
    """Reads requests on a client's connection, and writes the answers."""

    def read(self, client: socket.socket) -> Asked | None:
        """The next request, left where it is; None if it is not one that is answered here.

        Raises OSError when the client has left.
        """
        ...

    def write(self, client: socket.socket, asked: Asked, answer: Answer) -> bytes:
        """Take the request off the connection and answer it; what the client has not taken yet."""
        ...

    def accounts(self, at_least: int = 1) -> list[Account]:
        """What was not told yet of the answers that were written, if of so many."""
        ...


@dataclass(frozen=True)
class End:
    """How a visit ended; the connection is the worker's again."""

    left: bool = False
    """Whether the client has left."""
    again: bool = False
    """Whether what the client asks next is for a runner again: this one gave way to others."""
    rest: bytes = b""
    """What is still to be written to the client."""
    failed: HsgraphError | None = None
    """What became of the request that lies unread."""


@dataclass(frozen=True)
class Told:
    """What a runner tells a worker of a visit; without an end, the visit goes on."""

    accounts: Sequence[Account]
    end: End | None


def pack_accounts(accounts: Sequence[Account]) -> bytes:
    """Tell of answers while the visit goes on."""
    return wire.pack({"accounts": accounts})


def pack_end(accounts: Sequence[Account], end: End) -> bytes:
    """Tell that a visit is over, and how."""
    header: dict[str, Any] = {"accounts": accounts, "left": end.left, "again": end.again}
    if end.failed is not None:
        header["failed"] = wire.describe_error(end.failed)
    return wire.pack(header, end.rest)


def is_visit(header: Mapping[str, Any]) -> bool:
    """Whether a worker's message hands over a connection."""
    return "visit" in header


def is_call_back(header: Mapping[str, Any]) -> bool:
    """Whether a worker's message asks for the connection; it may come when it is back already."""
    return "back" in header


def unpack_told(header: Mapping[str, Any], body: bytes, seconds: float) -> Told:
    """What a runner tells, or the host of a runner that has died."""
    accounts = header.get("accounts", [])
    if "failure" in header or "error" in header:
        return Told(accounts, End(failed=wire.failure(header, seconds)))
    if "left" not in header:
        return Told(accounts, None)
    failed = wire.failure(header["failed"], seconds) if "failed" in header else None
    return Told(accounts, End(header["left"], header["again"], body, failed))
