"""The parts of a programme: what it did and met, whom it was for, its money and its parties."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, Final, Self

from hsgraph.describe.entity.facts import Fact, Facts
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Ref
from hsgraph.languages import reader
from hsgraph.languages import translated as _
from hsgraph.literals import real
from hsgraph.namespaces import DCTERMS, HS, PROV, SKOS, VOCAB, local_name

_NOTE: Final = SKOS + "editorialNote"
_LESSON: Final = VOCAB + "outcome-kind/lesson"
_RESULTS: Final = {VOCAB + "outcome-kind/" + kind for kind in ("result", "output", "evaluation")}


def values_of(name: str) -> Any:
    """A field with all values of a property of our ontology, read by `Part.read`."""
    return field(metadata={"property": HS + name})


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a programme: its own evidence, its description, and what editors note of it."""

    fact: Fact
    text: str
    note: str

    @classmethod
    def read(cls, facts: Facts, iri: str, **others: Any) -> Self:
        """Read a part from the document of its programme; `others` are fields of other origin."""
        text, note = (facts.text(iri, p) for p in (DCTERMS + "description", _NOTE))
        values = {
            each.name: facts.facts(iri, each.metadata["property"])
            for each in fields(cls)
            if "property" in each.metadata
        }
        return cls(fact=facts.own(iri), text=text, note=note, **values, **others)


@dataclass(frozen=True, kw_only=True)
class Situation(Part):
    """A circumstance of a group of people, and the threats it gives rise to."""

    affects: tuple[Fact, ...] = values_of("affects")
    places: tuple[Fact, ...] = values_of("observedIn")
    gives_rise_to: tuple[Fact, ...] = values_of("givesRiseTo")


@dataclass(frozen=True, kw_only=True)
class Application(Part):
    """How the programme applied a principle of human security."""

    principles: tuple[Fact, ...] = values_of("principle")


@dataclass(frozen=True, kw_only=True)
class Outcome(Part):
    """What came of the programme or is told of its course: a launch, an event, a result.

    A text that only repeats the label takes its place.
    """

    kinds: tuple[Fact, ...] = values_of("outcomeKind")
    concerns: tuple[Fact, ...] = values_of("concerns")

    @classmethod
    def read(cls, facts: Facts, iri: str, **others: Any) -> Self:
        found = super().read(facts, iri, **others)
        own, text = found.fact, found.text
        if not text.startswith(own.label.removesuffix("…").strip()):
            return found
        if isinstance(own.value, Ref) and text:
            own = replace(own, value=replace(own.value, label=text))
        return replace(found, fact=own, text="")

    @property
    def is_lesson(self) -> bool:
        return self._is_one_of({_LESSON})

    @property
    def is_result(self) -> bool:
        """Whether it tells what was achieved, not of a document or a step on the way."""
        return self._is_one_of(_RESULTS)

    def _is_one_of(self, kinds: set[str]) -> bool:
        return any(isinstance(k.value, Ref) and k.value.iri in kinds for k in self.kinds)


@dataclass(frozen=True, kw_only=True)
class Target(Part):
    """Whom the programme means to reach."""

    count: str
    groups: tuple[Fact, ...] = values_of("group")

    @classmethod
    def read(cls, facts: Facts, iri: str, **others: Any) -> Self:
        count = facts.text(iri, HS + "count")
        about = _("about") + " " if count and facts.is_true(iri, HS + "approximate") else ""
        return super().read(facts, iri, count=about + wording.number(count) if count else "")


@dataclass(frozen=True)
class Budget:
    """One figure of money, with its kind and who gives it to whom.

    It is `called` what its label says besides the amount, or its kind where that is translated.
    """

    money: wording.Money
    kind: Ref | None
    called: str
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


def budgets(facts: Facts) -> tuple[Budget, ...]:
    """All figures of money, those set aside last, otherwise the largest first."""
    found = sorted(facts.parts("Budget"), key=lambda iri: -real(facts.text(iri, HS + "amount"), 0))
    return tuple(sorted([_budget(facts, iri) for iri in found], key=attrgetter("set_aside")))


def _budget(facts: Facts, iri: str) -> Budget:
    kind_iri = facts.iri(iri, HS + "budgetKind")
    kind = facts.ref(kind_iri) if kind_iri else None
    currency = local_name(facts.iri(iri, HS + "currency") or "")
    approximate = facts.is_true(iri, HS + "approximate")
    money = wording.money(facts.text(iri, HS + "amount"), currency, approximate=approximate)
    own = facts.ref(iri)
    said, _, amount = own.label.rpartition(", ")
    called = said if said and any(map(str.isdigit, amount)) else own.label
    if kind and own.language not in ("", reader()):
        called = kind.label
    donors = facts.refs(iri, HS + "givenBy")
    return Budget(
        money=money,
        kind=kind,
        called=called,
        given_by=tuple(d for d in donors if not d.acronym or d.acronym not in own.label),
        given_to=facts.refs(iri, HS + "givenTo"),
        fact=facts.own(iri),
        set_aside=facts.text(iri, HS + "preferred") in ("false", "0"),
        reason=facts.text(iri, HS + "preferenceReason"),
        note=facts.text(iri, _NOTE),
    )


def party(facts: Facts, iri: str) -> Party:
    """An organisation that takes part, from its participation."""
    agent, role = facts.iri(iri, PROV + "agent"), facts.iri(iri, PROV + "hadRole")
    return Party(
        organisation=facts.ref(agent or iri),
        role=facts.ref(role) if role else None,
        period=wording.period(facts.date(iri, "start"), facts.date(iri, "end")),
        fact=facts.own(iri),
        note=facts.text(iri, _NOTE),
    )
