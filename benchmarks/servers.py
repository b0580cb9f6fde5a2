"""Starts SPARQL servers on loopback, each with a folder of its own, for tests and measurements."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 600
STOP_SECONDS = 20
PIP = "python -m pip install oxigraph"
APT = "sudo apt-get install -y virtuoso-opensource-7-bin"
FUSEKI_VARIABLE = "HSGRAPH_TEST_FUSEKI_JAR"
_MAVEN = Path.home() / ".m2/repository/org/apache/jena/jena-fuseki-server"

VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
LiteMode = 0
DisableUnixSocket = 1
DisableTcpSocket = 0
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}, {readable}
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 16
KeepAliveTimeout = 10
MaxKeepAlives = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 600
[Client]
SQL_PREFETCH_ROWS = 100
SQL_PREFETCH_BYTES = 16000
"""


@dataclass(frozen=True)
class Server:
    """A running server: its addresses, and what it takes to write to it."""

    name: str
    query: str
    publish: str
    process: subprocess.Popen[bytes]
    folder: Path
    user: str = ""
    password: str = ""
    sql_port: int = 0
    load_seconds: float = 0.0
    pages: str = ""

    @property
    def memory(self) -> int:
        """Resident bytes of the server's processes now."""
        return memory(self.process.pid)


class MissingServer(Exception):
    """A server that is needed is not installed; the message says how to install it."""


def program(name: str, remedy: str) -> str:
    """Where a program is, first beside this Python; raises MissingServer."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=beside) or shutil.which(name)
    if found is None:
        raise MissingServer(f"{name} is missing: {remedy}")
    return found


def fuseki_jar() -> Path | None:
    """The jar that HSGRAPH_TEST_FUSEKI_JAR names, or the newest that Maven has fetched."""
    named = os.environ.get(FUSEKI_VARIABLE)
    if named:
        return Path(named)
    fetched = sorted(_MAVEN.glob("*/jena-fuseki-server-*.jar"))
    return fetched[-1] if fetched and shutil.which("java") else None


@contextmanager
def oxigraph(folder: Path, *, union: bool = True) -> Iterator[Server]:
    """Oxigraph's server in memory; `union` makes its default graph the union."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [program("oxigraph", PIP), "serve", "--bind", f"127.0.0.1:{port}"]
    with running([*command, "--union-default-graph"] if union else command, folder) as process:
        wait_for(f"{address}/query?query=ASK%7B%7D", process, folder)
        yield Server("Oxigraph", f"{address}/query", f"{address}/store", process, folder)


@contextmanager
def virtuoso(
    folder: Path, *, buffers: int = 4_000, readable: Path | None = None
) -> Iterator[Server]:
    """Virtuoso; a buffer is 8 kB. `readable` is a folder its bulk loader may read."""
    port, sql_port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(
        VIRTUOSO_INI.format(
            folder=folder,
            port=port,
            sql_port=sql_port,
            buffers=buffers,
            dirty=buffers * 3 // 4,
            readable=readable or folder,
        )
    )
    address = f"http://127.0.0.1:{port}"
    command = [program("virtuoso-t", APT), "+foreground", "+wait", "+configfile", str(ini)]
    with running(command, folder) as process:
        wait_for(f"{address}/sparql?query=ASK%7B%7D", process, folder)
        yield Server(
            "Virtuoso",
            f"{address}/sparql",
            f"{address}/sparql-graph-crud-auth",
            process,
            folder,
            user="dba",
            password="dba",
            sql_port=sql_port,
        )


def load_in_bulk(virtuoso: Server, *files: Path) -> None:
    """Have Virtuoso's own loader read N-Quads from a folder that it may read."""
    reads = "".join(f"ld_dir('{file.parent}', '{file.name}', 'urn:none'); " for file in files)
    subprocess.run(
        [
            *(program("isql-vt", APT), f"127.0.0.1:{virtuoso.sql_port}"),
            *(virtuoso.user, virtuoso.password),
            f"exec={reads}rdf_loader_run(); checkpoint;",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )


FUSEKI_CONFIGURATION = """
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
[] a fuseki:Server ; fuseki:services ( <#service> ) .
<#service> a fuseki:Service ; fuseki:name "ds" ;
  fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ,
    [ fuseki:operation fuseki:update ; fuseki:name "update" ] ,
    [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ;
  fuseki:dataset <#dataset> .
<#dataset> a tdb2:DatasetTDB2 ; tdb2:location "{folder}/tdb" ; tdb2:unionDefaultGraph {union} .
"""


@contextmanager
def fuseki(
    jar: Path, folder: Path, *, union: bool = True, heap: str = "1g", java: Sequence[str] = ()
) -> Iterator[Server]:
    """Fuseki over a TDB2 store on the disk; `union` makes its default graph the union.

    `java` are options of its virtual machine.
    """
    port = free_port()
    (folder / "tdb").mkdir()
    configuration = folder / "configuration.ttl"
    configuration.write_text(
        FUSEKI_CONFIGURATION.format(folder=folder, union="true" if union else "false")
    )
    command = ["java", f"-Xmx{heap}", *java, "-jar", str(jar), "--localhost", f"--port={port}"]
    environment = {**os.environ, "FUSEKI_BASE": str(folder), "FUSEKI_HOME": str(folder)}
    with running([*command, f"--conf={configuration}"], folder, environment) as process:
        address = f"http://127.0.0.1:{port}/ds"
        wait_for(f"{address}/sparql?query=ASK%7B%7D", process, folder)
        yield Server("Fuseki", f"{address}/sparql", f"{address}/data", process, folder)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when the address answers; raises RuntimeError with the server's last words."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.05)
    output = (folder / "output.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"{process.args!r} does not answer at {url}:\n{output}")


def memory(process: int) -> int:
    """Bytes of a process and all that it started; what they share counts once."""
    return sum(_resident(each) for each in _family(process))


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    *,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block; its output is in output.log of the folder."""
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd or folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _family(root: int) -> list[int]:
    """A process and all that it started."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    family = [root]
    for process in family:
        family += children.get(process, [])
    return family


def _resident(process: int) -> int:
    """Proportional bytes: what is shared between processes counts once."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
