"""The sockets that are listened on: opened once, shared by all workers that ever serve.

They stay open while workers come and go, so that a connection that arrives in between waits in the
kernel instead of being refused. One for each worker, since the kernel then spreads connections.
"""

from __future__ import annotations

import errno
import socket
from typing import Final

from hsgraph.errors import SettingsError

BACKLOG: Final = 1024
_STALLED_MILLISECONDS: Final = 30_000
"""A client that takes nothing of what was sent to it for so long is cut off by the kernel."""


def reserve(host: str, port: int) -> int:
    """The port to listen on, a free one for 0. Raises `SettingsError` if it cannot be had.

    Workers share their port by SO_REUSEPORT, with which a second server would start without an
    error and take half of the requests of the first; so it is tried without that first.
    """
    try:
        with socket.socket(_family(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _cannot_listen(host, port, error) from error


def listen(host: str, port: int, count: int) -> tuple[socket.socket, ...]:
    """As many sockets that share one port. Raises `SettingsError`."""
    opened = []
    try:
        for _ in range(count):
            listener = socket.socket(_family(host))
            opened.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED_MILLISECONDS)
            listener.bind((host, port))
            listener.listen(BACKLOG)
            listener.setblocking(False)
    except OSError as error:
        for listener in opened:
            listener.close()
        raise _cannot_listen(host, port, error) from error
    return tuple(opened)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _cannot_listen(host: str, port: int, error: OSError) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            f"Port {port} of {host} is in use by another program.",
            remedy=f"Stop that program, or take another port: hsgraph serve --port {port + 1}",
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            f"Port {port} needs rights that this user does not have.",
            remedy="Take a port above 1023: hsgraph serve --port 8080",
        )
    return SettingsError(
        f"Cannot listen on {host}: {error.strerror or error}.",
        remedy="Check the setting “host”; 127.0.0.1 is this machine, 0.0.0.0 every network.",
    )
