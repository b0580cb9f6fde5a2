"""The chain of a programme: threats, what drives what, the interventions, their objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

from hsgraph.describe.entity.facts import Fact, Facts, Mark
from hsgraph.describe.programme.parts import Part, values_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Ref
from hsgraph.namespaces import DCTERMS, HS


@dataclass(frozen=True, kw_only=True)
class Objective(Part):
    """An objective with its place in the order of the programme."""

    number: str


@dataclass(frozen=True)
class Drive:
    """One threat drives another: the other one, how, and the evidence."""

    threat: Ref
    how: str
    link: Fact


@dataclass(frozen=True, kw_only=True)
class Intervention(Part):
    """What the programme does; `answers` are its links to threats, by their place from 1."""

    types: tuple[Fact, ...] = values_of("interventionType")
    strategies: tuple[Fact, ...] = values_of("strategy")
    benefits: tuple[Fact, ...] = values_of("benefits")
    places: tuple[Fact, ...] = values_of("takesPlaceIn")
    delivered_by: tuple[Fact, ...] = values_of("deliveredBy")
    objectives: tuple[tuple[str, Fact], ...]
    answers: tuple[tuple[int, Fact], ...]


@dataclass(frozen=True, kw_only=True)
class Threat(Part):
    """A threat, whom it affects, what drives it and what it drives; whether it is answered."""

    types: tuple[Fact, ...] = values_of("threatType")
    dimensions: tuple[Fact, ...] = values_of("dimension")
    affects: tuple[Fact, ...] = values_of("affects")
    places: tuple[Fact, ...] = values_of("observedIn")
    drives: tuple[Drive, ...]
    driven_by: tuple[Drive, ...]
    answered: bool


@dataclass(frozen=True)
class Chain:
    """All of it: threats from cause to effect, interventions beside the threats they answer."""

    objectives: tuple[Objective, ...]
    threats: tuple[Threat, ...]
    interventions: tuple[Intervention, ...]


def chain(facts: Facts) -> Chain:
    """Read the chain from the document of a programme."""
    objectives = _objectives(facts)
    numbers = {
        objective.fact.value.iri: objective.number
        for objective in objectives
        if isinstance(objective.fact.value, Ref)
    }
    threats = _in_order_of_cause(facts)
    places = {iri: place for place, iri in enumerate(threats, 1)}
    read = (_intervention(facts, iri, numbers, places) for iri in facts.parts("Intervention"))
    return Chain(
        objectives,
        tuple(_threat(facts, iri) for iri in threats),
        tuple(sorted(read, key=_beside)),
    )


def _beside(intervention: Intervention) -> tuple[bool, float]:
    """Where an intervention stands: in the middle of the threats it answers, others last."""
    places = [place for place, _ in intervention.answers]
    return not places, sum(places) / max(len(places), 1)


def _objectives(facts: Facts) -> tuple[Objective, ...]:
    found = [(facts.text(iri, HS + "order"), iri) for iri in facts.parts("Objective")]
    found.sort(key=lambda pair: (wording.order(pair[0]), pair[1]))
    return tuple(Objective.read(facts, iri, number=number) for number, iri in found)


def _in_order_of_cause(facts: Facts) -> list[str]:
    """Threats that drive others before those that are only driven, answered ones first."""
    threats = facts.parts("Threat")

    def rank(iri: str) -> tuple[bool, int]:
        answered = bool(facts.subjects(HS + "mitigates", iri))
        return not answered, -len(facts.subjects(HS + "from", iri))

    return sorted(threats, key=rank)


def _threat(facts: Facts, iri: str) -> Threat:
    return Threat.read(
        facts,
        iri,
        drives=_drives(facts, iri, "from", "to"),
        driven_by=_drives(facts, iri, "to", "from"),
        answered=bool(facts.subjects(HS + "mitigates", iri)),
    )


def _drives(facts: Facts, iri: str, near: str, far: str) -> tuple[Drive, ...]:
    return tuple(
        Drive(facts.ref(other), facts.text(link, DCTERMS + "description"), facts.own(link))
        for link in facts.subjects(HS + near, iri)
        for other in facts.iris(link, HS + far)
    )


def _intervention(
    facts: Facts, iri: str, numbers: Mapping[str, str], places: Mapping[str, int]
) -> Intervention:
    advanced = _things(facts, iri, "advances")
    mitigated = _things(facts, iri, "mitigates")
    answers = [(places[thing], fact) for thing, fact in mitigated if thing in places]
    return Intervention.read(
        facts,
        iri,
        objectives=tuple((numbers.get(thing, ""), fact) for thing, fact in advanced),
        answers=tuple(sorted(answers, key=itemgetter(0))),
    )


def _things(facts: Facts, iri: str, name: str) -> list[tuple[str, Fact]]:
    found = facts.facts(iri, HS + name)
    return [(fact.value.iri, fact) for fact in found if isinstance(fact.value, Ref)]


def marks_of(*facts: Fact) -> tuple[Mark, ...]:
    """The evidence of several facts that a page says in one breath: one mark for each source."""
    merged: dict[int, Mark] = {}
    for mark in (mark for fact in facts for mark in fact.marks):
        before = merged.get(mark.number, mark)
        passages = tuple(dict.fromkeys((*before.passages, *mark.passages)))
        merged[mark.number] = replace(before, passages=passages)
    return tuple(merged[number] for number in sorted(merged))
