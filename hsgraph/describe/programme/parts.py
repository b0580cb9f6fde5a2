"""The parts of a programme beside its chain: money, parties, targets, settings, principles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from hsgraph.describe.entity.facts import Fact, Facts
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Ref, local_name
from hsgraph.namespaces import DCTERMS, HS, PROV, SKOS, VOCAB

_LESSON: Final = VOCAB + "outcome-kind/lesson"


@dataclass(frozen=True)
class Budget:
    """One figure of money, with its kind and who gives it to whom."""

    money: wording.Money
    kind: Ref | None
    given_by: tuple[Ref, ...]
    given_to: tuple[Ref, ...]
    fact: Fact
    set_aside: bool
    reason: str
    note: str


@dataclass(frozen=True)
class Party:
    """An organisation that takes part."""

    organisation: Ref
    role: Ref | None
    period: str
    fact: Fact
    note: str


@dataclass(frozen=True)
class Target:
    """Whom the programme means to reach."""

    count: str
    groups: tuple[Fact, ...]
    qualifiers: tuple[Ref, ...]
    fact: Fact
    text: str


@dataclass(frozen=True)
class Situation:
    """A circumstance of a group of people, and the threats it gives rise to."""

    fact: Fact
    text: str
    affects: tuple[Fact, ...]
    places: tuple[Fact, ...]
    gives_rise_to: tuple[Fact, ...]


@dataclass(frozen=True)
class Application:
    """How the programme applied a principle of human security."""

    principles: tuple[Fact, ...]
    fact: Fact
    text: str


@dataclass(frozen=True)
class Outcome:
    """What came of the programme or is told of its course: a launch, an event, a result."""

    fact: Fact
    text: str
    kinds: tuple[Fact, ...]
    concerns: tuple[Fact, ...] = ()

    @property
    def is_lesson(self) -> bool:
        return any(isinstance(k.value, Ref) and k.value.iri == _LESSON for k in self.kinds)


def budgets(facts: Facts) -> tuple[Budget, ...]:
    """All figures of money, those set aside last, otherwise the largest first."""
    found = [_budget(facts, iri) for iri in facts.parts("Budget")]
    return tuple(sorted(found, key=lambda b: (b.set_aside, -_size(b))))


def _budget(facts: Facts, iri: str) -> Budget:
    kind = facts.iri(iri, HS + "budgetKind")
    currency = local_name(facts.iri(iri, HS + "currency") or "")
    approximate = facts.is_true(iri, HS + "approximate")
    return Budget(
        money=wording.money(facts.text(iri, HS + "amount"), currency, approximate=approximate),
        kind=facts.ref(kind) if kind else None,
        given_by=facts.refs(iri, HS + "givenBy"),
        given_to=facts.refs(iri, HS + "givenTo"),
        fact=facts.own(iri),
        set_aside=facts.text(iri, HS + "preferred") in ("false", "0"),
        reason=facts.text(iri, HS + "preferenceReason"),
        note=facts.text(iri, SKOS + "editorialNote"),
    )


def _size(budget: Budget) -> float:
    digits = "".join(c for c in budget.money.exact if c.isdigit() or c == ".")
    return float(digits) if digits.strip(".") else 0.0


def party(facts: Facts, iri: str) -> Party:
    """An organisation that takes part, from its participation."""
    agent, role = facts.iri(iri, PROV + "agent"), facts.iri(iri, PROV + "hadRole")
    return Party(
        organisation=facts.ref(agent or iri),
        role=facts.ref(role) if role else None,
        period=wording.period(facts.date(iri, "start"), facts.date(iri, "end")),
        fact=facts.own(iri),
        note=facts.text(iri, SKOS + "editorialNote"),
    )


def target(facts: Facts, iri: str) -> Target:
    """Whom a programme means to reach."""
    count = facts.text(iri, HS + "count")
    about = "about " if count and facts.is_true(iri, HS + "approximate") else ""
    return Target(
        count=about + wording.number(count) if count else "",
        groups=facts.facts(iri, HS + "group"),
        qualifiers=(*facts.refs(iri, HS + "directness"), *facts.refs(iri, HS + "targetKind")),
        fact=facts.own(iri),
        text=facts.text(iri, DCTERMS + "description"),
    )


def situation(facts: Facts, iri: str) -> Situation:
    """A circumstance that a source describes."""
    return Situation(
        fact=facts.own(iri),
        text=facts.text(iri, DCTERMS + "description"),
        affects=facts.facts(iri, HS + "affects"),
        places=facts.facts(iri, HS + "observedIn"),
        gives_rise_to=facts.facts(iri, HS + "givesRiseTo"),
    )


def application(facts: Facts, iri: str) -> Application:
    """How a principle was applied."""
    return Application(
        principles=facts.facts(iri, HS + "principle"),
        fact=facts.own(iri),
        text=facts.text(iri, DCTERMS + "description"),
    )


def outcome(facts: Facts, iri: str) -> Outcome:
    """What came of the programme; a text that only repeats the label is left out."""
    text, own = facts.text(iri, DCTERMS + "description"), facts.own(iri)
    told = text.startswith(own.label.removesuffix("…").strip())
    if told and isinstance(own.value, Ref) and text:
        own = replace(own, value=replace(own.value, label=text))
    return Outcome(
        own,
        "" if told else text,
        facts.facts(iri, HS + "outcomeKind"),
        facts.facts(iri, HS + "concerns"),
    )
