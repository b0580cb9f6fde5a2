"""`python -m benchmarks`: the same data, the same requests, one server after another, one table."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.load import RESULTS, Failed, body_of, hot, many_clients, one_client, query_path
from benchmarks.mix import Values, mix, requests
from benchmarks.peers import available
from benchmarks.prepare import snapshot_with
from benchmarks.report import table
from benchmarks.servers import Server
from hsgraph.formats import RDF_FORMATS
from hsgraph.namespaces import BASE, ID
from hsgraph.questions import Question

CLIENTS = 8
ASK = "__ASK_RETVAL"
"""The variable in which Virtuoso answers an ASK."""
KINDS = ("thing", "project", "organisation", "place", "threat", "threat-type", "intervention-type")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; writes the figures as JSON too."""
    parser = _options()
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hsgraph-bench-") as scratch:
        folder = Path(options.folder or scratch)
        snapshot, steps = snapshot_with(options.programmes, folder, options.seed)
        values = Values.of(snapshot)
        starts, without = available(snapshot.manifest.quads)
        wanted = options.only or list(starts)
        if unknown := [name for name in wanted if name not in starts]:
            parser.error(
                f"{', '.join(unknown)} cannot be measured here; what can be: {', '.join(starts)}. "
                + ". ".join(without)
            )
        figures: dict[str, Any] = {
            "machine": {"processor": platform.processor(), "python": platform.python_version()},
            "versions": {name: version(name) for name in ("pyoxigraph", "oxigraph", "granian")},
            "build": steps,
            "left out": without,
            "servers": {},
        }
        for name in wanted:
            print(f"{name} ...", file=sys.stderr)
            with (
                tempfile.TemporaryDirectory(prefix="hsgraph-peer-") as place,
                starts[name](snapshot.path, Path(place)) as peer,
            ):
                figures["servers"][name] = _measured(peer, values, options.seconds)
    Path(options.json).parent.mkdir(parents=True, exist_ok=True)
    Path(options.json).write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(table(figures))
    print(f"\nAll figures: {options.json}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--programmes", type=int, default=2000, help="how many are made (2000)")
    parser.add_argument("--seconds", type=float, default=1.5, help="time for each figure (1.5)")
    parser.add_argument("--seed", type=int, default=1994)
    parser.add_argument("--only", nargs="*", metavar="SERVER", help="measure only these")
    parser.add_argument("--folder", help="keep the data here, or use those that are there")
    parser.add_argument("--json", default="var/benchmarks.json", help="file for the figures")
    return parser


def _measured(peer: Server, values: Values, seconds: float) -> dict[str, Any]:
    """All figures of one server. Memory is read after loading and after all requests."""
    found: dict[str, Any] = {"load seconds": peer.load_seconds, "memory loaded": peer.memory}
    start = time.perf_counter()
    found["queries"] = {q.slug: _query(peer, q, values, seconds) for q in mix()}
    found["cold"] = _all_together(peer, values, seconds * 3)
    found["hot"] = _repeated(peer, values, seconds * 2)
    if peer.pages:
        found["pages"] = _pages(peer.pages, values, seconds, "text/html")
        found["documents"] = _pages(peer.pages, values, seconds, "text/turtle")
        found["formats"] = _formats(peer.pages, values, seconds)
    found["memory at the end"] = peer.memory
    print(f"  {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return found


def _query(peer: Server, question: Question, values: Values, seconds: float) -> dict[str, Any]:
    """One question, cold, by one client: new parameters and a new text each time."""
    asked = [query_path(peer.query, q) for q in islice(requests(question, values, 1), 200)]
    try:
        rows = _rows(peer, question, values)
        one_client(peer.query, RESULTS, asked[:3], seconds)
        times = one_client(peer.query, RESULTS, asked[3:], seconds)
    except Failed as error:
        return {"failed": str(error)}
    mean = statistics.fmean(times.each)
    return {**times.latencies, "mean": mean, "requests": len(times.each), "rows": rows}


def _rows(peer: Server, question: Question, values: Values) -> list[int]:
    """The sizes of some answers, to see that servers answer alike."""
    counts = []
    for query in islice(requests(question, values, 2), 3):
        answer = json.loads(body_of(peer.query, RESULTS, query_path(peer.query, query)))
        yes_or_no = "boolean" in answer or answer["head"]["vars"] == [ASK]
        counts.append(1 if yes_or_no else len(answer["results"]["bindings"]))
    return counts


def _all_together(peer: Server, values: Values, seconds: float) -> dict[str, Any]:
    """The whole mix, cold, in turn, by one client and by eight."""
    streams = [requests(question, values, 3) for question in mix()]
    paths = [query_path(peer.query, next(streams[n % len(streams)])) for n in range(6000)]
    found = {}
    try:
        for clients, part in ((1, paths[:2000]), (CLIENTS, paths[2000:])):
            times = many_clients(peer.query, RESULTS, part, seconds, clients)
            found[str(clients)] = {"per second": times.per_second, **times.latencies}
    except Failed as error:
        return {**found, "failed": str(error)}
    return found


def _repeated(peer: Server, values: Values, seconds: float) -> dict[str, Any]:
    """One request of every question of the mix, the same ones again and again."""
    paths = [query_path(peer.query, next(requests(q, values, 4))) for q in mix()]
    found = {}
    try:
        for clients in (1, CLIENTS):
            found[str(clients)] = asdict(hot(peer.query, RESULTS, paths, seconds, clients))
    except Failed as error:
        return {**found, "failed": str(error)}
    return found


def _pages(address: str, values: Values, seconds: float, media_type: str) -> dict[str, Any]:
    """Pages (or documents) of some kinds: each for the first time, and the same ones again."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        things = values.things.get(kind, ())
        if not things:
            continue
        suffix = "" if media_type == "text/html" else ".ttl"
        chosen = Random(kind).sample(things, min(len(things), 300))
        found[kind] = _first_and_again(address, media_type, suffix, chosen, seconds)
    return found


def _formats(address: str, values: Values, seconds: float) -> dict[str, Any]:
    """Documents about programmes in each format, those that no other measurement asked for."""
    things = values.things["project"]
    chosen = Random("formats").sample(things, min(len(things), 150))
    return {
        each.name: _first_and_again(address, each.media_type, f".{each.suffix}", chosen, seconds)
        for each in RDF_FORMATS
    }


def _first_and_again(
    address: str, media_type: str, suffix: str, iris: Sequence[str], seconds: float
) -> dict[str, Any]:
    paths = ["/" + iri.removeprefix(ID).removeprefix(BASE) + suffix for iri in iris]
    times = one_client(address, media_type, paths[1:], seconds)
    again = hot(address, media_type, paths[:20], seconds, CLIENTS)
    hot_figures = {"hot per second": again.per_second, "by": again.by}
    return {**times.latencies, "pages": len(times.each), **hot_figures}


if __name__ == "__main__":
    sys.exit(main())
