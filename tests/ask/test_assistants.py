"""Assistants read the graph with the protocol's own client, and learn where things are written."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hsgraph.graph import KnowledgeGraph

if TYPE_CHECKING:
    from mcp import Client

ROOT = Path(__file__).parents[2]
RUN = [sys.executable, "-m", "hsgraph", "mcp"]
QUESTION = "What has been tried against youth unemployment in the Balkans?"


def ended(talk: Coroutine[Any, Any, None]) -> None:
    """Run a talk to its end, in a thread without the loop that browser tests leave behind."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, talk).result()


async def _tells_the_whole_story(client: Client) -> None:
    """What was tried, by whom, and where that is written."""
    answer = await _call(client, "ask", question=QUESTION)
    assert answer["answered"]
    interventions = [row[0] for row in answer["rows"]]
    assert interventions
    programmes, sources = set(), set()
    for iri in interventions:
        described = await _call(client, "describe", thing=iri)
        sources |= {row["source"] for row in described["evidence"]}
        parts = [s["value"] for s in described["statements"] if s["property"] == "hs:partOf"]
        programmes |= set(parts)
    assert sources
    by_whom: set[str] = set()
    for iri in programmes:
        described = await _call(client, "describe", thing=iri)
        by_whom |= {
            s["value"] for s in described["statements"] if s["property"] == "hs:implementedBy"
        }
    assert any(iri.endswith("/undp") for iri in by_whom)


async def _call(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, dict(arguments))
    assert not result.is_error, result.content
    found = result.structured_content
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def built(snapshots: Path) -> dict[str, str]:
    """The environment of a server that finds the real project built."""
    return {**os.environ, "HSGRAPH_SNAPSHOTS": str(snapshots)}


def test_an_assistant_learns_what_was_tried_by_whom_and_where_it_is_written(
    built: dict[str, str],
) -> None:
    from mcp import Client, StdioServerParameters, stdio_client  # two seconds, so not above

    async def run() -> None:
        parameters = StdioServerParameters(command=RUN[0], args=RUN[1:], cwd=str(ROOT), env=built)
        async with Client(stdio_client(parameters)) as client:
            await _tells_the_whole_story(client)

    ended(run())


@pytest.fixture(scope="module")
def address(built: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen([*RUN, "--http", "--port", str(port)], cwd=ROOT, env=built)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/mcp"
    running.terminate()
    running.wait(timeout=20)


def test_all_tools_answer_over_http_and_none_writes(address: str) -> None:
    from mcp import Client

    async def run() -> None:
        async with Client(address) as client:
            listed = (await client.list_tools()).tools
            assert {tool.name for tool in listed} == {
                "search", "describe", "ask", "schema", "examples", "check_query", "run_query",
            }  # fmt: skip
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
            found = await _call(client, "search", text="Sandzak")
            assert found["results"]
            schema = await _call(client, "schema")
            assert any(row["class"].endswith("#Project") for row in schema["classes"])
            threats = [row for row in schema["classes"] if row["class"].endswith("#Threat")]
            assert {row["label"]: row["comment"][:4] for row in threats} == {
                "Threat": "An i", "Menace": "Une ", "Amenaza": "Una ",
            }  # fmt: skip
            assert len(threats) == 3
            examples = await _call(client, "examples")
            query = examples["queries"][0]["query"]
            assert (await _call(client, "check_query", query=query))["valid"]
            rows = await _call(client, "run_query", query="SELECT ?x { ?x a hs:Fund }")
            assert rows["results"]["bindings"]

    ended(run())


async def _refused(client: Client, tool: str, **arguments: object) -> str:
    """What the assistant reads of a call that failed."""
    result = await client.call_tool(tool, dict(arguments))
    assert result.is_error
    return "".join(getattr(piece, "text", "") for piece in result.content)


async def _explains_mistakes(client: Client) -> None:
    """The message and the remedy of an error reach who called, and not only the name of a tool."""
    checked = await _call(client, "check_query", query="SELECT ?x { ?x a }")
    assert not checked["valid"]
    assert checked["message"]
    told = await _refused(client, "run_query", query="SELECT ?x { ?x a }")
    assert told.endswith(f": {checked['message']}")
    update = await _refused(client, "run_query", query="DELETE WHERE { ?s ?p ?o }")
    assert "DELETE" in update
    nothing = await _refused(client, "describe", thing="hs:NoSuchThing")
    assert "Nothing is said of https://" in nothing
    assert nothing.endswith("Look for it with search.")


def test_updates_are_refused_and_mistakes_explained(address: str) -> None:
    from mcp import Client

    async def run() -> None:
        async with Client(address) as client:
            await _explains_mistakes(client)

    ended(run())


def test_mistakes_are_explained_on_standard_streams_too(built: dict[str, str]) -> None:
    from mcp import Client, StdioServerParameters, stdio_client

    async def run() -> None:
        parameters = StdioServerParameters(command=RUN[0], args=RUN[1:], cwd=str(ROOT), env=built)
        async with Client(stdio_client(parameters)) as client:
            await _explains_mistakes(client)

    ended(run())


def test_an_error_that_is_none_of_ours_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from mcp import Client

    from hsgraph.assistants.server import Tools, server

    def ask(self: object, question: str) -> dict[str, str]:
        raise ValueError("/secret/path")

    monkeypatch.setattr(Tools, "ask", ask)
    served = server(None)  # type: ignore[arg-type]  # which the broken tool does not read

    async def run() -> None:
        async with Client(served) as client:
            told = await _refused(client, "ask", question="anything")
            assert told == "Error executing tool ask"

    ended(run())


def test_what_a_class_means_is_told_beside_a_label_that_names_no_language(tmp_path: Path) -> None:
    from hsgraph.assistants.server import Tools

    (tmp_path / "a.ttl").write_text(
        """@prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        e:Well a owl:Class ; rdfs:label "Well" ; rdfs:comment "A hole with water."@en . e:w a e:Well
        ."""
    )
    (row,) = Tools(KnowledgeGraph.open((tmp_path / "a.ttl",))).schema()["classes"]
    assert row["comment"] == "A hole with water."
