"""The chain of a programme: threats, what drives what, the interventions, their objectives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from hsgraph.describe.entity.facts import Fact, Facts, Mark, Text
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
    """What the programme does; `answers` is its link to the threat it is listed under."""

    types: tuple[Fact, ...] = values_of("interventionType")
    strategies: tuple[Fact, ...] = values_of("strategy")
    benefits: tuple[Fact, ...] = values_of("benefits")
    places: tuple[Fact, ...] = values_of("takesPlaceIn")
    delivered_by: tuple[Fact, ...] = values_of("deliveredBy")
    objectives: tuple[tuple[str, Fact], ...]
    answers: Fact | None = None


@dataclass(frozen=True, kw_only=True)
class Threat(Part):
    """A threat, whom it affects, what drives it and what it drives, and what answers it."""

    types: tuple[Fact, ...] = values_of("threatType")
    dimensions: tuple[Fact, ...] = values_of("dimension")
    affects: tuple[Fact, ...] = values_of("affects")
    places: tuple[Fact, ...] = values_of("observedIn")
    drives: tuple[Drive, ...]
    driven_by: tuple[Drive, ...]
    interventions: tuple[Intervention, ...]


@dataclass(frozen=True)
class Act:
    """An intervention with the threats that it answers, by their place from 1, and the links."""

    intervention: Intervention
    threats: tuple[tuple[int, Fact], ...]


@dataclass(frozen=True)
class Chain:
    """All of it; `others` are interventions that no threat is named for."""

    objectives: tuple[Objective, ...]
    threats: tuple[Threat, ...]
    others: tuple[Intervention, ...]

    @cached_property
    def interventions(self) -> tuple[Act, ...]:
        """Each intervention once, beside the threats that it answers, others last."""
        told: dict[Ref | Text, Intervention] = {}
        answers: dict[Ref | Text, list[tuple[int, Fact]]] = defaultdict(list)
        for place, threat in enumerate(self.threats, 1):
            for each in threat.interventions:
                told.setdefault(each.fact.value, each)
                if each.answers:
                    answers[each.fact.value].append((place, each.answers))
        acts = [Act(told[value], tuple(found)) for value, found in answers.items()]
        acts.sort(key=lambda act: sum(place for place, _ in act.threats) / len(act.threats))
        return (*acts, *(Act(other, ()) for other in self.others))


def chain(facts: Facts) -> Chain:
    """Read the chain from the document of a programme."""
    objectives = _objectives(facts)
    numbers = {
        objective.fact.value.iri: objective.number
        for objective in objectives
        if isinstance(objective.fact.value, Ref)
    }
    threats = tuple(_threat(facts, iri, numbers) for iri in _in_order_of_cause(facts))
    others = tuple(
        _intervention(facts, iri, numbers)
        for iri in facts.parts("Intervention")
        if not facts.iris(iri, HS + "mitigates")
    )
    return Chain(objectives, threats, others)


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


def _threat(facts: Facts, iri: str, numbers: dict[str, str]) -> Threat:
    answers = []
    for intervention in facts.subjects(HS + "mitigates", iri):
        link = next(
            fact
            for fact in facts.facts(intervention, HS + "mitigates")
            if isinstance(fact.value, Ref) and fact.value.iri == iri
        )
        answers.append(_intervention(facts, intervention, numbers, link))
    return Threat.read(
        facts,
        iri,
        drives=_drives(facts, iri, "from", "to"),
        driven_by=_drives(facts, iri, "to", "from"),
        interventions=tuple(answers),
    )


def _drives(facts: Facts, iri: str, near: str, far: str) -> tuple[Drive, ...]:
    return tuple(
        Drive(facts.ref(other), facts.text(link, DCTERMS + "description"), facts.own(link))
        for link in facts.subjects(HS + near, iri)
        for other in facts.iris(link, HS + far)
    )


def _intervention(
    facts: Facts,
    iri: str,
    numbers: dict[str, str],
    answers: Fact | None = None,
) -> Intervention:
    objectives = tuple(
        (numbers.get(fact.value.iri, ""), fact)
        for fact in facts.facts(iri, HS + "advances")
        if isinstance(fact.value, Ref)
    )
    return Intervention.read(facts, iri, objectives=objectives, answers=answers)


def marks_of(*facts: Fact) -> tuple[Mark, ...]:
    """The evidence of several facts that a page says in one breath: one mark for each source."""
    merged: dict[int, Mark] = {}
    for mark in (mark for fact in facts for mark in fact.marks):
        before = merged.get(mark.number, mark)
        passages = tuple(dict.fromkeys((*before.passages, *mark.passages)))
        merged[mark.number] = replace(before, passages=passages)
    return tuple(merged[number] for number in sorted(merged))
