"""Counts what a graph holds, as VoID asks: by class, by property, and by what a property leads to.

Every triple counts once, in however many graphs it stands. The tests hold these numbers equal to
those that SPARQL queries count. Things of the same classes are counted together and told apart at
the end, so that a statement costs one step however many numbers it adds to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hsgraph.build.quads.nquads import Kinds, Names, Statement, datatype, things, value, written
from hsgraph.namespaces import ID, RDF, VOCAB

_TYPE: Final = written(RDF + "type")
_Lead = Kinds | str
"""What an object is: the classes of a thing, or the datatype of a literal."""


@dataclass
class PropertyCount:
    """The triples with one property, and what their objects are: things of a class, or values."""

    triples: int = 0
    subjects: int = 0
    values: list[set[str]] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    datatypes: Counter[str] = field(default_factory=Counter)

    @property
    def objects(self) -> int:
        return _distinct(self.values)

    def lead(self, to: _Lead, triples: int) -> None:
        """Count triples whose objects are alike."""
        self.triples += triples
        if isinstance(to, str):
            self.datatypes[to] += triples
            return
        for kind in to:
            self.classes[value(kind)] += triples


@dataclass
class ClassCount:
    """The things of one class, and the triples that have them as subject, by property."""

    entities: int = 0
    properties: dict[str, PropertyCount] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        return sum(count.triples for count in self.properties.values())


class Statistics:
    """All counts of data.nq; `entities` are the things below `id/` of which something is said.

    `links` are those from our things to the namespaces of others, by property and namespace.
    """

    def __init__(self, data: Path, namespaces: Iterable[str] = ()) -> None:
        self._kinds = Names.of(data).kinds
        self._terms: dict[str, str] = {kind: kind for kind in self._kinds}
        self._namespaces = tuple(written(each)[:-1] for each in namespaces)
        self._things: Counter[Kinds] = Counter()
        self._subjects: Counter[tuple[Kinds, str]] = Counter()
        self._objects: dict[tuple[Kinds, str], set[str]] = defaultdict(set)
        self._triples: Counter[tuple[Kinds, str, _Lead]] = Counter()
        self.entities = 0
        self.links: Counter[tuple[str, str]] = Counter()
        for subject, statements in things(data):
            self._add(subject, statements)
        self.triples = sum(self._triples.values())
        self.subjects = sum(self._things.values())
        self.objects = _distinct(list(self._objects.values()))
        self.classes: dict[str, ClassCount] = defaultdict(ClassCount)
        self.properties: dict[str, PropertyCount] = defaultdict(PropertyCount)
        self._sum_up()

    def _add(self, subject: str, statements: list[Statement]) -> None:
        """Count a thing with all its statements."""
        kinds = self._kinds.get(subject, ())
        ours = subject.startswith((f"<{ID}", f"<{VOCAB}"))
        self._things[kinds] += 1
        self.entities += subject.startswith(f"<{ID}")
        for predicate in {predicate for predicate, _ in statements}:
            self._subjects[kinds, predicate] += 1
        for predicate, term in statements:
            lead: _Lead
            if term[0] == '"':
                lead = datatype(term)
            else:
                lead = self._kinds.get(term, ())
                term = self._terms.setdefault(term, term)
                if ours and predicate != _TYPE and term.startswith(self._namespaces):
                    space = next(each for each in self._namespaces if term.startswith(each))
                    self.links[value(predicate), space[1:]] += 1
            self._triples[kinds, predicate, lead] += 1
            self._objects[kinds, predicate].add(term)

    def _sum_up(self) -> None:
        """Tell apart what was counted together."""
        for kinds, count in self._things.items():
            for kind in kinds:
                self.classes[value(kind)].entities += count
        for (kinds, predicate, lead), triples in self._triples.items():
            for each in self._of_all(kinds, predicate):
                each.lead(lead, triples)
        for (kinds, predicate), subjects in self._subjects.items():
            for each in self._of_all(kinds, predicate):
                each.subjects += subjects
        for (kinds, predicate), objects in self._objects.items():
            for each in self._of_all(kinds, predicate):
                each.values.append(objects)

    def _of_all(self, kinds: Kinds, predicate: str) -> Iterable[PropertyCount]:
        name = value(predicate)
        yield self.properties[name]
        for kind in kinds:
            yield self.classes[value(kind)].properties.setdefault(name, PropertyCount())


def _distinct(found: list[set[str]]) -> int:
    return len(found[0]) if len(found) == 1 else len(set[str]().union(*found))
