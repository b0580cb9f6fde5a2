"""What the web server does with connections: limits in time, size and number, HTTP as written.

Real sockets against real servers: ours, and the same around an application that tells what it was
asked. None of this knows which web server it is.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from hsgraph.server.runtime.address import answers, reserve
from tests.http.bridged import BODY_SECONDS, HEADER_SECONDS
from tests.serving import Server, eventually, serving

SMALL = Path(__file__).parent / "small.trig"
PAGE = b"GET /project/valley.nt HTTP/1.1\r\nHost: x\r\n\r\n"


class Client:
    """A connection, and what comes over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
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

    def status(self) -> int:
        """The status of the next answer; 0 if the connection was closed."""
        line = self._file.readline()
        return int(line.split()[1]) if line else 0

    def rest(self) -> bytes:
        """All that comes until the connection is closed."""
        return self._file.read()

    def closed(self) -> bool:
        """Whether the other side closes the connection without another word."""
        with suppress(ConnectionResetError):
            return self._file.read(1) == b""
        return True

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A web server as operators run it around an application that tells what it was asked."""
    number = reserve("127.0.0.1", 0)
    program = [sys.executable, "-m", "tests.http.bridged", str(number)]
    with subprocess.Popen(program, cwd=Path(__file__).parents[2]) as process:
        assert eventually(lambda: answers("127.0.0.1", number))
        yield number
        process.terminate()


@pytest.fixture
def client(port: int) -> Iterator[Client]:
    made = Client(port)
    yield made
    made.close()


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
def test_what_sends_no_whole_head_is_closed_in_time(server: Server) -> None:
    """Nothing, half a head, nothing after an answer: side by side, each to its own end."""
    idle = Client(server.port).send(PAGE)
    assert idle.answer()[0] == 200
    start = time.monotonic()
    silent, half = Client(server.port), Client(server.port).send(b"GET / HTTP/1.1\r\nHo")

    def end(of: Callable[[], bool]) -> tuple[bool, float]:
        return of(), time.monotonic() - start

    waits = (idle.closed, *(lambda c=c: c.answer()[0] in (0, 408) for c in (silent, half)))
    with ThreadPoolExecutor(len(waits)) as pool:
        ends = list(pool.map(end, waits))
    assert all(closed and 0.9 < seconds < 3 for closed, seconds in ends), ends
    for each in (idle, silent, half):
        each.close()


@pytest.mark.parametrize(
    "fields",
    [b"X-Long: " + b"x" * 100_000 + b"\r\n", b"".join(b"X-%d: x\r\n" % n for n in range(300))],
    ids=["long", "many"],
)
def test_a_large_head_is_refused(site: Client, fields: bytes) -> None:
    site.send(b"GET / HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n")
    assert site.answer()[0] == 431


def test_a_head_of_many_bytes_that_is_not_too_large_is_answered(site: Client) -> None:
    site.send(PAGE[:-2] + b"X-Long: " + b"x" * 60_000 + b"\r\n\r\n")
    assert site.answer()[0] == 200


def test_a_long_address_is_414_by_the_application(site: Client) -> None:
    site.send(b"GET /?q=" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    status, about, _ = site.answer()
    assert (status, about["content-type"]) == (414, "application/problem+json")


def test_what_is_no_http_is_refused_without_a_trace(server: Server, site: Client) -> None:
    site.send(b"HELLO\r\n\r\n")
    assert site.answer()[0] == 400
    assert site.closed()
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("fields", [b"", b"Host: x\r\nHost: y\r\n", b"Host:\r\n"])
def test_a_request_names_one_host(site: Client, fields: bytes) -> None:
    assert site.send(b"GET / HTTP/1.1\r\n" + fields + b"\r\n").answer()[0] == 400


HOSTS = [(b"a/b@c", 400), (b'"><b>', 400), (b"a, b", 400), (b"[::1", 400), (b"x:99999999", 400)]
HOSTS += [(b"x.:80", 200), (b"[::1]:80", 200), (b"my_host:80", 200), (b"%41,b", 200)]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_a_host_is_one_that_an_address_can_have(site: Client, host: bytes, status: int) -> None:
    found = site.send(b"GET /robots.txt HTTP/1.1\r\nHost: " + host + b"\r\n\r\n").answer()
    assert found[0] == status
    assert b"http:///" not in found[2]


CODINGS = [b"gzip, chunked", b"chunked, chunked", b"deflate\r\nTransfer-Encoding: chunked"]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_transfer_coding_that_is_not_undone_is_501(site: Client, coding: bytes) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    body = b"Transfer-Encoding: " + coding + b"\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n"
    assert site.send(head + body).answer()[0] == 501


def test_names_of_methods_are_in_capitals(site: Client) -> None:
    assert site.send(b"get /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] == 501


def test_a_body_larger_than_the_limit_is_413(site: Client) -> None:
    site.send(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 8000000\r\n\r\n"
    )
    assert site.answer()[0] == 413


def test_a_query_in_chunks_is_answered(site: Client) -> None:
    for method in (b"POST", b"QUERY"):
        site.send(
            method + b" /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"
        )
        status, _, body = site.answer()
        assert (status, b"true" in body) == (200, True)


def test_an_unencoded_byte_in_an_address_is_400(site: Client) -> None:
    assert site.send(b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n").answer()[0] in (0, 400)


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


UPGRADES = [b"h2c", b"websocket", b"foo"]


@pytest.mark.parametrize("upgrade", UPGRADES)
@pytest.mark.parametrize("path", [b"/sparql", b"/robots.txt"])
def test_the_body_of_a_request_that_offers_an_upgrade_is_no_request(
    site: Client, upgrade: bytes, path: bytes
) -> None:
    inner = b"GET /stolen HTTP/1.1\r\nHost: x\r\n\r\n"
    offer = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: %b\r\nHTTP2-Settings: AA\r\n" % upgrade
    )
    site.send(
        b"POST %b HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n%b%b"
        % (path, offer, len(inner), inner, PAGE)
    )
    assert site.answer()[0] in (400, 405, 415)
    assert site.answer()[1]["content-type"].startswith("application/n-triples")


@pytest.mark.parametrize("upgrade", [*UPGRADES, b"WebSocket", b"h2c, websocket"])
def test_an_offer_to_speak_another_protocol_is_passed_over(site: Client, upgrade: bytes) -> None:
    offer = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: %b\r\nHTTP2-Settings: AA\r\n" % upgrade
    )
    get = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n" + offer + b"\r\n"
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    post += offer + b"Content-Length: 6\r\n\r\nASK {}"
    for request in (get, post, get):
        status, _, body = site.send(request).answer()
        assert (status, b"true" in body) == (200, True)


def test_pipelined_requests_are_answered_in_order(client: Client) -> None:
    paths = [b"/slow", b"/kept", b"/pieces", b"/other"]
    client.send(b"".join(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths))
    assert client.answer()[2] == b"/slow "
    assert client.answer()[2] == b"kept"
    assert client.answer()[2] == b"x" * 300_000
    assert client.answer()[2] == b"/other "


def test_thousands_of_requests_sent_in_advance_are_answered_in_order(client: Client) -> None:
    paths = [b"/%d" % number if number % 50 == 0 else b"/kept" for number in range(3000)]
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
def test_http_1_0_is_answered_and_closed(client: Client, path: bytes, body: bytes) -> None:
    client.send(b"GET %b HTTP/1.0\r\n\r\n" % path)
    head, _, found = client.rest().partition(b"\r\n\r\n")
    assert (head[9:12], found) == (b"200", body)


def test_names_with_underscore_do_not_pose_as_others(client: Client) -> None:
    client.send(
        b"GET /environ?c=%20 HTTP/1.1\r\nHost: x\r\nX-One: 1 \r\nX_One: 2\r\nX-one: 3\r\n"
        b"Cookie: a=b\r\nCookie: c=d\r\nContent_Length: 7\r\n\r\n"
    )
    environ = json.loads(client.answer()[2])
    assert environ["HTTP_X_ONE"] == "1,3"
    assert environ["HTTP_COOKIE"] == "a=b; c=d"
    assert "CONTENT_LENGTH" not in environ
    assert environ["QUERY_STRING"] == "c=%20"


def test_a_path_keeps_its_bytes(client: Client) -> None:
    client.send(b"GET /a%2Fb%FF HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.answer()[2] == b"/a/b\xff "


def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(client: Client) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    assert client.send(head).answer()[0] == 100
    assert client.send(b"body").answer()[2] == b"/a body"


def test_a_client_is_not_asked_for_a_body_that_is_too_large(client: Client) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\nExpect: 100-continue\r\n\r\n"
    assert client.send(head).answer()[0] == 413


@pytest.mark.timed
def test_a_body_that_does_not_end_is_told_in_time(client: Client) -> None:
    start = time.monotonic()
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo")
    assert client.answer()[0] == 408
    assert BODY_SECONDS - 0.1 < time.monotonic() - start < BODY_SECONDS + 2


def test_a_body_in_chunks_is_taken_up_to_the_limit(client: Client) -> None:
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send(b"1ffff\r\n" + b"x" * 0x1FFFF + b"\r\n")
    assert client.answer()[0] == 413


@pytest.mark.parametrize("endless", [b"0\r\nX-Trailer: ", b"1;extension="])
def test_a_body_cannot_be_followed_by_what_does_not_end(client: Client, endless: bytes) -> None:
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    with suppress(ConnectionResetError, BrokenPipeError):
        client.send(endless + b"x" * 100_000)
        assert client.answer()[0] in (0, 400, 408, 431)


CHUNKED = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("bad", [b"nothing\r\n", b"1\r\nab\r\n", b"f" * 17 + b"\r\n", b"-1\r\n"])
def test_what_is_wrong_in_a_body_is_refused(client: Client, bad: bytes) -> None:
    assert client.send(CHUNKED + bad).answer()[0] == 400
    assert client.closed()


@pytest.mark.parametrize(
    "bad", [CHUNKED + b"nothing\r\n", b"HELLO\r\n\r\n", b"\x16\x03\x01 \r\n\r\n"]
)
def test_what_is_wrong_in_a_request_is_told_after_the_answers_before_it(
    client: Client, bad: bytes
) -> None:
    client.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + bad)
    assert client.answer()[2] == b"/slow "
    assert client.answer()[0] == 400
    assert client.closed()


@pytest.mark.parametrize("more", [b"\r\n", b"\r\n\r\n", b"G", b"GET /next HTTP/1.1\r\nHo"])
@pytest.mark.parametrize("field", [b"", b"Connection: close\r\n"])
def test_what_follows_a_request_withholds_no_answer(
    client: Client, more: bytes, field: bytes
) -> None:
    """Some clients end a body with an empty line (RFC 9112, section 2.2)."""
    client.socket.settimeout(HEADER_SECONDS / 2)
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\n%bContent-Length: 1\r\n\r\nb%b" % (field, more))
    assert client.answer()[2] == b"/a b"


def test_an_answer_in_pieces_ends_with_its_reader(port: int, client: Client) -> None:
    client.send(b"GET /pieces?1000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    client.socket.recv(100_000)
    client.close()

    def has_ended() -> bool:
        other = Client(port)
        found = other.send(b"GET /closed HTTP/1.1\r\nHost: x\r\n\r\n").answer()[2]
        other.close()
        return 1_000_000 in json.loads(found)

    assert eventually(has_ended, 5)


@pytest.mark.timed
def test_slow_readers_of_large_answers_are_bounded(port: int) -> None:
    slow = [Client(port) for _ in range(12)]
    for client in slow:
        client.send(b"GET /large?20000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    statuses = sorted(client.status() for client in slow)
    assert statuses[0] == 200
    assert statuses.count(503) >= 5
    for client in slow:
        client.close()


@pytest.mark.timed
def test_many_connections_that_send_nothing_whole_keep_nobody_out(port: int) -> None:
    idle = [Client(port).send(b"G") for _ in range(1500)]
    for _ in range(5):
        start = time.monotonic()
        visitor = Client(port)
        assert visitor.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").answer()[2] == b"/a "
        visitor.close()
        assert time.monotonic() - start < 2
    for client in idle:
        client.close()


@pytest.mark.timed
def test_slow_bodies_do_not_keep_requests_without_one(port: int) -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nb"
    slow = [Client(port).send(head) for _ in range(100)]
    visitor = Client(port)
    start = time.monotonic()
    assert visitor.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").answer()[2] == b"/a "
    assert time.monotonic() - start < 1
    assert {client.status() for client in slow} <= {408, 503}
    for client in [*slow, visitor]:
        client.close()
