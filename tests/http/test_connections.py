"""What a worker does with connections: limits in time, size and number, and HTTP as it is written.

Real sockets against a real server, and for what only a worker can do, against its parts.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvloop

from hsgraph.errors import HsgraphError, QueryTimeout
from hsgraph.server.api.sparql import FAILED
from hsgraph.server.runtime.bridge import Bridge
from hsgraph.server.runtime.connections import Connections
from hsgraph.server.runtime.listeners import listen
from hsgraph.server.runtime.wsgi import Environ
from hsgraph.settings import load
from tests.serving import Server, eventually, serving

SMALL = Path(__file__).parent / "small.trig"
PAGE = b"GET /project/valley.nt HTTP/1.1\r\nHost: x\r\n\r\n"
MOST = 1000
ROOM = 3


class Client:
    """A connection, and what comes over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._file = self.socket.makefile("rb")

    def send(self, data: bytes) -> Client:
        self.socket.sendall(data)
        return self

    def answer(self, *, head: bool = False) -> tuple[int, dict[str, str], bytes]:
        """The next answer; (0, {}, b"") if the connection was closed."""
        line = self._file.readline()
        if not line:
            return 0, {}, b""
        fields: dict[str, str] = {}
        while (field := self._file.readline().strip()) != b"":
            name, _, value = field.decode("latin-1").partition(": ")
            fields[name.lower()] = value
        status = int(line.split()[1])
        if head or status in (100, 304):
            return status, fields, b""
        if fields.get("transfer-encoding") == "chunked":
            return status, fields, b"".join(self._chunks())
        return status, fields, self._file.read(int(fields["content-length"]))

    def _chunks(self) -> Iterator[bytes]:
        while length := int(self._file.readline(), 16):
            yield self._file.read(length)
            self._file.readline()
        self._file.readline()

    def closed(self) -> bool:
        """Whether the other side closes the connection without another word."""
        with suppress(ConnectionResetError):
            return self._file.read(1) == b""
        return True

    def close(self) -> None:
        self._file.close()
        self.socket.close()


class Application:
    """Tells what it was asked; some paths have answers of special kinds."""

    def __init__(self) -> None:
        self.asked: list[Environ] = []
        self.closed = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        self.asked.append(environ)
        path = environ["PATH_INFO"]
        if path == "/fails":
            raise ValueError("on purpose")
        if path == "/slow":
            time.sleep(0.3)
        if int(environ.get("CONTENT_LENGTH") or 0) > MOST:
            start_response("413 CONTENT TOO LARGE", [("Content-Length", "5")])
            return [b"large"]
        if path == "/pieces":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return Pieces(self, int(environ["QUERY_STRING"] or 3))
        body = path.encode("latin-1") + b" " + environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def at_hand(self, environ: Environ) -> tuple[bytes, bytes] | None:
        if environ["PATH_INFO"] != "/kept":
            return None
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else b"kept"
        return b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n", body


class Pieces:
    """An answer that comes piece by piece, of unknown length."""

    def __init__(self, application: Application, count: int) -> None:
        self._application = application
        self._left = count

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> bytes:
        if self._left == 0:
            raise StopIteration
        self._left -= 1
        return b"x" * 100_000

    def close(self) -> None:
        self._application.closed += 1


class Worker:
    """The loop and the connections of a worker, in a thread."""

    def __init__(self, application: Application) -> None:
        self.application = application
        (self.listener,) = listen("127.0.0.1", 0, 1)
        self.port: int = self.listener.getsockname()[1]
        self.connections: Connections = None  # type: ignore[assignment]
        self.clients: list[Client] = []
        self.thread = Thread(target=self._run)
        self.thread.start()
        assert eventually(lambda: self.connections)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        settings = load(environ={}, connections=ROOM, header_seconds=1.0)
        loop = asyncio.get_running_loop()
        bridge = Bridge(self.application, self.application.at_hand, 4, MOST)
        self.connections = Connections(settings, self.listener, bridge, loop)
        self.connections.accept()
        await self.connections.ended.wait()

    def connect(self) -> Client:
        self.clients.append(Client(self.port))
        return self.clients[-1]

    def call(self, method: Callable[..., object], *given: object) -> None:
        self.connections.loop.call_soon_threadsafe(method, *given)


