"""nginx in front of a server, with the lines that docs/operations.md shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hsgraph.server.runtime.address import reserve
from tests.serving import Server, eventually, serving

HOST = "graph.example.org"
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
_AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{lines}
}}
"""


@dataclass(frozen=True)
class Front:
    """A running nginx; `certificate` is the one that it shows."""

    process: subprocess.Popen[bytes]
    port: int
    certificate: Path
    log: Path

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)


def documented_settings(folder: Path, **changed: str) -> Path:
    """The settings file that docs/operations.md shows, with some values changed."""
    lines = shown("toml").splitlines()
    for name, value in changed.items():
        (number,) = (n for n, line in enumerate(lines) if line.startswith(name + " = "))
        lines[number] = f'{name} = "{value}"'
    file = folder / "hsgraph.toml"
    file.write_text("\n".join(lines))
    return file


def shown(language: str, number: int = 0) -> str:
    """The lines of a block of docs/operations.md."""
    blocks = re.findall(rf"```{language}\n(.*?)```", OPERATIONS.read_text("utf-8"), re.DOTALL)
    return str(blocks[number])


@contextmanager
def nginx(folder: Path, upstream: int, changed: Mapping[str, str] | None = None) -> Iterator[Front]:
    """nginx over a port of this machine, with some of the lines changed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.fail("The tests need nginx: sudo apt-get install nginx-light")
    folder.mkdir(exist_ok=True)
    port = reserve("127.0.0.1", 0)
    certificate = _certificate(folder)
    places = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/hsgraph.pem": str(certificate),
        "/etc/ssl/hsgraph.key": str(folder / "key.pem"),
        "/var/cache/nginx/hsgraph": str(folder / "cache"),
        "127.0.0.1:5000": f"127.0.0.1:{upstream}",
    }
    lines = shown("nginx")
    for old, new in (changed or {}).items():
        assert old in lines, f"docs/operations.md no longer says {old}"
        lines = lines.replace(old, new)
    for old, new in places.items():
        lines = lines.replace(old, new)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user, lines=lines))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (
        (folder / "start.log").open("wb") as errors,
        subprocess.Popen(command, stderr=errors) as process,
    ):
        try:
            started = eventually(lambda: listens(port) or process.poll() is not None)
            assert started, "nginx does not listen"
            assert process.poll() is None, (folder / "start.log").read_text()
            yield Front(process, port, certificate, folder / "error.log")
        finally:
            process.terminate()


@contextmanager
def site(folder: Path, *data: Path, base: str, **changed: str) -> Iterator[tuple[Server, Front]]:
    """A server set up as documented, and nginx in front of it."""
    settings = documented_settings(folder, base=base)
    with (
        serving(folder, *data, settings=settings) as server,
        nginx(folder / "nginx", server.port, changed) as front,
    ):
        yield server, front


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def _certificate(folder: Path) -> Path:
    """A certificate for the host of the documentation, signed by itself."""
    certificate = folder / "certificate.pem"
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    form = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(certificate)]
    command = ["openssl", "req", *form, *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    return certificate
