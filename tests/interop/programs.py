"""Clients that people use, each with its defaults: it selects at an endpoint, and reads RDF."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import pytest
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, POST, SPARQLWrapper

HAS_JAVA: Final = shutil.which("javac") is not None
JENA_JAR: Final = os.environ.get("HSGRAPH_TEST_FUSEKI_JAR", "")
"""Fuseki's jar holds the commands of Apache Jena too."""
_JAVA: Final = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_SOURCE: Final = Path(__file__).parent / "Client.java"
_SECONDS: Final = 60


class Asks(Protocol):
    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        """The values of the one variable of a query."""


class Reads(Protocol):
    def read(self, address: str) -> Graph:
        """The RDF at an address, also where that sends on to another."""


@dataclass(frozen=True)
class Curl:
    """curl with one of its options for the version of HTTP."""

    version: str

    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        method = [] if post else ["--get"]
        asked = ["--header", "Accept: text/csv", "--data-urlencode", "query@-", endpoint]
        return _cells(_run([*self._program(), *method, *asked], query))

    def read(self, address: str) -> Graph:
        asked = ["--location", "--header", "Accept: text/turtle", address]
        return Graph().parse(data=_run([*self._program(), *asked]), format="turtle")

    def _program(self) -> list[str]:
        found = shutil.which("curl")
        if found is None:
            pytest.fail("The tests need curl: sudo apt-get install curl")
        return [found, "--silent", "--show-error", "--fail", self.version]


class Rdflib:
    """rdflib: an endpoint as a store, and its parser."""

    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        method = "POST" if post else "GET"
        store = SPARQLStore(endpoint, context_aware=False, method=method)
        return [str(row[0]) for row in Graph(store).query(query)]  # type: ignore[index]

    def read(self, address: str) -> Graph:
        return Graph().parse(address)


class Wrapper:
    """SPARQLWrapper."""

    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        client = SPARQLWrapper(endpoint, returnFormat=CSV)
        client.setQuery(query)
        if post:
            client.setMethod(POST)
        return _cells(client.queryAndConvert().decode())


class Java:
    """The HttpClient of Java, which offers to go on in HTTP/2 by default."""

    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        asked = ["post" if post else "get", endpoint, "text/csv", query]
        return _cells(_run([*_JAVA, str(_SOURCE), *asked]))

    def read(self, address: str) -> Graph:
        found = _run([*_JAVA, str(_SOURCE), "read", address, "text/turtle"])
        return Graph().parse(data=found, format="turtle")


class Jena:
    """The commands of Apache Jena."""

    def select(self, endpoint: str, query: str, *, post: bool) -> list[str]:
        options = ["--results=CSV", *(["--post"] if post else [])]
        return _cells(_run([*self._program("arq.rsparql"), "--service", endpoint, *options, query]))

    def read(self, address: str) -> Graph:
        found = _run([*self._program("riotcmd.riot"), "--output=nt", address])
        return Graph().parse(data=found, format="nt")

    def _program(self, name: str) -> list[str]:
        return [*_JAVA, "-cp", JENA_JAR, name]


_BOTH: Final[dict[str, Curl | Rdflib | Java | Jena]] = {
    **{f"curl {version}": Curl(version) for version in ("--http1.0", "--http1.1", "--http2")},
    "rdflib": Rdflib(),
    **({"Java": Java()} if HAS_JAVA else {}),
    **({"Jena": Jena()} if JENA_JAR else {}),
}
ASKING: Final[dict[str, Asks]] = {**_BOTH, "SPARQLWrapper": Wrapper()}
READING: Final[dict[str, Reads]] = {**_BOTH}
"""Those with Java are here where it is; the header of the tests' output says so."""


def _run(command: Sequence[str], given: str = "") -> str:
    ran = subprocess.run(command, input=given, capture_output=True, text=True, timeout=_SECONDS)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _cells(csv: str) -> list[str]:
    return csv.splitlines()[1:]
