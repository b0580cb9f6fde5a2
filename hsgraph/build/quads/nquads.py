"""Reads sorted N-Quads thing by thing, with terms as they are written there, and counts them.

To make an object of every term takes most of the time of whoever reads millions of statements only
to count them or to write them otherwise. What is counted is what VoID asks: by class, by property,
and by what a property leads to; every triple once, in however many graphs it stands. The tests hold
these numbers equal to those that SPARQL queries count. Things of the same classes are counted
together and told apart at the end, so that a statement costs one step however many numbers it adds
to.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph.namespaces import ID, RDF, RDFS, SKOS, VOCAB, XSD

Statement = tuple[str, str]
"""A predicate and an object, both as N-Quads writes them."""
Kinds = tuple[str, ...]
"""The classes of a thing, as N-Quads writes them."""
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SIGNS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def things(data: Path, without: Collection[str] = ()) -> Iterator[tuple[str, list[Statement]]]:
    """Every subject with its statements, each once in however many graphs it stands.

    What stands only in the graphs `without` is left out.
    """
    passed = frozenset(map(written, without))
    subject, statements, last = "", list[Statement](), ""
    with data.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            statement, _, graph = line[:-3].rpartition(" ")
            if statement == last or graph in passed:
                continue
            last = statement
            about, predicate, value = statement.split(" ", 2)
            if about != subject:
                if subject:
                    yield subject, statements
                subject, statements = about, []
            statements.append((predicate, value))
    if subject:
        yield subject, statements


def written(iri: str) -> str:
    """An IRI as N-Quads writes it."""
    return f"<{iri}>"


def datatype(term: str) -> str:
    """The IRI of the datatype of a literal."""
    return _kind(term[term.rindex('"') + 1 :])[1]


def language(term: str) -> str:
    """The language of a literal, "" for other terms."""
    if term[-1] in '">' or term[0] != '"':
        return ""
    return _kind(term[term.rindex('"') + 1 :])[0]


def value(term: str) -> str:
    """The text of a literal, the IRI of a thing, the name of a blank node."""
    if term[0] != '"':
        return term[1:-1] if term[0] == "<" else term[2:]
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


@lru_cache(maxsize=10_000)
def _kind(rest: str) -> tuple[str, str]:
    """Language and datatype, from what follows the text of a literal."""
    if not rest:
        return "", XSD + "string"
    if rest[0] == "^":
        return "", rest[3:-1]
    language, direction, _ = rest[1:].partition("--")
    return language, RDF + ("dirLangString" if direction else "langString")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIGNS.get(found[3], found[3])


_TYPE: Final = written(RDF + "type")
_PREFERRED: Final = written(SKOS + "prefLabel")
_LABEL: Final = written(RDFS + "label")
_WANTED: Final = (_TYPE, _PREFERRED, _LABEL)


@dataclass(frozen=True)
class Names:
    """Classes and names by thing, all terms as N-Quads writes them, names as texts.

    The name is the English one, else the first.
    """

    kinds: Mapping[str, Kinds]
    preferred: Mapping[str, str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, data: Path, without: Collection[str] = ()) -> Names:
        """Read them from data.nq, but not from the graphs `without`."""
        kinds: dict[str, Kinds] = {}
        alike: dict[Kinds, Kinds] = {}
        texts: dict[str, dict[str, str]] = {_PREFERRED: {}, _LABEL: {}}
        for about, statements in things(data, without):
            wanted = [each for each in statements if each[0] in _WANTED]
            classes = tuple(t for name, t in wanted if name == _TYPE and t[0] == "<")
            if classes:
                kinds[about] = alike.setdefault(classes, classes)
            for predicate, found in texts.items():
                names = [term for name, term in wanted if name == predicate]
                english = (t for t in names if language(t).startswith("en"))
                if names:
                    found[about] = value(next(english, names[0]))
        return cls(kinds, texts[_PREFERRED], texts[_LABEL])

    def title(self, term: str) -> str:
        """What a class or property is called, "" if nothing says."""
        return self.labels.get(term) or self.preferred.get(term, "")


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