@pytest.fixture
def worker() -> Iterator[Worker]:
    started = Worker(Application())
    yield started
    for client in started.clients:
        client.close()
    if started.thread.is_alive():
        started.call(started.connections.stop)
    started.thread.join(10)
    assert not started.thread.is_alive()


@pytest.fixture
def client(worker: Worker) -> Client:
    return worker.connect()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), SMALL, header_seconds=1) as started:
        yield started


@pytest.fixture
def site(server: Server) -> Iterator[Client]:
    made = Client(server.port)
    yield made
    made.close()


@pytest.mark.timed
def test_a_head_that_does_not_end_is_closed_in_time(site: Client) -> None:
    start = time.monotonic()
    site.send(b"GET / HTTP/1.1\r\nHo")
    assert site.answer()[0] == 408
    assert site.closed()
    assert 0.9 < time.monotonic() - start < 2


@pytest.mark.timed
def test_a_connection_on_which_nothing_comes_is_closed_in_time(site: Client) -> None:
    start = time.monotonic()
    assert site.closed()
    assert 0.9 < time.monotonic() - start < 2


@pytest.mark.timed
def test_a_connection_that_idles_after_an_answer_is_closed_in_time(site: Client) -> None:
    site.send(PAGE)
    assert site.answer()[0] == 200
    start = time.monotonic()
    assert site.closed()
    assert 0.9 < time.monotonic() - start < 2


@pytest.mark.parametrize(
    "fields",
    [b"X-Long: " + b"x" * 70_000 + b"\r\n", b"".join(b"X-%d: x\r\n" % n for n in range(300))],
    ids=["long", "many"],
)
def test_a_large_head_is_431(site: Client, fields: bytes) -> None:
    site.send(b"GET / HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n")
    status, about, body = site.answer()
    assert (status, about["connection"]) == (431, "close")
    assert body.startswith(b"A request may have")
    assert site.closed()


def test_a_head_of_many_bytes_that_is_not_too_large_is_answered(site: Client) -> None:
    site.send(PAGE[:-2] + b"X-Long: " + b"x" * 60_000 + b"\r\n\r\n")
    assert site.answer()[0] == 200


