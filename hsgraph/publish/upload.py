"""Puts the graphs of a snapshot into a remote store: all of them, or none as far as it allows.

Every graph is first put beside its place under a temporary name, and counted. Then all are moved
to their places and the graphs of an older version removed: in one transaction where the store has
them, else one by one with the old graphs kept until the end, so that they can be moved back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hsgraph.build.snapshot import Snapshot
from hsgraph.errors import EngineUnavailable, HsgraphError, SnapshotError
from hsgraph.namespaces import GRAPH
from hsgraph.progress import tell
from hsgraph.publish.graph_store import GraphStore

STAGED: Final = "urn:hsgraph:staged:"
KEPT: Final = "urn:hsgraph:kept:"


class PublishFailed(
    HsgraphError, status=502, slug="publish-failed", title="The snapshot was not published"
):
    """A snapshot was not published; the message says in what state the store is now."""


@dataclass(frozen=True)
class Plan:
    """What publishing does: graphs with their triples to put, IRIs to replace and to remove."""

    version: str
    graphs: Mapping[str, int]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    others: tuple[str, ...]
    """Graphs of the store that are none of ours and stay as they are."""

    @property
    def triples(self) -> int:
        return sum(self.graphs.values())


def plan(content: Mapping[str, bytes], version: str, present: Mapping[str, int]) -> Plan:
    """What it takes to bring a store with these graphs to this content."""
    leftover = [iri for iri in present if iri.startswith((STAGED, KEPT))]
    ours = [iri for iri in present if iri.startswith(GRAPH) and iri not in content]
    others = [iri for iri in present if iri not in content and iri not in (*ours, *leftover)]
    return Plan(
        version,
        {iri: lines.count(b"\n") for iri, lines in content.items()},
        tuple(sorted(present.keys() & content.keys())),
        tuple(sorted([*ours, *leftover])),
        tuple(sorted(others)),
    )


def read_graphs(snapshot: Snapshot) -> dict[str, bytes]:
    """The graphs of a snapshot as N-Triples, with the one that describes it where there is one.

    Raises SnapshotError for a quad without graph.
    """
    graphs: dict[str, bytearray] = {}
    for path in filter(None, (snapshot.data, snapshot.metadata)):
        with path.open("rb") as lines:
            for line in lines:
                triple, graph, _ = line.rsplit(b" ", 2)
                if graph[:1] != b"<" or b"\t" in graph:
                    raise SnapshotError(
                        "The snapshot has statements outside of named graphs; only graphs can be "
                        "published."
                    )
                graphs.setdefault(graph[1:-1].decode(), bytearray()).extend(triple + b" .\n")
    return {iri: bytes(graphs[iri]) for iri in sorted(graphs)}


def publish(
    snapshot: Snapshot,
    store: GraphStore,
    *,
    dry_run: bool = False,
) -> Plan:
    """Bring a store to a snapshot, verified by counting every graph.

    Raises EngineUnavailable when the store fails before anything was changed, and
    PublishFailed when it fails later.
    """
    content = read_graphs(snapshot)
    planned = plan(content, snapshot.version, store.counts())
    if dry_run:
        return planned
    staged = _names(STAGED, content)
    # What an interrupted run has staged goes now; what it kept stays until the end.
    _drop(store, [iri for iri in planned.removed if iri.startswith(STAGED)])
    try:
        for number, (iri, triples) in enumerate(content.items(), start=1):
            store.put(staged[iri], triples)
            tell("sending graphs", number, len(content))
        _compare({staged[iri]: count for iri, count in planned.graphs.items()}, store.counts())
    except HsgraphError as error:
        _drop(store, staged.values())
        raise PublishFailed(
            f"Nothing was changed in the store: {error.message}", remedy=error.remedy
        ) from error
    if store.addresses.atomic:
        _move_at_once(store, planned, staged)
    else:
        _move_one_by_one(store, planned, staged)
    return planned


def _names(prefix: str, graphs: Iterable[str]) -> dict[str, str]:
    return {iri: f"{prefix}{number}" for number, iri in enumerate(graphs)}


def _drop(store: GraphStore, graphs: Iterable[str]) -> None:
    for iri in graphs:
        try:
            store.update([f"DROP SILENT GRAPH <{iri}>"])
        except EngineUnavailable:
            return


def _compare(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Raises PublishFailed for the first graph that does not have as many triples as it should."""
    for iri, count in expected.items():
        if found.get(iri, 0) != count:
            raise PublishFailed(
                f"The graph <{iri}> has {found.get(iri, 0):,} triples in the store "
                f"where it should have {count:,}."
            )


def _move_at_once(store: GraphStore, planned: Plan, staged: Mapping[str, str]) -> None:
    moves = [f"MOVE GRAPH <{name}> TO GRAPH <{iri}>" for iri, name in staged.items()]
    drops = [f"DROP SILENT GRAPH <{iri}>" for iri in planned.removed]
    try:
        store.update([*moves, *drops])
    except EngineUnavailable as error:
        _drop(store, staged.values())
        raise PublishFailed(f"Nothing was changed in the store: {error.message}") from error
    _verify(store, planned)


def _move_one_by_one(store: GraphStore, planned: Plan, staged: Mapping[str, str]) -> None:
    old = [
        iri for iri in (*planned.replaced, *planned.removed) if not iri.startswith((STAGED, KEPT))
    ]
    kept = _names(KEPT, old)
    steps = [*kept.items(), *((name, iri) for iri, name in staged.items())]
    try:
        for number, (start, end) in enumerate(steps, start=1):
            store.update([f"MOVE GRAPH <{start}> TO GRAPH <{end}>"])
            tell("moving graphs", number, len(steps))
        _verify(store, planned)
    except HsgraphError as error:
        _restore(store, planned, kept, staged, error)
    _drop(store, {*kept.values(), *(iri for iri in planned.removed if iri.startswith(KEPT))})


def _restore(
    store: GraphStore,
    planned: Plan,
    kept: Mapping[str, str],
    staged: Mapping[str, str],
    reason: HsgraphError,
) -> None:
    """Put the old graphs back and raise PublishFailed, which says whether that succeeded."""
    try:
        present = store.counts()
        for iri in planned.graphs:
            if iri in present and (iri not in kept or kept[iri] in present):
                store.update([f"DROP SILENT GRAPH <{iri}>"])
        for iri, name in kept.items():
            if name in present:
                store.update([f"MOVE GRAPH <{name}> TO GRAPH <{iri}>"])
    except EngineUnavailable as error:
        raise PublishFailed(
            f"Publishing stopped in the middle ({reason.message}) and the old graphs could not "
            f"be put back ({error.message}). They are in graphs named {KEPT}….",
            remedy="Publish again when the store answers; nothing of the snapshot is lost.",
        ) from error
    _drop(store, staged.values())
    raise PublishFailed(
        f"The old graphs were put back, since publishing failed: {reason.message}"
    ) from reason


def _verify(store: GraphStore, planned: Plan) -> None:
    found = store.counts()
    _compare(planned.graphs, found)
    _compare({iri: 0 for iri in planned.removed if iri.startswith(GRAPH)}, found)
