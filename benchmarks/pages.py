"""Times pages seen for the first time: `python -m benchmarks.pages [snapshot folder]`.

In this process, by processor time, so that a busy machine matters less: pages of each kind, the
page and the list of programmes of the things that most programmes have to do with, lists narrowed
by three facets, searches, and suggestions for what is being typed.
"""

from __future__ import annotations

import csv
import random
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlencode

from flask import Flask

from hsgraph import resources
from hsgraph.browse.catalogue import Catalogue
from hsgraph.browse.choice import Choice
from hsgraph.build.index.aggregates import FILE
from hsgraph.build.snapshot import Snapshot
from hsgraph.describe.shared.facets import facets
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID, VOCAB
from hsgraph.server.app import create_app
from hsgraph.server.http.addresses import local_path
from hsgraph.server.markup.markup import short_name

KINDS: Final = {
    **{kind: f"{ID}{kind}/" for kind in ("project", "organisation", "place", "source", "threat")},
    **{kind: f"{VOCAB}{kind}/" for kind in ("threat-type", "intervention-type", "dimension")},
}
PAGES: Final = 100
HUBS: Final = 4
"""Things of one kind that most programmes have to do with."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    opened = KnowledgeGraph.of(Snapshot(folder)) if folder else KnowledgeGraph.open()
    with opened as graph:
        assert graph.snapshot is not None
        app = create_app(graph, graph.settings)
        _page(app, "/browse/project")
        for kind, iris in sorted(_things(graph.snapshot).items()):
            _report(kind, [_page(app, local_path(iri) or "/") for iri in iris])
        hubs = list(_hubs(graph.snapshot))
        _report("hubs", [_page(app, local_path(iri) or "/") for iri in hubs])
        _list(app, [("about", short_name(hubs[0]))])
        about = [_list(app, [("about", short_name(iri))]) for iri in hubs]
        _report("lists of programmes of hubs", about)
        catalogue = Catalogue(facets(graph.engine, graph.snapshot.search))
        chosen = [_list(app, choice.pairs()) for choice in _choices(catalogue)]
        _report("lists narrowed by three facets", chosen)
        texts = _queries()
        _report("search", [_asked(app, "/search", text) for text in texts])
        typed = [text[:length] for text in texts for length in range(2, len(text), 3)]
        _report("suggest", [_asked(app, "/suggest", text) for text in typed])


def _report(name: str, times: Sequence[float]) -> None:
    high = quantiles(times, n=20)[-1]
    print(
        f"{name}: {len(times)} times, median {median(times):.1f} ms, "
        f"p95 {high:.1f} ms, most {max(times):.1f} ms of processor time"
    )


def _choices(catalogue: Catalogue) -> Iterator[Choice]:
    """Two hundred choices of values of three facets."""
    random.seed(3)
    everything = catalogue.find(Choice()).counts
    for _ in range(200):
        names = random.sample(sorted(everything), 3)
        values = {n: [random.choice([c.name for c in everything[n] if c.count])] for n in names}
        yield Choice.of(values, sort=random.choice(["", "title", "budget", "oldest"]))


def _queries() -> list[str]:
    """The searches that the tests hold the ranking to."""
    path = resources.root() / "tests" / "data" / "search_queries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


def _page(app: Flask, path: str, accept: str = "text/html") -> float:
    client = app.test_client()
    start = time.thread_time()
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200, (path, response.status)
    return (time.thread_time() - start) * 1000


def _asked(app: Flask, path: str, text: str) -> float:
    return _page(app, f"{path}?{urlencode({'q': text})}", "application/json")


def _list(app: Flask, pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> float:
    return _page(app, f"/browse/project?{urlencode(pairs)}")


def _things(snapshot: Snapshot) -> dict[str, list[str]]:
    """Some things of each kind."""
    random.seed(5)
    found: dict[str, list[str]] = defaultdict(list)
    with closing(sqlite3.connect(snapshot.search)) as index:
        for (iri,) in index.execute("SELECT iri FROM thing"):
            for kind, start in KINDS.items():
                if iri.startswith(start):
                    found[kind].append(iri)
    return {kind: random.sample(iris, min(PAGES, len(iris))) for kind, iris in found.items()}


def _hubs(snapshot: Snapshot) -> Iterator[str]:
    """The things of each kind that most programmes have to do with."""
    seen: Counter[str] = Counter()
    with closing(sqlite3.connect(snapshot.path / FILE)) as tables:
        for (iri,) in tables.execute("SELECT iri FROM thing ORDER BY count DESC LIMIT 1000"):
            kind = iri.rpartition("/")[0]
            seen[kind] += 1
            if seen[kind] <= HUBS:
                yield iri


if __name__ == "__main__":
    main()
