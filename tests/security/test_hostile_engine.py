"""A remote engine that answers what it likes costs a bounded time and room, and is told as such."""

from __future__ import annotations

import itertools
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import pytest

from hsgraph.engine.protocol import Limits
from hsgraph.engine.remote.connection import Credentials
from hsgraph.engine.remote.engine import RemoteEngine
from hsgraph.errors import EngineUnavailable, HsgraphError, QueryTimeout
from hsgraph.formats import RESULTS_JSON, TURTLE
from hsgraph.settings import Settings

FORMATS = {"select": RESULTS_JSON, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n"
BODY = HEAD + b"\r\n"
ROWS = b'{"head":{"vars":["a"]},"results":{"bindings":[%b]}}'
SECONDS = 0.5
LATE = 5
"""Far beyond the deadline, and far below what each of these took."""


@contextmanager
def sending(pieces: Callable[[], Iterable[bytes]], pause: float = 0.0) -> Iterator[RemoteEngine]:
    """An engine over a server that sends pieces to all who ask, and its list of what they sent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            for piece in pieces():
                connection.sendall(piece)
                time.sleep(pause)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=listener.accept()[:1], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    try:
        yield RemoteEngine(
            address, Settings(query_seconds=SECONDS), Credentials("reader", "secret")
        )
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


SLOW = {
    "a head byte by byte": lambda: (HEAD[n : n + 1] for n in range(60)),
    "a field that does not end": lambda: itertools.chain([HEAD, b"X: "], itertools.repeat(b"y")),
    "a body byte by byte": lambda: itertools.chain([BODY], itertools.repeat(b" ")),
    "an error byte by byte": lambda: itertools.chain(
        [b"HTTP/1.1 400 Bad\r\n\r\n"], itertools.repeat(b"x")
    ),
    "one to go on after the other": lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("pieces", SLOW.values(), ids=SLOW)
def test_an_answer_that_comes_slowly_ends_at_the_deadline(
    pieces: Callable[[], Iterable[bytes]],
) -> None:
    with sending(pieces, pause=SECONDS / 3) as engine:
        start = time.monotonic()
        with pytest.raises(QueryTimeout):
            engine.ask("ASK {}")
        assert time.monotonic() - start < LATE


HUGE = {
    "answer": BODY,
    "error": b"HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\n",
    "refusal": b"HTTP/1.1 400 Oh\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("head", HUGE.values(), ids=HUGE)
def test_an_answer_without_end_takes_little_memory(head: bytes) -> None:
    with sending(lambda: itertools.chain([head], itertools.repeat(b" " * 100_000))) as engine:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with suppress(HsgraphError):
            engine.answer("SELECT * { ?s ?p ?o }", FORMATS, limits=Limits(SECONDS, 1_000_000))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


WRONG = {
    "deep": b"[" * 1_000_000,
    "a row that is none": ROWS % b"null",
    "a term without a type": ROWS % b'{"a":{"value":"x"}}',
    "an IRI that is none": ROWS % b'{"a":{"type":"uri","value":"http://[ <x>"}}',
    "a language that is none": ROWS % b'{"a":{"type":"literal","value":"x","xml:lang":"no one!"}}',
    "a datatype that is none": ROWS % b'{"a":{"type":"literal","value":"x","datatype":"no iri"}}',
    "a text that is a number": ROWS % b'{"a":{"type":"literal","value":5}}',
    "half a character": ROWS % rb'{"a":{"type":"literal","value":"\ud800"}}',
    "a number of many digits": ROWS % (b'{"a":%b}' % (b"9" * 100_000)),
    "a list": b"[]",
    "nothing": b"",
    "yes": b'{"head":{},"boolean":true}',
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_what_is_no_answer_is_told_before_anything_is_made_of_it(body: bytes) -> None:
    with sending(lambda: [BODY, body]) as engine:
        with pytest.raises(EngineUnavailable):
            engine.select("SELECT * { ?s ?p ?o }")
        with pytest.raises(EngineUnavailable):
            engine.answer("SELECT * { ?s ?p ?o }", FORMATS)
        with pytest.raises(EngineUnavailable):
            engine.counts()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_engine_sends_us_nowhere_else(status: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        place = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        answer = f"HTTP/1.1 {status} On\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
        with sending(lambda: [answer]) as engine:
            with pytest.raises(EngineUnavailable, match="another address"):
                engine.ask("ASK {}")
            with pytest.raises(BlockingIOError):
                canary.accept()
