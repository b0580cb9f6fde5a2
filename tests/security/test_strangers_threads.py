"""What strangers send holds threads of its own: pages are answered while all of those are held."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import pytest

from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.runners.client import GuardedEngine, RunnerClient
from hsgraph.errors import EngineBusy
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.server.http.cache import ONLY_KEPT, NotKept
from hsgraph.server.http.problems import refuse
from hsgraph.server.http.wsgi import Environ, StartResponse
from hsgraph.server.runtime.bridge import ABANDONED, WAITING, Bridge
from hsgraph.server.runtime.worker import QUERIES
from hsgraph.settings import load

T = TypeVar("T")
THREADS = 2
STRANGERS = 4
SETTINGS = load(
    environ={}, endpoint="http://e/sparql", threads=THREADS, runners=1, queue=1, queue_seconds=60
)
"""Strangers' work has as many threads as pages, and one for each runner and each place to wait."""


class Application:
    """Holds every thread in which it is asked for anything but a page, until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.held = threading.Semaphore(0)

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        if environ.get(ONLY_KEPT):
            raise NotKept
        if environ["PATH_INFO"] != "/page":
            self.held.release()
            self.let_go.wait(60)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """What it comes to, in a thread without a loop: a browser of another test may have one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def stay() -> dict[str, Any]:
    """What a client tells that neither sends nor leaves."""
    await asyncio.Event().wait()
    return {}


async def leave() -> dict[str, Any]:
    """What a client tells that has hung up."""
    return {"type": "http.disconnect"}


def scope_of(path: str, client: int = 1) -> dict[str, Any]:
    """A request for a path, as a web server hands it on."""
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": (f"127.0.0.{client}", 1),
    }


async def status(bridge: Bridge, path: str, *, stays: bool = True, client: int = 1) -> int:
    """What a request for a path is answered, by a client that stays, or has hung up."""
    told: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        told.append(message.get("status", 0))

    await bridge(scope_of(path, client), stay if stays else leave, send)
    return told[0]


async def never() -> None:
    """Nothing goes on in the background."""


@pytest.mark.parametrize(
    "path",
    [
        "/ask",
        "/search",
        "/reconcile",
        "/sparql",
        "/fragments",
        "/data/graph",
        "/things",
        "/browse/project.ttl",
    ],
)
def test_pages_are_answered_while_strangers_hold_all_their_threads(path: str) -> None:
    application = Application()
    bridge = Bridge(application, refuse, SETTINGS, QUERIES, never)

    async def visit() -> tuple[int, list[int]]:
        held = (status(bridge, path, client=number) for number in range(STRANGERS))
        long = [asyncio.ensure_future(each) for each in held]
        for _ in long:
            await asyncio.to_thread(application.held.acquire)
        try:
            page = await asyncio.wait_for(status(bridge, "/page"), 10)
        finally:
            application.let_go.set()
        return page, await asyncio.gather(*long)

    assert in_a_loop_of_its_own(visit()) == (200, [200] * STRANGERS)


def test_what_takes_little_begins_beside_queries_that_hold_all_runners() -> None:
    """A search was answered 503 after 5 s where two queries ran for so long in its worker."""
    application, runners = Application(), 2
    settings = load(environ={}, runners=runners, queue_seconds=60)
    bridge = Bridge(application, refuse, settings, (*QUERIES, "/page"), never)

    async def visit() -> int:
        long = [asyncio.ensure_future(status(bridge, "/sparql")) for _ in range(runners)]
        for _ in long:
            await asyncio.to_thread(application.held.acquire)
        try:
            return await asyncio.wait_for(status(bridge, "/page", client=2), 2)
        finally:
            application.let_go.set()
            await asyncio.gather(*long)

    assert in_a_loop_of_its_own(visit()) == 200


def test_what_nobody_waits_for_any_more_is_not_made() -> None:
    asked: list[str] = []

    def application(environ: Environ, start_response: StartResponse) -> list[bytes]:
        if environ.get(ONLY_KEPT):
            raise NotKept
        asked.append(environ["PATH_INFO"])
        time.sleep(ABANDONED + 0.5)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    async def visit() -> list[int]:
        bridge = Bridge(application, refuse, SETTINGS, QUERIES, never)
        stay = [status(bridge, f"/stays-{place}") for place in range(THREADS)]
        leave = [status(bridge, f"/left-{place}", stays=False) for place in range(4)]
        return await asyncio.gather(*stay, *leave)

    assert in_a_loop_of_its_own(visit())[:THREADS] == [200] * THREADS
    assert sorted(asked) == [f"/stays-{place}" for place in range(THREADS)]


@pytest.mark.parametrize("whole", [True, False])
def test_a_large_answer_that_is_begun_is_sent_whole_however_many_wait(whole: bool) -> None:
    held = Application()
    body = b"x" * 900_000

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/large" or environ.get(ONLY_KEPT):
            return held(environ, start_response)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body] if whole else iter([body[:400_000], body[400_000:]])

    async def visit() -> tuple[bytes, list[int]]:
        bridge = Bridge(application, refuse, SETTINGS, QUERIES, never)
        others: list[asyncio.Future[int]] = []
        sent: list[bytes] = []

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                most = THREADS + WAITING
                others.extend(asyncio.ensure_future(status(bridge, "/held")) for _ in range(most))
                for _ in range(THREADS):
                    await asyncio.to_thread(held.held.acquire)
                assert await status(bridge, "/one-too-many") == 503
                asyncio.get_running_loop().call_later(0.2, held.let_go.set)
            sent.append(message.get("body", b""))

        await asyncio.wait_for(bridge(scope_of("/large"), stay, send), 30)
        return b"".join(sent), await asyncio.gather(*others)

    statuses = [200] * (THREADS + WAITING)
    assert in_a_loop_of_its_own(visit()) == (body, statuses)


class Taken:
    """Runners that strangers' queries hold."""

    settings = load(environ={})

    def answer(self, request: object) -> None:
        raise EngineBusy("No runner was free.")


def test_home_tells_its_examples_while_no_runner_is_free(tenth_snapshot: Snapshot) -> None:
    engine = EmbeddedEngine(tenth_snapshot)
    guarded = GuardedEngine(engine, cast(RunnerClient, Taken()))
    with KnowledgeGraph(guarded, snapshot=tenth_snapshot) as graph:
        graph.asker.prepare()
        question = graph.asker.examples()[0]
        with pytest.raises(EngineBusy):
            graph.ask(question)
        page = create_app(graph, graph.settings).test_client().get("/", headers={"Accept": "*/*"})
    assert page.status_code == 200
    assert question in page.get_data(as_text=True).replace("&#39;", "'")
