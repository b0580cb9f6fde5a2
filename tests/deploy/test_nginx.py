"""Debian's nginx in front, with the lines of docs/operations.md: TLS, paths, cache, strangers."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.deploy.conftest import SMALL
from tests.deploy.front import HOST, Front, nginx, site
from tests.deploy.visitor import Visitor, exchange, get
from tests.serving import Server, eventually

THING = "/project/valley"
BASE = f"https://{HOST}/"
SPARQL = "/sparql?query=SELECT%20%3Fs%20%7B%20%3Fs%20skos%3AprefLabel%20%22Floods%22%40en%20%7D"
WEBSOCKETS = {
    'proxy_set_header Connection "";': "proxy_set_header Connection $http_connection;",
    'proxy_set_header Upgrade "";': "proxy_set_header Upgrade $http_upgrade;",
}
"""Lines for WebSockets that operators copy from one service to the next."""


def test_pages_documents_and_queries_come_over_tls(front: Front) -> None:
    assert get(front, "/readyz").status == 200
    assert "Valley programme" in get(front, THING, Accept="text/html").text
    assert get(front, THING + ".ttl").headers["content-type"].startswith("text/turtle")
    assert "valley-floods" in get(front, SPARQL, Accept="text/csv").text


def test_http_2_is_spoken(front: Front) -> None:
    curl = shutil.which("curl") or pytest.fail("The tests need curl")
    there = ["--resolve", f"{HOST}:{front.port}:127.0.0.1", "--cacert", str(front.certificate)]
    address = f"https://{HOST}:{front.port}{THING}.nt"
    told = ["-sS", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"]
    ran = subprocess.run([curl, "--http2", *told, *there, address], capture_output=True, text=True)
    assert ran.stdout == "2 200", ran.stderr


def test_addresses_are_those_of_the_public(front: Front) -> None:
    assert get(front, "/id/project/valley").headers["location"] == "/project/valley"
    assert BASE + "sitemap.xml" in get(front, "/robots.txt").text
    assert json.loads(get(front, "/reconcile").body)["view"]["url"].startswith(BASE)


def test_figures_are_not_for_the_public(front: Front, server: Server) -> None:
    assert get(front, "/metrics").status == 403
    assert server.get("/metrics")[0] == 200


def test_forwarded_fields_of_strangers_lead_nobody_astray(
    tmp_path: Path,
) -> None:
    """Also where no public address is set, so that links are made from what nginx says."""
    lies = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "gopher",
        "X_Forwarded_For": "6.6.6.6",
        "Forwarded": "host=evil.example",
    }
    with site(tmp_path, SMALL, base="") as (_, front):
        lied = get(front, "/robots.txt", **lies)
        later = get(front, "/robots.txt")
        location = get(front, "/id/project/valley", **lies).headers["location"]
        assert get(front, "/robots.txt", Host="evil.example").status == 400
    assert f"{BASE}sitemap.xml" in lied.text
    assert lied.body == later.body
    assert location == "/project/valley"


@pytest.mark.parametrize("passed_on", ["whole", "without the path"])
def test_below_a_path(tmp_path: Path, passed_on: str) -> None:
    base = BASE + "hsgraph/"
    below = {"location / {": "location /hsgraph/ {"}
    if passed_on != "whole":
        below["proxy_pass http://hsgraph;"] = "proxy_pass http://hsgraph/;"
    with site(tmp_path, SMALL, base=base, **below) as (_, front):
        page = get(front, "/hsgraph" + THING, Accept="text/html")
        assert page.status == 200
        assert 'href="/hsgraph/' in page.text
        assert 'href="/project' not in page.text
        moved = get(front, "/hsgraph/id/project/valley").headers["location"]
        assert moved == "/hsgraph/project/valley"
        assert "valley-floods" in get(front, "/hsgraph" + SPARQL, Accept="text/csv").text
        assert get(front, THING).status == 404


def test_the_cache_keeps_formats_apart_and_tells_what_is_known(front: Front) -> None:
    kinds = ("text/html", "text/turtle", "application/ld+json", "application/rdf+xml")
    first = {kind: get(front, THING + "?kept", Accept=kind) for kind in kinds}
    for _ in range(3):
        for kind in kinds:
            again = get(front, THING + "?kept", Accept=kind)
            assert again.headers["content-type"].startswith(kind)
            assert again.body == first[kind].body
            assert again.headers["x-request-id"] == first[kind].headers["x-request-id"]
    tag = first["text/html"].headers["etag"]
    known = get(front, THING + "?kept", Accept="text/html", If_None_Match=tag)
    assert (known.status, known.body) == (304, b"")


def test_the_cache_keeps_no_refusal(front: Front) -> None:
    assert get(front, "/project/no-such").status == 404
    assert get(front, "/sparql?query=ASK").status == 400
    assert "no-store" in get(front, "/readyz").headers["cache-control"]


@pytest.fixture(scope="module", params=["as documented", "with lines for WebSockets"])
def proxy(
    request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    changed = {} if request.param == "as documented" else WEBSOCKETS
    with nginx(tmp_path_factory.mktemp("nginx"), server.port, changed) as started:
        yield started


SMUGGLED = b"GET /search?q=smuggled HTTP/1.1\r\nHost: graph.example.org\r\nX-Rest: "


@pytest.mark.parametrize("method", [b"POST", b"GET"])
@pytest.mark.parametrize(
    "framing",
    [
        b"Upgrade: foo\r\nConnection: Upgrade\r\nContent-Length: %d\r\n\r\n%b",
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: %d\r\n\r\n%b",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__"
        b"\r\nContent-Length: %d\r\n\r\n%b",
        b"Upgrade: foo\r\nConnection: Upgrade\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%b\r\n0\r\n\r\n",
    ],
    ids=["foo", "websocket", "h2c", "chunked"],
)
def test_no_visitor_gets_the_answer_to_a_smuggled_request(
    proxy: Front, method: bytes, framing: bytes
) -> None:
    numbers = count()
    head = b"%b /robots.txt HTTP/1.1\r\nHost: graph.example.org\r\n" % method
    sent = head + framing % (len(SMUGGLED), SMUGGLED)
    for _ in range(3):
        answer = exchange(proxy, sent, address="127.0.9.9")
        assert answer.count(b"HTTP/1.1 ") <= 1
        for visitor in range(4):
            path = f"/healthz?n={next(numbers)}"
            own = get(proxy, path, address=f"127.0.8.{visitor + 1}")
            assert (own.status, own.text.strip()) == (200, "ok")


def test_one_client_too_fast_is_held_back_and_others_are_not(front: Front) -> None:
    statuses: list[int] = []

    def hurry(number: int) -> None:
        statuses.append(get(front, f"/healthz?hurry={number}", address="127.0.7.7").status)

    hurrying = [threading.Thread(target=hurry, args=[n]) for n in range(100)]
    for thread in hurrying:
        thread.start()
    start = time.monotonic()
    assert get(front, THING + "?others", address="127.0.7.8").status == 200
    assert time.monotonic() - start < 2
    for thread in hurrying:
        thread.join()
    assert set(statuses) == {200, 503}


@pytest.mark.timed
def test_a_hundred_who_send_a_byte_a_second_keep_nobody_waiting(front: Front) -> None:
    heads = b"GET /search?q=slow HTTP/1.1\r\nHost: graph.example.org\r\n"
    body = b"POST /sparql HTTP/1.1\r\nHost: graph.example.org\r\nContent-Length: 99\r\n\r\n"
    slow = [Visitor(front, f"127.0.6.{n + 1}").socket() for n in range(100)]
    for connection in slow[::2]:
        connection.sendall(body)
    try:
        taken = []
        for second in range(2):
            for connection in slow:
                connection.sendall(heads[second : second + 1])
            for number in range(10):
                start = time.monotonic()
                path = f"{THING}?slow={second}.{number}"
                assert get(front, path, address="127.0.6.200").status == 200
                taken.append(time.monotonic() - start)
            time.sleep(1)
        assert sorted(taken)[-2] < 0.5
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.timed
def test_nothing_fails_while_nginx_and_the_data_are_reloaded(tmp_path: Path) -> None:
    """Twelve visitors ask, none of them from nginx' cache."""
    data = tmp_path / "data.nt"
    write(data, 0)
    failed: list[str] = []
    seen: list[int] = []
    done = threading.Event()

    def visit(front: Front, number: int) -> None:
        for time_ in count():
            if done.is_set():
                return
            path = f"/sparql?query=SELECT+?o+{{+?s+?p+?o+}}&n={number}.{time_}"
            try:
                answer = get(front, path, address=f"127.0.5.{number + 1}", Accept="text/csv")
                seen.append(int(answer.text.split()[1]) if answer.status == 200 else -1)
            except (OSError, http.client.HTTPException) as error:
                failed.append(repr(error))
            time.sleep(0.08)

    with site(tmp_path, data, base=BASE) as (server, front):
        visitors = [threading.Thread(target=visit, args=[front, n]) for n in range(12)]
        for visitor in visitors:
            visitor.start()
        try:
            for generation in range(1, 4):
                write(data, generation)
                server.reload()
                front.reload()
                assert eventually(lambda: generation in seen[-24:], 120), (failed, set(seen))  # noqa: B023
        finally:
            done.set()
            for visitor in visitors:
                visitor.join()
    assert failed == []
    assert len(seen) > 100
    assert -1 not in seen


def write(data: Path, generation: int) -> None:
    data.write_text(f'<http://e/s> <http://e/p> "{generation}" .\n')
