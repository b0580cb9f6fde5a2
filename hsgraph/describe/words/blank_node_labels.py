"""Names for the nodes without an IRI, by what is said of them, so that two files can be compared.

RDFC-1.0 numbers such nodes through: one that is new renumbers the others, and all seem changed.
Here a node is named by the digest of what it says and of the way to it, both refined step by step,
and of nodes that these do not tell apart a few are set apart one after the other, without trying
others (RDFC-1.0 tries all, which may take for ever). What is then still alike is numbered. No two
nodes get the same name, so no change is hidden.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

_STEPS: Final = 32
_APART: Final = 16
_WORK: Final = 100_000
"""Triples, times the nodes set apart, that are worth going over."""
_BLANK: Final = "_:"

Line = tuple[str, str]
"""A triple in N-Triples, without its full stop, and its graph."""
_Triple = tuple[str, str, str]


class SortedLines:
    """The triples of a file of sorted N-Quads in order, each once, with such names."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = [line for line in _read(path) if _is_nameless(line[0])]
        self._nameless = sorted(_renamed(found))

    def __iter__(self) -> Iterator[Line]:
        named = (line for line in _read(self._path) if not _is_nameless(line[0]))
        last = ""
        for text, graph in heapq.merge(named, self._nameless):
            if text != last:
                yield text, graph
            last = text


def _read(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            text, graph, _ = line.rsplit(" ", 2)
            yield text, graph


def _is_nameless(text: str) -> bool:
    return text.startswith(_BLANK) or text.rpartition(" ")[2].startswith(_BLANK)


def _renamed(found: list[Line]) -> Iterator[Line]:
    triples = [(*text.split(" ", 2), graph) for text, graph in found]
    names = _names([(s, p, o) for s, p, o, _ in triples])
    for subject, predicate, value, graph in triples:
        yield f"{names.get(subject, subject)} {predicate} {names.get(value, value)}", graph


def _names(triples: list[_Triple]) -> dict[str, str]:
    """A name for each node: of those that are told apart by nothing, one is set apart at a time."""
    says = _Edges((s, p, o) for s, p, o in triples if s.startswith(_BLANK))
    ways = _Edges((o, p, s) for s, p, o in triples if o.startswith(_BLANK))
    apart: dict[str, str] = {}
    for left in range(min(_APART, _WORK // (len(triples) + 1)), -1, -1):
        alike: dict[str, list[str]] = defaultdict(list)
        told, reached = says.refined(apart), ways.refined(apart)
        for node in sorted({*told, *reached}):
            own = [apart.get(node, ""), told.get(node, ""), reached.get(node, "")]
            alike[_digest(own)].append(node)
        same = min((digest for digest, nodes in alike.items() if len(nodes) > 1), default="")
        if not same or not left:
            break
        apart[alike[same][0]] = str(left)
    return {
        node: f"{_BLANK}{digest}" + (f"-{number}" if number else "")
        for digest, nodes in alike.items()
        for number, node in enumerate(nodes)
    }


class _Edges:
    """The edges that leave each node, to texts that stay and to other nodes."""

    def __init__(self, edges: Iterable[_Triple]) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._nodes: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for node, predicate, other in edges:
            self._texts[node].append("" if other.startswith(_BLANK) else f"{predicate} {other}")
            if other.startswith(_BLANK):
                self._nodes[node].append((predicate, other))

    def refined(self, apart: Mapping[str, str]) -> dict[str, str]:
        """The digest of each node, from those of the nodes it leads to and from its own mark.

        Refined until nothing moves, and on a circle as often as everywhere, so that the digest
        does not depend on what else is in the file.
        """
        fixed = {n: _digest([*texts, apart.get(n, "")]) for n, texts in self._texts.items()}
        digests = dict(fixed)
        for _ in range(_STEPS):
            before = dict(digests)
            for node, around in self._nodes.items():
                further = (f"{way} {before.get(to, apart.get(to, ''))}" for way, to in around)
                digests[node] = _digest([fixed[node], *further])
            if digests == before:
                break
        return digests


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
