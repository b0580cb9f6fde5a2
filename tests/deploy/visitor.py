"""Visitors of a site behind nginx, each from an address of its own of the loopback network."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.deploy.front import HOST, Front


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@cache
def trusting(certificate: Path) -> ssl.SSLContext:
    """What visitors go by; making it takes longer than all of a request."""
    return ssl.create_default_context(cafile=str(certificate))


@dataclass
class Visitor:
    """Asks over one connection, over TLS, trusting the certificate of the site alone."""

    front: Front
    address: str = "127.0.0.1"
    _connection: http.client.HTTPConnection | None = field(default=None, init=False)

    def socket(self) -> ssl.SSLSocket:
        context = trusting(self.front.certificate)
        plain = socket.create_connection(("127.0.0.1", self.front.port), 30, (self.address, 0))
        return context.wrap_socket(plain, server_hostname=HOST)

    def get(self, path: str, **headers: str) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, 443, timeout=30)
            self._connection.sock = self.socket()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers={"Host": HOST, **told})
        answer = self._connection.getresponse()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        found = Answer(answer.status, fields, answer.read())
        if answer.will_close:
            self.leave()
        return found

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def get(front: Front, path: str, *, address: str = "127.0.0.1", **headers: str) -> Answer:
    """The answer to a visitor who asks once."""
    visitor = Visitor(front, address)
    try:
        return visitor.get(path, **headers)
    finally:
        visitor.leave()


def exchange(front: Front, sent: bytes, *, address: str = "127.0.0.1") -> bytes:
    """What comes back to bytes as they are, until the connection is closed."""
    with closing(Visitor(front, address).socket()) as connection:
        connection.settimeout(0.3)
        connection.sendall(sent)
        received = b""
        try:
            while part := connection.recv(65_536):
                received += part
        except (TimeoutError, ConnectionError):
            pass
        return received
