"""The address to listen on: whether it can be had, how it is shown, whether a server answers."""

from __future__ import annotations

import errno
import http.client
import socket
from contextlib import closing, suppress
from typing import Final

from hsgraph.errors import SettingsError

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - addresses to recognise, not to bind


def reserve(host: str, port: int) -> int:
    """The port to listen on, a free one for 0. Raises `SettingsError` if it cannot be had.

    Workers share their port by SO_REUSEPORT, with which a second server would start without an
    error and take half of the requests of the first; so it is tried without that first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _cannot_listen(host, port, error) from error


def shown(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def answers(host: str, port: int) -> bool:
    reached = "127.0.0.1" if host in _EVERYWHERE else host
    connection = http.client.HTTPConnection(reached, port, timeout=2)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    return False


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
