"""Publishing to a store that answers what it likes: within bounds, and to no other address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from hsgraph.cli.terminal import tell
from hsgraph.engine.remote.connection import Credentials
from hsgraph.errors import EngineUnavailable
from hsgraph.publish import graph_store
from hsgraph.publish.graph_store import Addresses, GraphStore

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"


@contextmanager
def answering(*pieces: bytes, times: int = 1) -> Iterator[GraphStore]:
    """A store that answers any one request with these pieces, the last of them so many times."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    for piece in (*pieces[:-1], *(pieces[-1],) * times):
                        connection.sendall(piece)

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        yield GraphStore(Addresses.of(f"http://127.0.0.1:{port}/store"), Credentials("me", "word"))
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_an_answer_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_store, "_LONGEST", 1_000_000)
    with (
        answering(HEAD + b"\r\n", b" " * 100_000, times=1_000) as store,
        pytest.raises(EngineUnavailable, match="does not end"),
    ):
        store.counts()


def test_a_store_that_sends_us_on_is_not_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as inner:
        place = f"http://127.0.0.1:{inner.getsockname()[1]}/update".encode()
        on = b"HTTP/1.1 307 On\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"
        with answering(on) as store, pytest.raises(EngineUnavailable, match="307"):
            store.counts()
        inner.settimeout(0.1)
        with pytest.raises(TimeoutError):
            inner.accept()


def test_the_name_of_a_graph_is_an_iri() -> None:
    row = b'{"graph":{"value":"urn:hsgraph:staged:1> ; DROP ALL #"},"count":{"value":"1"}}'
    body = b'{"results":{"bindings":[' + row + b"]}}"
    head = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode()
    with answering(head, body) as store, pytest.raises(EngineUnavailable, match="SPARQL asks for"):
        store.counts()


def test_what_a_store_says_does_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = b"\x1b]0;other\x07\x1b[2J no"
    head = f"HTTP/1.1 500 No\r\nContent-Length: {len(said)}\r\n\r\n".encode()
    with answering(head, said) as store, pytest.raises(EngineUnavailable) as refused:
        store.counts()
    tell(refused.value)
    told = capsys.readouterr().err
    assert "no" in told
    assert "\x1b" not in told
    assert "\x07" not in told
