"""A hundred hostile requests, in an order that is always the same, and how they are made.

`python -m tests.security.attacks PORT` makes them, four at once, in a process of their own, so that
a client that is measured shares no interpreter with them.
"""

from __future__ import annotations

import http.client
import queue
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

SECONDS = 1.0
QUEUE_SECONDS = 1.0
HEADER_SECONDS = 3.0
LATE = QUEUE_SECONDS + SECONDS + 0.5
ATTACKERS = 16
FORM = "application/x-www-form-urlencoded"
P, Q = "<http://e/p>", "<http://e/q>"


@dataclass
class Attack:
    """One hostile request: its name, what it does, and how long it may last."""

    name: str
    run: Callable[[int], int | None]
    within: float = LATE
    seconds: float = field(default=0.0, init=False)
    status: int | None = field(default=None, init=False)


def ring(folder: Path) -> Path:
    """A ring with chords: every node reaches every other, so paths and joins have much to do."""
    file = folder / "ring.nt"
    lines = []
    for number in range(3000):
        node = f"<http://e/{number}>"
        lines.append(f"{node} {P} <http://e/{(number + 1) % 3000}> .")
        lines.append(f"{node} {P} <http://e/{(number * 7 + 3) % 3000}> .")
        lines.append(f'{node} {Q} "{"a" * (number % 50)}b" .')
    file.write_text("\n".join(lines) + "\n")
    return file


def queries(port: int, canary: int) -> Iterator[tuple[str, str]]:
    """Queries that would not end, or take all memory, or call out."""
    for count in range(3, 17):
        joins = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(count))
        yield "endless join", f"SELECT (COUNT(*) AS ?n) {{ {joins} }}"
    for depth in range(1, 13):
        path = P
        for _ in range(depth):
            path = f"({path}/{path}?|^{P})*"
        yield "exponential path", f"SELECT (COUNT(*) AS ?n) {{ ?a {path} ?b . ?b {path} ?c }}"
    for count in range(2, 10):
        joins = " . ".join(f"?a{n} {Q} ?c{n}" for n in range(count))
        yield "huge ORDER BY", f"SELECT * {{ {joins} }} ORDER BY ?c0 DESC(?c1) LIMIT 5"
    for count in range(2, 10):
        joins = " . ".join(f"?a{n} {Q} ?c{n}" for n in range(count))
        text = f"GROUP_CONCAT(CONCAT({', '.join(f'?c{n}' for n in range(count))}); separator='x')"
        yield "huge GROUP_CONCAT", f"SELECT ({text} AS ?n) {{ {joins} }}"
    for depth in (200, 1000, 5000, 20000):
        yield "deep nesting", "SELECT * " + "{" * depth + "}" * depth
        yield "deep nesting", "ASK { FILTER(" + "!" * depth + "true) }"
    for target in (f"http://127.0.0.1:{port}/from-a-query", f"http://127.0.0.1:{canary}/"):
        for form in ("SERVICE <%s> {?s ?p ?o}", "SERVICE SILENT <%s> {?s ?p ?o}"):
            yield "SERVICE", "SELECT * { " + form % target + " }"
        yield "SERVICE", f"ASK {{ FILTER(EXISTS {{ service<{target}>{{?s ?p ?o}} }}) }}"
        yield "SERVICE", f"LOAD <{target}>"
        yield "SERVICE", f"SELECT * FROM <{target}> {{ ?s ?p ?o }} LIMIT 1"


def ask(query: str, *, post: bool) -> Callable[[int], int | None]:
    def run(port: int) -> int | None:
        address = ("127.0.0.1", port)
        with closing(http.client.HTTPConnection(*address, timeout=20)) as connection:
            if post:
                body = urlencode({"query": query})
                connection.request("POST", "/sparql", body, {"Content-Type": FORM})
            else:
                connection.request("GET", "/sparql?query=" + quote(query))
            answer = connection.getresponse()
            answer.read()
            return answer.status

    return run


