"""Times search and lists over a generated index of many programmes: `python -m benchmarks.lists`.

The index is made of the words, types, places and agencies of the real one, each drawn as often as
it is used there, so that common words and values are as common as in the data.
"""

from __future__ import annotations

import csv
import random
import sqlite3
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from hsgraph import resources
from hsgraph.browse.catalogue import Catalogue
from hsgraph.browse.choice import Choice
from hsgraph.browse.lists import facet_view
from hsgraph.build.index.entries import INSERT
from hsgraph.build.index.facets import FACETS, Facets, Programme, Value, read_facets
from hsgraph.build.index.fulltext import FINISH, TABLES
from hsgraph.build.index.words import words
from hsgraph.describe.words.labels import Labels
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID
from hsgraph.search.fulltext import IndexSearch

PROGRAMMES: Final = 100_000
PARTS: Final = 3
_BATCH: Final = 20_000
Entry = tuple[int, str, str, str, str, str, str, str, int, str]


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else PROGRAMMES
    with KnowledgeGraph.open() as graph, tempfile.TemporaryDirectory() as folder:
        assert graph.snapshot is not None
        real, path = graph.snapshot.search, Path(folder) / "search.sqlite"
        things = generate(real, path, number)
        print(f"{things:,} things, {path.stat().st_size / 1e6:,.0f} MB")
        search = IndexSearch(path)
        texts = queries()
        report("search", [timed(partial(search.search, query)) for query in texts * 3])
        kinds = ("project", "concept", "place", "organisation")
        typed = [query[:length] for query in texts for length in range(2, len(query))]
        report("suggest", [timed(partial(search.search, t, kinds=kinds, limit=8)) for t in typed])
        catalogue = Catalogue(spread(real, number))
        labels = Labels.fetch(graph.engine, [facet.about for facet in FACETS])
        report("facets", [timed(partial(listed, catalogue, c, labels)) for c in choices(catalogue)])


def listed(catalogue: Catalogue, choice: Choice, labels: Labels) -> None:
    """All that a page of a list is made of, but for its rows."""
    found = catalogue.find(choice)
    for facet in FACETS:
        facet_view(facet, found, choice, labels)
    list(islice(catalogue.ordered(found.bits, choice.order), 50))


def choices(catalogue: Catalogue) -> Iterator[Choice]:
    """Two hundred choices of values of three facets."""
    random.seed(3)
    everything = catalogue.find(Choice()).counts
    for _ in range(200):
        names = random.sample(sorted(everything), 3)
        values = {n: [random.choice([c.name for c in everything[n] if c.count])] for n in names}
        yield Choice.of(values, sort=random.choice(["", "title", "budget", "oldest"]))


def generate(real: Path, path: Path, number: int) -> int:
    """Write an index of so many programmes and their parts beside all else of a real one."""
    random.seed(1)
    with closing(sqlite3.connect(real)) as old, closing(sqlite3.connect(path)) as new:
        new.executescript(TABLES)
        known = old.execute("SELECT * FROM thing ORDER BY id").fetchall()
        by_kind = {
            kind: [t for t in known if t[2] == kind]
            for kind, *_ in old.execute("SELECT * FROM kind")
        }
        contexts = [" ".join(words(" ".join((t[4], t[5])))) for t in known]
        first = 1
        for kind, things in by_kind.items():
            many = {"project": number, "threat": number * PARTS, "intervention": number * PARTS}
            count = many.get(kind, len(things))
            new.execute("INSERT INTO kind VALUES (?, ?, ?)", (kind, first, first + count - 1))
            for start in range(0, count, _BATCH):
                size = min(_BATCH, count - start)
                _write(new, things, contexts, kind, first + start, start, size, count)
            first += count
        new.commit()
        new.executescript(FINISH)
    return first - 1


def _write(
    new: sqlite3.Connection,
    things: Sequence[Entry],
    contexts: Sequence[str],
    kind: str,
    first: int,
    start: int,
    size: int,
    count: int,
) -> None:
    rows, texts, names = [], [], []
    for place in range(size):
        model = (
            things[(start + place) % len(things)] if count > len(things) else things[start + place]
        )
        other = random.choice(things)
        copied = start + place >= len(things)
        label = f"{_half(model[4])} {_half(other[4])}" if copied else model[4]
        iri = f"{ID}{kind}/copy-{start + place}" if copied else model[1]
        folded = "\n".join([" ".join(words(label)), *([] if copied else model[9].split("\n")[1:])])
        rows.append((first + place, iri, kind, model[3], label, *model[5:8], model[8], folded))
        context = " ".join(random.sample(contexts, 20)) if kind == "project" else ""
        texts.append(
            (first + place, folded, " ".join(words(model[5])), " ".join(words(model[7])), context)
        )
        names += [
            (name[:200], first + place, 0 if n == 0 else 2)
            for n, name in enumerate(folded.split("\n"))
        ]
    new.executemany(INSERT, rows)
    new.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", sorted(names))
    new.executemany(
        "INSERT INTO text(rowid, label, names, description, context) VALUES (?, ?, ?, ?, ?)", texts
    )


def _half(label: str) -> str:
    parts = label.split()
    return " ".join(random.sample(parts, (len(parts) + 1) // 2))


def spread(real: Path, number: int) -> Facets:
    """So many programmes that have the values of the real ones as often as these have them."""
    random.seed(2)
    with closing(sqlite3.connect(real)) as database:
        facets = read_facets(database)
    size = len(facets.programmes)
    programmes = tuple(
        Programme(f"{p.iri}-{n}", p.label, p.date, p.amount)
        for n in range(number)
        for p in (facets.programmes[n * size // number],)
    )
    values = {}
    for name, listed_ in facets.values.items():
        values[name] = tuple(
            Value(
                v.value,
                v.label,
                v.parent,
                array("I", sorted(random.sample(range(number), len(v.members) * number // size))),
            )
            for v in listed_
        )
    return Facets(programmes, values)


def timed(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1000


def report(name: str, times: Sequence[float]) -> None:
    high = quantiles(times, n=20)[-1]
    print(
        f"{name}: {len(times)} times, median {median(times):.1f} ms, "
        f"p95 {high:.1f} ms, most {max(times):.1f} ms of processor time"
    )


def queries() -> list[str]:
    """The searches that the tests hold the ranking to."""
    path = resources.root() / "tests" / "data" / "search_queries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    main()
