"""What is asked: twenty of the competency questions, with parameters drawn from the data."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.build.quads.nquads import Names, value
from hsgraph.build.snapshot import Snapshot
from hsgraph.engine.sparql.bind import bind
from hsgraph.namespaces import HS, ID, SKOS, VOCAB
from hsgraph.questions import Parameter, Question, questions

ASKED: Final = (
    "programme-at-a-glance",
    "causal-chain-of-programme",
    "budgets-of-programme",
    "evidence-of-programme",
    "objectives-of-programme",
    "neighbours-of-programme",
    "programmes-of-agency",
    "partners-of-agency",
    "where-agency-works",
    "who-cooperates-with-agency",
    "programmes-in-place",
    "was-it-tried-there",
    "programmes-by-keyword",
    "programmes-running-in-year",
    "threats-of-group",
    "done-for-group",
    "root-causes",
    "intervention-types-against-threat-type",
    "tried-against-threat-type",
    "money-by-country",
)
KINDS: Final = {
    HS + "Project": "project",
    HS + "Agency": "organisation",
    HS + "Country": "place",
    HS + "Source": "source",
    HS + "Threat": "threat",
}


@dataclass(frozen=True)
class Values:
    """What parameters can be: the things of the data by kind, concepts by scheme."""

    things: dict[str, Sequence[str]]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Values:
        """Read them from the classes that things have."""
        found: dict[str, set[str]] = {}
        for term, classes in Names.of(snapshot.data).kinds.items():
            iri, kinds = value(term), {value(each) for each in classes}
            if iri.startswith(ID):
                for name in ("thing", *(KINDS[kind] for kind in kinds & KINDS.keys())):
                    found.setdefault(name, set()).add(iri)
            if SKOS + "Concept" in kinds:
                scheme = iri.removeprefix(VOCAB).partition("/")[0]
                found.setdefault(scheme, set()).add(iri)
        return cls({name: sorted(iris) for name, iris in found.items()})

    def draw(self, chance: random.Random, parameter: Parameter) -> NamedNode | Literal:
        if parameter.kind == "year":
            return Literal(chance.randrange(2000, 2026))
        things = self.things.get(parameter.scheme or parameter.kind)
        return NamedNode(chance.choice(things)) if things else parameter.default


def mix() -> tuple[Question, ...]:
    """The questions that are asked, in the order of the list."""
    known = {question.slug: question for question in questions()}
    return tuple(known[slug] for slug in ASKED)


def requests(question: Question, values: Values, seed: int) -> Iterator[str]:
    """Endless queries, no two alike: a comment makes a repeated parameter a new request too."""
    chance = random.Random(f"{question.slug} {seed}")
    for number in range(1_000_000_000):
        drawn = {p.name: values.draw(chance, p) for p in question.parameters}
        yield f"{bind(question.query, drawn)}\n# {seed} {number}\n"