def send(*pieces: bytes, pause: float = 0.0, half: bool = False) -> Callable[[int], int | None]:
    """Send bytes as they are, perhaps slowly, perhaps closing our side; then read to the end."""

    def run(port: int) -> int | None:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            received = b""
            with suppress(ConnectionError):
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
                if half:
                    connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while part := connection.recv(65536):
                    received += part
            return int(received.split()[1]) if received.startswith(b"HTTP/1.1 ") else None

    return run


def take_slowly(query: str) -> Callable[[int], int | None]:
    """Ask for much, read a little, wait, and go away."""

    def run(port: int) -> int | None:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(
                f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
            head = connection.recv(100)
            time.sleep(1.0)
            return int(head.split()[1]) if head else None

    return run


def attacks(port: int, canary: int) -> list[Attack]:
    """A hundred, in an order that is always the same."""
    post, get = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", b"GET / HTTP/1.1\r\n"
    form = b"Content-Type: application/sparql-query\r\n"
    found = [
        Attack(name, ask(query, post=len(query) > 5000 or number % 2 == 0))
        for number, (name, query) in enumerate(queries(port, canary))
    ]
    much = f"SELECT * {{ ?a {Q} ?b . ?c {P} <http://e/7> , ?d }}"
    found += [Attack("slow reader", take_slowly(much + " " * n), LATE + 1) for n in range(8)]
    huge = b"ASK { # " + b"x" * 10_000_000 + b"\n}"
    told = b"Content-Length: %d\r\n\r\n%b" % (len(huge), huge)
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(huge), huge)
    for body in (told, chunked) * 2:
        found.append(Attack("ten megabytes", send(post + form + body)))
    length = b"Content-Length: 6\r\n"
    found += [
        Attack("half-closed", send(get + b"Host: x\r\nConnection: close\r\n\r\n", half=True)),
        Attack("half-closed", send(get, half=True)),
        Attack("half-closed", send(post + form + length + b"\r\nASK", half=True)),
        Attack("half-closed", send(b"", half=True)),
        Attack("bad UTF-8", send(post + form + length + b"\r\nASK\xff\xfe\x80")),
        Attack(
            "bad UTF-8",
            send(b"GET /sparql?query=%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ),
        Attack(
            "bad UTF-8", send(b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        ),
        Attack(
            "bad UTF-8", send(b"GET /%c0%af/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        ),
    ]
    many = b"".join(b"X-Number-%d: x\r\n" % n for n in range(5000))
    long = b"X-Long: " + b"x" * 1_000_000 + b"\r\n"
    found += [
        Attack("header flood", send(get + b"Host: x\r\n" + flood + b"\r\n"), HEADER_SECONDS + 1)
        for flood in (many, long, many * 4, long * 4)
    ]
    drip = [get[n : n + 1] for n in range(len(get))] * 8
    bytewise = [b"Content-Length: 900\r\n\r\n", *[b"A"] * 8]
    found += [
        Attack("slow headers", send(*drip, pause=0.2), HEADER_SECONDS + 1.5) for _ in range(8)
    ]
    found += [
        Attack("slow body", send(post + form, *bytewise, pause=0.3, half=True), LATE + 3)
        for _ in range(8)
    ]
    random.Random(4711).shuffle(found)
    return found


def perform(attacks: list[Attack], port: int, at_once: int = ATTACKERS) -> None:
    """All attacks, so many at once."""
    waiting: queue.SimpleQueue[Attack] = queue.SimpleQueue()
    for attack in attacks:
        waiting.put(attack)

    def work() -> None:
        while True:
            try:
                attack = waiting.get_nowait()
            except queue.Empty:
                return
            start = time.monotonic()
            with suppress(OSError, http.client.HTTPException):
                attack.status = attack.run(port)
            attack.seconds = time.monotonic() - start

    attackers = [threading.Thread(target=work) for _ in range(at_once)]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()


if __name__ == "__main__":
    server = int(sys.argv[1])
    perform(attacks(server, server), server, 4)