def test_a_long_address_is_414_by_the_application(site: Client) -> None:
    site.send(b"GET /?q=" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    status, about, _ = site.answer()
    assert (status, about["content-type"]) == (414, "application/problem+json")


def test_what_is_no_http_is_400_in_plain_text(server: Server, site: Client) -> None:
    site.send(b"HELLO\r\n\r\n")
    status, about, body = site.answer()
    assert (status, about["content-type"]) == (400, "text/plain; charset=utf-8")
    assert body == b"This is not a request of HTTP.\n"
    assert "date" in about
    assert site.closed()
    assert "Invalid" not in server.log.read_text()


def test_a_body_larger_than_the_limit_is_413_and_told_to_who_still_sends(site: Client) -> None:
    for closing in (b"", b"Connection: close\r\n"):
        site.send(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 8000000\r\n" + closing + b"\r\n" + b"x" * 8_000_000
        )
        assert site.answer()[0] == 413
    assert site.closed()


def test_a_query_in_chunks_is_answered(site: Client) -> None:
    for method in (b"POST", b"QUERY"):
        site.send(
            method + b" /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
        )
        status, _, body = site.answer()
        assert (status, b"true" in body) == (200, True)


def test_an_unencoded_byte_in_an_address_is_400(site: Client) -> None:
    assert site.send(b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 400


def test_a_kept_answer_is_the_one_that_was_made(site: Client) -> None:
    first, second = (site.send(PAGE).answer() for _ in range(2))
    _, third, _ = site.send(PAGE.replace(b"GET", b"HEAD")).answer(head=True)
    ids = {about.pop("x-request-id") for about in (first[1], second[1], third)}
    for about in (first[1], second[1], third):
        about.pop("date")
    assert first == second
    assert third == second[1]
    assert len(ids) == 3


def test_who_has_a_kept_answer_is_told_so(site: Client) -> None:
    etag = [site.send(PAGE).answer() for _ in range(2)][1][1]["etag"]
    asked = PAGE[:-2] + b"If-None-Match: " + etag.encode() + b"\r\n\r\n"
    status, about, _ = site.send(asked).answer()
    assert (status, "content-length" in about) == (304, False)
    assert site.send(PAGE).answer()[0] == 200


def test_pipelined_requests_are_answered_in_order(client: Client) -> None:
    paths = [b"/slow", b"/kept", b"/pieces", b"/fails", b"/never"]
    client.send(b"".join(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths))
    assert client.answer()[2] == b"/slow "
    assert client.answer()[2] == b"/kept "
    assert client.answer()[2] == b"x" * 300_000
    assert client.answer()[0] == 500
    assert client.closed()


def test_thousands_of_requests_sent_in_advance_are_answered_in_order(client: Client) -> None:
    paths = [b"/%d" % number if number % 50 == 0 else b"/kept" for number in range(5000)]
    sending = Thread(
        target=client.send,
        args=(b"".join(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths),),
    )
    sending.start()
    for path in paths:
        assert client.answer()[2] in (path + b" ", path[1:])
    sending.join()


def test_head_has_no_body(client: Client) -> None:
    for path in (b"/some", b"/kept", b"/pieces"):
        client.send(b"HEAD %b HTTP/1.1\r\nHost: x\r\n\r\n" % path)
        assert client.answer(head=True)[0] == 200


@pytest.mark.parametrize(
    ("path", "body"), [(b"/a", b"/a "), (b"/kept", b"kept"), (b"/pieces", b"x" * 300_000)]
)
def test_http_1_0_is_answered_with_a_length_and_closed(
    client: Client, path: bytes, body: bytes
) -> None:
    status, about, found = client.send(b"GET %b HTTP/1.0\r\n\r\n" % path).answer()
    assert (status, found, about["connection"]) == (200, body, "close")
    assert client.closed()


def test_names_with_underscore_do_not_pose_as_others(worker: Worker, client: Client) -> None:
    client.send(
        b"GET /a%2Fb%FF?c=%20 HTTP/1.1\r\nHost: x\r\nX-One: 1 \r\nX_One: 2\r\nX-one: 3\r\n"
        b"Cookie: a=b\r\nCookie: c=d\r\nContent_Length: 7\r\n\r\n"
    )
    assert client.answer()[0] == 200
    (environ,) = worker.application.asked
    assert environ["HTTP_X_ONE"] == "1,3"
    assert environ["HTTP_COOKIE"] == "a=b; c=d"
    assert "CONTENT_LENGTH" not in environ
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/a/b\xff", "c=%20")
    assert environ["REMOTE_PORT"] == str(client.socket.getsockname()[1])


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(client: Client) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    assert client.send(head).answer()[0] == 100
    assert client.send(b"body").answer()[2] == b"/a body"


def test_a_client_is_not_asked_for_a_body_that_is_too_large(client: Client) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n"
    assert client.send(head).answer()[0] == 413


@pytest.mark.timed
def test_a_body_that_does_not_end_is_closed_in_time(client: Client) -> None:
    start = time.monotonic()
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo")
    assert client.answer()[0] == 408
    assert client.closed()
    assert 3.9 < time.monotonic() - start < 6


def test_a_body_in_chunks_is_taken_up_to_the_limit(worker: Worker, client: Client) -> None:
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send(b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n")
    assert client.answer()[0] == 413
    assert worker.application.asked[0]["CONTENT_LENGTH"] == str(MOST + 1)
    client.send(b"0\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.answer()[2] == b"/b "


@pytest.mark.parametrize("endless", [b"0\r\nX-Trailer: ", b"1;extension="])
def test_a_body_cannot_be_followed_by_what_does_not_end(client: Client, endless: bytes) -> None:
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send(endless + b"x" * 100_000)
    assert client.answer()[0] == 431
    assert client.closed()


def test_what_is_wrong_in_a_body_is_400(client: Client) -> None:
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert client.send(b"nothing\r\n").answer()[0] == 400
    assert client.closed()


def test_garbage_after_a_request_does_not_harm_its_answer(client: Client) -> None:
    client.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n")
    assert client.answer()[2] == b"/slow "
    assert client.closed()


def test_who_closes_its_side_after_the_request_is_answered(client: Client) -> None:
    client.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    client.socket.shutdown(socket.SHUT_WR)
    assert client.answer()[2] == b"/slow "
    assert client.closed()


def test_an_offer_to_speak_another_protocol_is_passed_over(client: Client) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n"
    for path, body in ((b"/a", b"/a "), (b"/kept", b"kept")):
        asked = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n"
        client.send(asked + offer + b"GET /kept HTTP/1.1\r\n\r\n")
        assert client.answer()[2] == body
        assert client.answer()[2] in (b"kept", b"/kept ")


def test_an_answer_in_pieces_ends_with_its_reader(worker: Worker, client: Client) -> None:
    client.send(b"GET /pieces?1000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    client.socket.recv(100_000)
    assert worker.application.closed == 0
    client.close()
    assert eventually(lambda: worker.application.closed == 1, 5)


def test_more_connections_than_there_is_room_for_wait(worker: Worker) -> None:
    clients = [worker.connect() for _ in range(ROOM + 1)]
    for client in clients:
        client.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    for client in clients[:ROOM]:
        assert client.answer()[2] == b"/a "
    assert len(worker.application.asked) == ROOM
    clients[0].close()
    assert clients[-1].answer()[2] == b"/a "


class Taking:
    """An entrance that keeps the connections whose requests begin with a path."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.taken: list[socket.socket] = []
        self.retired = 0

    def enter(self, client: socket.socket) -> bool:
        if not client.recv(100, socket.MSG_PEEK).startswith(b"GET /taken"):
            return False
        self.taken.append(client)
        return True

    def retire(self) -> None:
        self.retired += 1


@pytest.fixture
def entrance(worker: Worker) -> Taking:
    worker.connections.entrance = Taking(worker.connections)
    return worker.connections.entrance


TAKEN = b"GET /taken HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_connection_that_was_taken_is_given_back(worker: Worker, entrance: Taking) -> None:
    client = worker.connect()
    client.send(TAKEN)
    assert eventually(lambda: entrance.taken)
    error: HsgraphError = QueryTimeout(1.0)
    begun = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
    worker.call(worker.connections.serve, entrance.taken[0], begun, error)
    assert client.answer()[2] == b"abc"
    assert client.answer()[2] == b"/taken "
    assert client.send(b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n").answer()[2] == b"/b "
    first, second = worker.application.asked
    assert first[FAILED] is error
    assert FAILED not in second
    client.close()


def test_connections_that_are_not_taken_are_answered(worker: Worker, entrance: Taking) -> None:
    client = worker.connect()
    time.sleep(0.1)
    assert client.send(b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n").answer()[2] == b"/b "
    assert entrance.taken == []


def test_who_sends_nothing_is_never_shown_to_the_entrance(
    worker: Worker, entrance: Taking, client: Client
) -> None:
    assert client.closed()
    assert entrance.taken == []


def test_what_was_taken_takes_room_until_it_is_gone(worker: Worker, entrance: Taking) -> None:
    clients = [worker.connect().send(TAKEN) for _ in range(ROOM + 1)]
    assert eventually(lambda: len(entrance.taken) == ROOM)
    time.sleep(0.1)
    assert len(entrance.taken) == ROOM
    worker.call(worker.connections.gone, entrance.taken[0])
    assert eventually(lambda: len(entrance.taken) == ROOM + 1)
    for taken in entrance.taken[1:]:
        worker.call(worker.connections.gone, taken)
    for client in clients:
        assert client.closed()


def test_who_retires_ends_connections_with_their_next_answer(
    worker: Worker, entrance: Taking
) -> None:
    idle, asking = worker.connect(), worker.connect()
    for client in (idle, asking):
        client.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert "connection" not in client.answer()[1]
    asking.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert eventually(lambda: len(worker.application.asked) == 3)
    worker.call(worker.connections.retire)
    assert asking.answer()[1]["connection"] == "close"
    assert asking.closed()
    assert idle.send(b"GET /kept HTTP/1.1\r\nHost: x\r\n\r\n").answer()[1]["connection"] == "close"
    assert idle.closed()
    assert entrance.retired == 1
    with pytest.raises(ConnectionRefusedError):
        worker.connect()


def test_who_stops_answers_what_was_begun(worker: Worker) -> None:
    idle, asking = worker.connect(), worker.connect()
    asking.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    assert eventually(lambda: len(worker.application.asked) == 1)
    worker.call(worker.connections.stop)
    assert idle.closed()
    assert asking.answer()[2] == b"/slow "
    worker.thread.join(5)
    assert not worker.thread.is_alive()
