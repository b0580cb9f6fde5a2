"""The client: one connection kept alive per client, requests made before the clock starts.

Its own cost is about 0.03 ms a request, so that it is not what is measured. Repeated requests for
the hot figures are made by wrk where it is installed.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

RESULTS = "application/sparql-results+json"
SLOWEST = 60.0
LOOPBACK = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Failed(Exception):
    """A server answered with an error, or not in time."""


@dataclass(frozen=True)
class Times:
    """Seconds each request took, and seconds all of them took together."""

    each: tuple[float, ...]
    all: float

    def at(self, share: float) -> float:
        """The latency that this share of the requests kept below."""
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def per_second(self) -> float:
        return len(self.each) / self.all

    @property
    def latencies(self) -> dict[str, float]:
        return {"p50": self.at(0.5), "p95": self.at(0.95), "p99": self.at(0.99)}


def query_path(endpoint: str, query: str) -> str:
    """The path of a GET request for a query."""
    return f"{urlsplit(endpoint).path}?query={quote_plus(query)}"


def host_fields(address: str) -> dict[str, str]:
    """The fields that name the host; for one with a name, those that a proxy in front adds too."""
    split = urlsplit(address)
    host = split.hostname or ""
    if host == LOOPBACK:
        return {"Host": split.netloc}
    return {
        "Host": host,
        "X-Forwarded-Host": host,
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Request-Id": "0123456789abcdef",
    }


class Client:
    """A keep-alive connection that is asked one thing after another."""

    def __init__(self, address: str, accept: str) -> None:
        split = urlsplit(address)
        self._place = (LOOPBACK, split.port or 80)
        fields = {**host_fields(address), "Accept": accept}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        self._socket: socket.socket | None = None

    def request(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self._head}".encode()

    def send(self, request: bytes) -> bytes:
        """The body of the answer as it was sent, chunks and all; raises Failed."""
        for attempt in (1, 2):
            try:
                if self._socket is None:
                    self._socket = socket.create_connection(self._place, SLOWEST)
                    self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._socket.sendall(request)
                return self._receive()
            except (ConnectionError, TimeoutError) as error:
                self.close()
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise Failed(f"no answer: {error!r}") from error
        raise AssertionError

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _receive(self) -> bytes:
        assert self._socket is not None
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length:
            while len(body) < int(length[1]):
                body += self._more()
        elif _CHUNKED.search(head):
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        else:
            body += self._until_closed()
        if head[9:12] != b"200":
            raise Failed(f"{head[9:12].decode()} {body[:300].decode('utf-8', 'replace')}")
        if b"\r\nconnection: close" in head.lower():
            self.close()
        return body

    def _more(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("closed")
        return data

    def _until_closed(self) -> bytes:
        assert self._socket is not None
        parts = []
        while data := self._socket.recv(1 << 18):
            parts.append(data)
        self.close()
        return b"".join(parts)


def body_of(address: str, accept: str, path: str) -> bytes:
    """The body of one answer, read at leisure; raises Failed."""
    connection = HTTPConnection(LOOPBACK, urlsplit(address).port, timeout=SLOWEST)
    with closing(connection):
        connection.request("GET", path, headers={**host_fields(address), "Accept": accept})
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != HTTPStatus.OK:
        raise Failed(f"{answer.status} {body[:300].decode('utf-8', 'replace')}")
    return body


def one_client(address: str, accept: str, paths: Sequence[str], seconds: float) -> Times:
    """One request after another, until all are made or the time is over."""
    client = Client(address, accept)
    requests = [client.request(path) for path in paths]
    times = []
    start = time.perf_counter()
    for request in requests:
        before = time.perf_counter()
        client.send(request)
        after = time.perf_counter()
        times.append(after - before)
        if after - start > seconds:
            break
    client.close()
    return Times(tuple(times), time.perf_counter() - start)


def many_clients(
    address: str, accept: str, paths: Sequence[str], seconds: float, clients: int
) -> Times:
    """As many processes, each with a part of the requests; this one where there is but one."""
    if clients == 1:
        return one_client(address, accept, paths, seconds)
    # Consecutive ones: every eighth of twenty questions in turn would be always the same five.
    size = -(-len(paths) // clients)
    parts = [
        (address, accept, paths[start : start + size], seconds)
        for start in range(0, len(paths), size)
    ]
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        start = time.perf_counter()
        results = pool.starmap(one_client, parts)
        took = max(time.perf_counter() - start, 1e-9)
    return Times(tuple(t for result in results for t in result.each), took)


@dataclass(frozen=True)
class Hot:
    """What a repeated request comes to: how many a second, and their median and 99th percentile."""

    per_second: float
    p50: float
    p99: float
    by: str


def hot(address: str, accept: str, paths: Sequence[str], seconds: float, clients: int) -> Hot:
    """The same requests again and again, after each was made once."""
    one_client(address, accept, paths, SLOWEST)
    if shutil.which("wrk") is None:
        times = many_clients(address, accept, list(paths) * 2000, seconds, clients)
        return Hot(times.per_second, times.at(0.5), times.at(0.99), "own client")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "requests.lua"
        listed = ",\n".join(f'"{path}"' for path in paths)
        fields = {**host_fields(address), "Accept": accept}
        headers = "".join(f'wrk.headers["{name}"] = "{value}"\n' for name, value in fields.items())
        script.write_text(
            f"local paths = {{ {listed} }}\nlocal n = 0\n{headers}"
            'request = function() n = n % #paths + 1 return wrk.format("GET", paths[n]) end\n'
            "done = function(summary, latency, requests)\n"
            '  io.write(string.format("FIGURES %d %d %d %d %d\\n", summary.requests,\n'
            "    summary.duration, latency:percentile(50), latency:percentile(99),\n"
            "    summary.errors.status + summary.errors.timeout)) end\n"
        )
        split = urlsplit(address)
        load = f"-t1 --timeout 60s -c{clients} -d{max(1, round(seconds))}s".split()
        command = ["wrk", *load, "-s", str(script), f"http://{LOOPBACK}:{split.port}/"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"FIGURES (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if found is None or int(found[5]):
        raise Failed(f"wrk: {output[-300:]}")
    count, micros, p50, p99 = (int(found[n]) for n in range(1, 5))
    return Hot(count / (micros / 1e6), p50 / 1e6, p99 / 1e6, "wrk")
