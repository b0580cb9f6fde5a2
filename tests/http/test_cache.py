"""Finished answers are kept: compressed as clients like, bounded, and only those that may be."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
import zstandard
from flask import Flask
from werkzeug.test import Client, TestResponse

from hsgraph.server.http.cache import AnswerCache
from hsgraph.server.http.encoding import accepted
from hsgraph.server.ops.metrics import Metrics
from tests.deploy.in_front import WITHIN
from tests.http.counting import Counting

PROJECT = "/project/valley.nt"
DECODED: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


class Cached:
    """A cache before the small application, with a client."""

    def __init__(self, app: Flask, limit: int = 1_000_000) -> None:
        self.version = "1"
        self.metrics = Metrics()
        self.inner = Counting(app)
        self.cache = AnswerCache(self.inner, lambda: self.version, limit, self.metrics)
        self.client = Client(self.cache, use_cookies=False)

    def get(self, path: str = PROJECT, method: str = "GET", **headers: str) -> TestResponse:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, headers=fields)


@pytest.fixture
def cached(tiny_app: Flask) -> Cached:
    return Cached(tiny_app)


def test_the_second_answer_is_the_first_without_asking(cached: Cached) -> None:
    first, second = cached.get(), cached.get()
    assert cached.inner.asked == 1
    assert second.data == first.data
    ids = [answer.headers.pop("X-Request-Id") for answer in (first, second)]
    assert ids[0] != ids[1]
    fields = [
        {n: v for n, v in answer.headers.items() if n != "Date"} for answer in (first, second)
    ]
    assert fields[0] == fields[1]
    told = cached.metrics.text().decode()
    for result in ("hit", "miss"):
        assert f'hsgraph_cache_total{{result="{result}"}} 1.0' in told


@pytest.mark.parametrize("coding", sorted(DECODED))
def test_a_compressed_answer_is_the_same_answer(cached: Cached, coding: str) -> None:
    plain = cached.get()
    for _ in range(2):
        small = cached.get(Accept_Encoding=coding)
        assert small.headers["Content-Encoding"] == coding
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data)
        assert DECODED[coding](small.data) == plain.data
        assert small.headers["ETag"] != plain.headers["ETag"]
        assert {"Accept", "Accept-Encoding"} <= set(small.headers["Vary"].split(", "))
    assert cached.inner.asked == 2


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0, *", "br"),
        ("*;q=0", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("GZIP ; Q=0.3", "gzip"),
        ("gzip;q=lots", ""),
        ("deflate", ""),
    ],
)
def test_the_coding_that_the_client_likes_best_is_taken(header: str, coding: str) -> None:
    assert accepted(header) == coding


def test_each_coding_has_its_own_validator_and_304(cached: Cached) -> None:
    for coding in ("", "br", "gzip"):
        tag = cached.get(Accept_Encoding=coding).headers["ETag"]
        again = cached.get(Accept_Encoding=coding, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Content-Length" not in again.headers
        assert cached.get(Accept_Encoding=coding, If_None_Match=f'"x", W/{tag}').status_code == 304
        assert cached.get(Accept_Encoding=coding, If_None_Match='"x"').status_code == 200


def test_a_client_that_has_it_already_fills_the_cache_too(cached: Cached) -> None:
    tag = cached.get().headers["ETag"]
    cached.version = "2"
    assert cached.get(If_None_Match=tag).status_code == 304
    assert cached.get().status_code == 200
    assert cached.inner.asked == 2


def test_head_is_answered_from_what_get_left(cached: Cached) -> None:
    got, head = cached.get(), cached.get(method="HEAD")
    assert cached.inner.asked == 1
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert Cached(cached.inner.app).get(method="HEAD").headers["ETag"] == got.headers["ETag"]


def test_answers_differ_by_format_address_host_and_version(cached: Cached) -> None:
    answers = [
        cached.get("/project/valley", Accept="text/turtle"),
        cached.get("/project/valley", Accept="application/ld+json"),
        cached.get("/project/valley?format=nt"),
        cached.get("/sparql", Accept="text/turtle", Host="one.example"),
        cached.get("/sparql", Accept="text/turtle", Host="two.example"),
    ]
    assert cached.inner.asked == len(answers)
    assert len({answer.data for answer in answers}) == len(answers)
    cached.version = "2"
    cached.get("/project/valley", Accept="text/turtle")
    assert cached.inner.asked == len(answers) + 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (PROJECT, {"Authorization": "Basic x"}),
        (PROJECT, {"Cookie": "a=b"}),
        ("/project/nothing.ttl", {}),
        ("/project/valley", {"Accept": "image/png"}),
        ("/id/project/valley", {}),
        ("/healthz", {}),
        ("/readyz", {}),
    ],
)
def test_what_must_not_be_kept_is_asked_again(
    cached: Cached, path: str, headers: dict[str, str]
) -> None:
    cached.get(path, **headers)
    cached.get(path, **headers)
    assert cached.inner.asked == 2


def test_figures_are_asked_again_by_those_who_may_see_them(cached: Cached) -> None:
    for _ in range(2):
        cached.client.get("/metrics", base_url=WITHIN)
    assert cached.inner.asked == 2


def test_posts_are_not_kept_but_compressed(cached: Cached) -> None:
    for _ in range(2):
        answer = cached.client.post(
            "/sparql",
            data="SELECT * { ?s ?p ?o }",
            content_type="application/sparql-query",
            headers={"Accept-Encoding": "gzip"},
        )
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data).startswith(b"{")
    assert cached.inner.asked == 2


def test_what_is_kept_stays_within_its_bytes_and_the_oldest_goes_first(tiny_app: Flask) -> None:
    limit = 60_000
    cached = Cached(tiny_app, limit)
    paths = [f"/sparql?query=ASK%20%7B%7D%23{number}" for number in range(100)]
    for path in paths:
        cached.get(path)
        assert cached.cache.size <= limit
    assert cached.cache.size > limit / 2
    cached.get(paths[-1])
    assert cached.inner.asked == len(paths)
    cached.get(paths[0])
    assert cached.inner.asked == len(paths) + 1


def test_an_answer_too_large_for_the_cache_is_sent_and_not_kept(tiny_app: Flask) -> None:
    cached = Cached(tiny_app, 8_000)
    assert [len(cached.get().data) > 1000 for _ in range(2)] == [True, True]
    assert (cached.inner.asked, cached.cache.size) == (2, 0)


def test_many_who_ask_at_once_have_it_made_once(tiny_app: Flask) -> None:
    cached = Cached(tiny_app)
    slow = cached.inner.__call__

    def make(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        time.sleep(0.1)
        return slow(environ, start_response)

    cached.cache = AnswerCache(make, lambda: "1", 1_000_000, cached.metrics)
    clients = [Client(cached.cache, use_cookies=False) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: client.get(PROJECT).data, clients))
    assert len(set(answers)) == 1
    assert cached.inner.asked == 1


def test_small_answers_and_images_are_sent_as_they_are(cached: Cached) -> None:
    answer = cached.get("/sparql?query=ASK%20%7B%7D", Accept_Encoding="br")
    assert "Content-Encoding" not in answer.headers
