"""The parts of a query for what programmes, or the things asked for, must be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.ask import parts
from hsgraph.ask.names.name import ORGANISATIONS, PLACES
from hsgraph.ask.parts import Assembly, Values
from hsgraph.ask.reading import PROJECT, Condition, Period, Reading, Sum
from hsgraph.namespaces import DCTERMS, HS, XSD

_ON: Final = {
    "Threat": "on-threat", "Intervention": "on-intervention", "Outcome": "on-outcome",
    "Country": "on-place", "Region": "on-place", "Municipality": "on-place", "Place": "on-place",
}  # fmt: skip
_OF_THINGS: Final = ("list", "number", "share")
"""The forms that tell of things of a kind."""
_ENDING: Final = 3
_TAKING_PART: Final = ("organisation", "implemented", "led", "partnered")
_OTHER_THAN: Final = {
    **dict.fromkeys((*ORGANISATIONS, "led", "funded"), (*_TAKING_PART, "funded")),
    "BeneficiaryTarget": ("population-group",),
    "threat-type": ("threat-type", "addressed"),
}
"""The conditions that name things of the kind asked for, where not just those of its name."""
_DATE: Final = NamedNode(XSD + "date")
BOUNDS: Final = {
    "more": "amount-more",
    "less": "amount-less",
    "at-least": "amount-at-least",
    "at-most": "amount-at-most",
    "exactly": "amount-exactly",
}


def restrict(assembly: Assembly, reading: Reading) -> None:
    """Join the parts for all that a reading demands."""
    plain = [c for c in reading.conditions if not c.negated]
    for condition in plain:
        if reading.form in ("causes", "effects") and condition.part == "threat-type":
            continue
        if reading.target == "intervention-type-against" and condition.part in (
            "threat-type", "addressed",
        ):  # fmt: skip
            assembly.add("targets/intervention-type-against", values_of(condition))
            continue
        either = (condition, *condition.others)
        assembly.add_any([(_part(c, reading), values_of(c)) for c in either])
    _period(assembly, reading)
    if reading.sums and reading.form != "evidence":
        assembly.add("conditions/contribution")
        for wanted in reading.sums:
            assembly.add(f"conditions/{BOUNDS[wanted.how]}", {"amount": amount_of(wanted)})
    for length in reading.lengths:
        bounds = {"least": Literal(length.least), "most": Literal(length.most)}
        assembly.add("conditions/lasting", bounds)
    if reading.form in _OF_THINGS:
        _target(assembly, reading)
    for condition in reading.conditions:
        if condition.negated:
            _negated(assembly, condition, reading)


def _part(condition: Condition, reading: Reading) -> str:
    """The part for a condition: that of the things asked for where there is one."""
    if reading.form == "people" and condition.part == "population-group":
        return "on-target/population-group"
    on = _ON.get(reading.target) if reading.form in _OF_THINGS else None
    if on and not reading.subjects and parts.exists(f"{on}/{condition.part}"):
        return f"{on}/{condition.part}"
    return f"conditions/{condition.part}"


def values_of(condition: Condition) -> Values:
    if condition.part == "words":
        return {"word": in_names(condition.values[0])}
    if condition.part == "has-property":
        return {"properties": [property_of(value) for value in condition.values]}
    if condition.part == "has-budget":
        return {}
    return {"values": [NamedNode(value) for value in condition.values]}


def in_names(word: str) -> Literal:
    """The pattern of a word, by its stem, with what may follow it."""
    return Literal(rf"(^|\W){re.escape(word)}\w{{0,{_ENDING}}}(\W|$)")


def amount_of(wanted: Sum) -> Literal:
    return Literal(str(wanted.amount), datatype=NamedNode(XSD + "decimal"))


def property_of(name: str) -> NamedNode:
    return NamedNode((DCTERMS if name == "source" else HS) + name)


def _negated(assembly: Assembly, condition: Condition, reading: Reading) -> None:
    """What must not be; of a place or agency asked for, no programme of it may be so."""
    if condition.part in _OTHER_THAN.get(reading.target, (reading.target,)):
        _other_than(assembly, condition.values)
        return
    of_funders = condition.part == "seat" and reading.target == "funded"
    if of_funders or (condition.part == "place" and reading.target in PLACES):
        assembly.add("targets/elsewhere", values_of(condition))
        return
    each = reading.of_programmes or reading.target in (PROJECT, "Threat", "Intervention", "year")
    if each or reading.form != "list":
        assembly.add(_part(condition, reading), values_of(condition), negated=True)
    else:
        assembly.add_without(
            f"targets/{reading.target}", f"conditions/{condition.part}", values_of(condition)
        )


def _other_than(assembly: Assembly, named: Iterable[str]) -> None:
    for value in named:
        assembly.add("targets/another", {"value": NamedNode(value)})


def _period(assembly: Assembly, reading: Reading) -> None:
    period = reading.period
    dated = reading.rank in ("earliest", "latest") or reading.target == "year"
    kinds = [property_of(name) for name in reading.properties] if dated else []
    if kinds:
        assembly.add("conditions/date-of", {"properties": kinds})
        dated = False
    if period is None:
        if dated:
            assembly.add("conditions/date")
        return
    bounds = _bounds(period)
    if period.kinds == ("published",):
        assembly.add("conditions/published-in", bounds)
        return
    if period.kinds and not period.running:
        for one in (period, *period.also):
            assembly.add("conditions/dated", {**_bounds(one), "properties": _dates(one)})
        if dated:
            assembly.add("conditions/date")
        return
    assembly.add("conditions/date")
    assembly.add("conditions/running" if period.running else "conditions/period", bounds)


def _bounds(period: Period) -> Values:
    return {"from": _day(period.first), "to": _day(period.last)}


def _dates(period: Period) -> list[NamedNode]:
    return [property_of(kind) for kind in period.kinds]


def _day(text: str) -> Literal:
    return Literal(text, datatype=_DATE)


def _target(assembly: Assembly, reading: Reading) -> None:
    if reading.subjects:
        assembly.add("targets/one-of", {"values": [NamedNode(v) for v in reading.subjects]})
    if reading.target != "intervention-type-against":
        assembly.add(f"targets/{_of(reading)}")
    if reading.target == "Place" and not reading.subjects:
        _other_than(assembly, [v for c in reading.of("place") if not c.negated for v in c.values])
    if reading.target in ORGANISATIONS and not reading.subjects:
        taking_part = (c for c in reading.of(*_TAKING_PART) if not c.negated)
        _other_than(assembly, [value for c in taking_part for value in c.values])
    if reading.of_type:
        assembly.add("targets/of-type", {"values": [NamedNode(v) for v in reading.of_type]})


def _of(reading: Reading) -> str:
    """The part for what is asked for; a part of the world that is asked about is itself one."""
    if reading.target == "Place" and reading.subjects:
        return "area"
    if reading.subjects and parts.exists(f"targets/{reading.target}-or-narrower"):
        return f"{reading.target}-or-narrower"
    return "lead" if reading.leads else reading.target
