"""What changed between two versions of the graph: in words, as JSON, and as a patch.

Statements are compared as triples, in whichever graph they stand; nodes without an IRI by what is
said of them. Both sides are read side by side, in their sorted order, so that only the differences,
and what is said of nodes without an IRI, are held in memory.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from hsgraph.describe.words.blank_node_labels import Line, SortedLines
from hsgraph.describe.words.labels import choose, words
from hsgraph.literals import has_sign
from hsgraph.namespaces import GRAPH, INFERRED, NAMING, compact, local_name

_NAMED: Final = {f"<{iri}>": place for place, iri in enumerate(NAMING)}
_BLANK: Final = "_:"
_INFERRED: Final = f"<{INFERRED}"
NEW: Final = "new"
GONE: Final = "gone"
CHANGED: Final = "changed"
_LONGEST: Final = 160


@dataclass(frozen=True)
class ThingChange:
    """What changed about one thing: `how` is new, gone or changed."""

    iri: str
    label: str
    how: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """All differences; `inferred` of the statements came or went by rules alone."""

    before: str
    after: str
    added: int
    removed: int
    inferred: int
    unnamed: int
    things: tuple[ThingChange, ...]
    labels: dict[str, str]

    def count(self, how: str) -> int:
        """How many things are new, gone or changed."""
        return sum(thing.how == how for thing in self.things)

    def summary(self) -> str:
        """One sentence."""
        if not self.added and not self.removed:
            return "Nothing changed."
        counts = ", ".join(
            f"{self.count(how):,} {'thing' if self.count(how) == 1 else 'things'} {how}"
            for how in (NEW, GONE, CHANGED)
        )
        return (
            f"{self.added:,} statements added and {self.removed:,} removed, "
            f"{self.inferred:,} of them inferred; {counts}."
        )

    def to_text(self) -> str:
        """For people: each thing by its name, with what was added (+) and removed (-)."""
        lines = [f"From {self.before} to {self.after}: {self.summary()}"]
        for thing in self.things:
            lines += ["", f"{thing.how.capitalize()}: {thing.label} <{thing.iri}>"]
            removed, added = self.lines(thing)
            lines += [f"  - {text}" for text in removed]
            lines += [f"  + {text}" for text in added]
        if self.unnamed:
            lines += ["", f"{self.unnamed:,} statements about parts without a name differ as well."]
        return "\n".join(lines) + "\n"

    def lines(self, thing: ThingChange) -> tuple[list[str], list[str]]:
        """What was removed of a thing and what was added, each as property and value, in words.

        Values that differ in their language or type alone are told with it.
        """
        said = {text: self._said(text) for text in (*thing.removed, *thing.added)}
        times = Counter(said.values())
        told = {
            text: f"{line} ({_kind(text)})" if times[line] > 1 else line
            for text, line in said.items()
        }
        return [told[text] for text in thing.removed], [told[text] for text in thing.added]

    def _said(self, text: str) -> str:
        triple = _triple(text)
        about = words(local_name(triple.predicate.value))
        if isinstance(triple.object, Literal):
            value = triple.object.value
            return f"{about}: {value if len(value) <= _LONGEST else value[:_LONGEST] + '…'}"
        if isinstance(triple.object, NamedNode):
            iri = triple.object.value
            return f"{about}: {self.labels.get(iri) or compact(iri)}"
        return f"{about}: {triple.object}"

    def to_json(self) -> str:
        """For programs; triples in N-Triples."""
        found = {
            "before": self.before,
            "after": self.after,
            "added": self.added,
            "removed": self.removed,
            "inferred": self.inferred,
            "things": [
                {
                    "iri": thing.iri,
                    "label": thing.label,
                    "change": thing.how,
                    "added": [f"{text} ." for text in thing.added],
                    "removed": [f"{text} ." for text in thing.removed],
                }
                for thing in self.things
            ],
        }
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"

    def to_patch(self) -> str:
        """As Linked Data Patch (W3C), a Turtle with what to delete and what to add."""
        lines = [f"# {self.before} to {self.after}"]
        for what, member in (("Delete", "removed"), ("Add", "added")):
            texts = [f"  {text} ." for thing in self.things for text in getattr(thing, member)]
            lines += [what + " {", *texts, "} ."] if texts else []
        return "\n".join(lines) + "\n"


def compare(before: Path, after: Path, names: tuple[str, str] = ("before", "after")) -> Changes:
    """Compare two files of sorted N-Quads."""
    sides = SortedLines(before), SortedLines(after)
    added: dict[str, list[str]] = defaultdict(list)
    removed: dict[str, list[str]] = defaultdict(list)
    total = {True: 0, False: 0}
    inferred = unnamed = 0
    for is_new, (text, graph) in _differences(*sides):
        total[is_new] += 1
        inferred += graph.startswith(_INFERRED)
        subject = text.partition(" ")[0]
        if _BLANK in (subject[:2], text.rpartition(" ")[2][:2]):
            unnamed += 1
        else:
            (added if is_new else removed)[subject[1:-1]].append(text)
    touched = sorted({*added, *removed})
    names_of, old, new = _known(sides, touched, [*_values(added), *_values(removed)])
    things = tuple(
        ThingChange(
            iri,
            names_of.get(iri) or local_name(iri),
            CHANGED if iri in old and iri in new else NEW if iri in new else GONE,
            tuple(added.get(iri, ())),
            tuple(removed.get(iri, ())),
        )
        for iri in touched
        if not iri.startswith(GRAPH + "metadata")
    )
    order = {NEW: 0, CHANGED: 1, GONE: 2}
    ranked = sorted(things, key=lambda t: (t.iri not in names_of, order[t.how], t.iri))
    return Changes(*names, total[True], total[False], inferred, unnamed, tuple(ranked), names_of)


def _differences(before: Iterable[Line], after: Iterable[Line]) -> Iterator[tuple[bool, Line]]:
    """The triples that one side has and the other has not; True for those of `after`."""
    old = ((text, False, graph) for text, graph in before)
    new = ((text, True, graph) for text, graph in after)
    for text, found in groupby(heapq.merge(old, new), key=itemgetter(0)):
        (_, is_new, graph), *others = found
        if not others:
            yield is_new, (text, graph)


def _values(changed: dict[str, list[str]]) -> Iterator[str]:
    """The IRIs that changed statements lead to."""
    for texts in changed.values():
        for text in texts:
            end = text.rpartition(" ")[2]
            if end.startswith("<"):
                yield end[1:-1]


def _known(
    sides: Iterable[SortedLines], touched: Iterable[str], others: Iterable[str]
) -> tuple[dict[str, str], set[str], set[str]]:
    """The labels of things, and which of those touched each side speaks of."""
    wanted, about = {*touched, *others}, set(touched)
    labels: dict[str, str] = {}
    spoken: list[set[str]] = []
    for side in sides:
        found: set[str] = set()
        given: dict[str, dict[int, list[Literal]]] = defaultdict(lambda: defaultdict(list))
        for text, _ in side:
            iri = text[1 : text.find(">")]
            if iri in about:
                found.add(iri)
            place = _NAMED.get(text.split(" ", 2)[1]) if iri in wanted else None
            if place is not None:
                value = _triple(text).object
                if isinstance(value, Literal) and has_sign(value.value):
                    given[iri][place].append(value)
        chosen = {iri: choose(names[min(names)]) for iri, names in given.items()}
        labels |= {iri: label.value for iri, label in chosen.items() if label}
        spoken.append(found)
    return labels, spoken[0], spoken[1]


def _kind(text: str) -> str:
    """The language of the value of a triple, or its type."""
    value = _triple(text).object
    return (
        (value.language or compact(value.datatype.value)) if isinstance(value, Literal) else "IRI"
    )


def _triple(text: str) -> Triple:
    quad: Quad = next(iter(parse(f"{text} .", format=RdfFormat.N_TRIPLES)))
    return quad.triple
