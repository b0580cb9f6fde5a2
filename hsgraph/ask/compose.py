"""From what a question asks to the one query that answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.ask import parts
from hsgraph.ask.parts import Assembly, Values
from hsgraph.ask.reading import PROJECT, Condition, Reading, Sum
from hsgraph.namespaces import DCTERMS, HS, VOCAB, XSD

_KIND: Final = VOCAB + "budget-kind/"
_ON: Final = {
    "Threat": "on-threat", "Intervention": "on-intervention", "Outcome": "on-outcome",
    "Country": "on-place", "Region": "on-place", "Municipality": "on-place", "Place": "on-place",
}  # fmt: skip
_OF_ONE: Final = ("Threat", "Intervention")
"""What is part of one programme, which is told beside it."""
_ENDING: Final = 3
_BODIES: Final = ("Organisation", "Agency", "Partner")
_TAKING_PART: Final = ("organisation", "implemented", "led", "partnered")
_DATE: Final = NamedNode(XSD + "date")
_SUMS: Final = {
    "more": "amount-more",
    "less": "amount-less",
    "at-least": "amount-at-least",
    "at-most": "amount-at-most",
    "exactly": "amount-exactly",
}


def compose(reading: Reading) -> str:
    """The query: a head, and the parts that its conditions are."""
    assembly = Assembly()
    _conditions(assembly, reading)
    return _HEADS[reading.form](assembly, reading)


def matching(reading: Reading) -> str:
    """The query for the programmes that fit the conditions."""
    assembly = Assembly()
    _conditions(assembly, reading)
    return assembly.query("which")


def _conditions(assembly: Assembly, reading: Reading) -> None:
    plain = [c for c in reading.conditions if not c.negated]
    for condition in plain:
        if reading.form in ("causes", "effects") and condition.part == "threat-type":
            continue
        if reading.target == "intervention-type-against" and condition.part in (
            "threat-type", "addressed",
        ):  # fmt: skip
            assembly.add("targets/intervention-type-against", _values(condition))
            continue
        either = (condition, *condition.others)
        assembly.add_any([(_part(c, reading), _values(c)) for c in either])
    _period(assembly, reading)
    if reading.sums and reading.form != "evidence":
        assembly.add("conditions/contribution")
        for wanted in reading.sums:
            assembly.add(f"conditions/{_SUMS[wanted.how]}", {"amount": _amount_of(wanted)})
    for length in reading.lengths:
        bounds = {"least": Literal(length.least), "most": Literal(length.most)}
        assembly.add("conditions/lasting", bounds)
    if reading.form in ("list", "number"):
        _target(assembly, reading)
    for condition in reading.conditions:
        if condition.negated:
            _negated(assembly, condition, reading)


def _part(condition: Condition, reading: Reading) -> str:
    """The part for a condition: that of the things asked for where there is one."""
    on = _ON.get(reading.target) if reading.form in ("list", "number") else None
    if on and not reading.subjects and parts.exists(f"{on}/{condition.part}"):
        return f"{on}/{condition.part}"
    return f"conditions/{condition.part}"


def _values(condition: Condition) -> Values:
    if condition.part == "words":
        return {"word": in_names(condition.values[0])}
    if condition.part == "has-property":
        return {"properties": [_property(value) for value in condition.values]}
    if condition.part == "has-budget":
        return {}
    return {"values": [NamedNode(value) for value in condition.values]}


def in_names(word: str) -> Literal:
    """The pattern of a word, by its stem, with what may follow it."""
    return Literal(rf"(^|\W){re.escape(word)}\w{{0,{_ENDING}}}(\W|$)")


def _amount_of(wanted: Sum) -> Literal:
    return Literal(str(wanted.amount), datatype=NamedNode(XSD + "decimal"))


def _property(name: str) -> NamedNode:
    return NamedNode((DCTERMS if name == "source" else HS) + name)


def _negated(assembly: Assembly, condition: Condition, reading: Reading) -> None:
    """What must not be; of a place or agency asked for, no programme of it may be so."""
    if reading.target in _BODIES and condition.part in _TAKING_PART:
        assembly.add("targets/another", _values(condition))
        return
    each = reading.of_programmes or reading.target in (PROJECT, "Threat", "Intervention", "year")
    if each or reading.form != "list":
        assembly.add(_part(condition, reading), _values(condition), negated=True)
    else:
        assembly.add_without(
            f"targets/{reading.target}", f"conditions/{condition.part}", _values(condition)
        )


def _period(assembly: Assembly, reading: Reading) -> None:
    period = reading.period
    dated = reading.rank in ("earliest", "latest") or reading.target == "year"
    if period is None:
        if dated:
            assembly.add("conditions/date")
        return
    bounds: Values = {"from": _day(period.first), "to": _day(period.last)}
    if period.kinds == ("published",):
        assembly.add("conditions/published-in", bounds)
        return
    if period.kinds and not period.running:
        assembly.add(
            "conditions/dated", {**bounds, "properties": [_property(k) for k in period.kinds]}
        )
        if dated:
            assembly.add("conditions/date")
        return
    assembly.add("conditions/date")
    assembly.add("conditions/running" if period.running else "conditions/period", bounds)


def _day(text: str) -> Literal:
    return Literal(text, datatype=_DATE)


def _target(assembly: Assembly, reading: Reading) -> None:
    if reading.subjects:
        assembly.add("targets/one-of", {"values": [NamedNode(v) for v in reading.subjects]})
    if reading.target != "intervention-type-against":
        assembly.add("targets/lead" if reading.leads else f"targets/{reading.target}")
    if reading.target in _BODIES:
        own = [NamedNode(v) for c in reading.of(*_TAKING_PART) if not c.negated for v in c.values]
        if own and not reading.subjects:
            assembly.add("targets/another", {"values": own})
    if reading.of_type:
        assembly.add("targets/of-type", {"values": [NamedNode(v) for v in reading.of_type]})


def _list(assembly: Assembly, reading: Reading) -> str:
    language = _language(reading)
    if reading.by_money:
        assembly.add("conditions/contribution")
        head = {"most": "most", "largest": "most", "least": "least", "smallest": "least"}.get(
            reading.rank or "", "grouped"
        )
        named = reading.target != "year"
        return assembly.query(f"money-{head}", language, limit=_limit(reading), named=named)
    if reading.rank in ("earliest", "latest", "longest", "shortest"):
        return assembly.query(reading.rank, language, limit=_limit(reading))
    if reading.rank or reading.counted or reading.grouped:
        assembly.add(f"targets/{reading.measure}", counted=True)
        if reading.measure == "Municipality" and reading.target == "Country":
            assembly.add("targets/counted-within")
        if reading.counted:
            return assembly.query("threshold", {**language, **_bounds(reading)})
        if reading.rank:
            head = "least" if reading.rank in ("least", "smallest") else "most"
            named = reading.target != "year"
            return assembly.query(head, language, limit=_limit(reading), named=named)
        return assembly.query("grouped", language, named=reading.target != "year")
    if reading.beside_programme:
        return assembly.query("list-by-programme", language)
    plain = "list-of-parts" if reading.target in _OF_ONE else "list"
    return assembly.query("list-by-whom" if reading.by_whom else plain, language)


def _bounds(reading: Reading) -> Values:
    return {"least": Literal(reading.at_least), "most": Literal(reading.at_most)}


def _limit(reading: Reading) -> tuple[int, int]:
    """How many rows there are, and after how many they begin."""
    return reading.limit, reading.offset


def _number(assembly: Assembly, reading: Reading) -> str:
    if reading.grouped:
        return _list(assembly, reading)
    if reading.counted:
        assembly.add(f"targets/{reading.measure}", counted=True)
        return assembly.query("count-threshold", _bounds(reading))
    return assembly.query("count")


def _boolean(assembly: Assembly, reading: Reading) -> str:
    return assembly.query("exists")


def _money(assembly: Assembly, reading: Reading) -> str:
    shared = reading.of("share-of")
    assembly.add("conditions/a-budget" if shared else "conditions/contribution")
    return assembly.query("money-average" if reading.average else "money")


def _amount(assembly: Assembly, reading: Reading) -> str:
    if not reading.cost and not reading.of("budget-kind"):
        kinds = [NamedNode(_KIND + "fund-contribution")]
        assembly.add("conditions/budget-kind", {"values": kinds})
    return assembly.query("amounts", _language(reading))


def _dates(assembly: Assembly, reading: Reading) -> str:
    return assembly.query("dates", {"properties": [_property(k) for k in reading.properties]})


def _length(assembly: Assembly, reading: Reading) -> str:
    if reading.average:
        assembly.add("conditions/months")
        return assembly.query("length-average")
    return assembly.query("length")


def _definition(assembly: Assembly, reading: Reading) -> str:
    values: Sequence[NamedNode] = [NamedNode(value) for value in reading.subjects]
    return assembly.query("define", {"values": values, **_language(reading)})


def _about(assembly: Assembly, reading: Reading) -> str:
    return assembly.query("about", _language(reading))


def _evidence(assembly: Assembly, reading: Reading) -> str:
    if reading.sums:
        assembly.add("conditions/a-budget")
        for wanted in reading.sums:
            assembly.add(f"conditions/{_SUMS[wanted.how]}", {"amount": _amount_of(wanted)})
        return assembly.query("evidence-budget")
    if reading.cost:
        assembly.add("conditions/a-budget")
        return assembly.query("evidence-budget")
    if reading.properties:
        properties = [_property(name) for name in reading.properties]
        return assembly.query("evidence-claim", {"properties": properties})
    assembly.add("targets/Source")
    return assembly.query("list", _language(reading))


def _people(assembly: Assembly, reading: Reading) -> str:
    return assembly.query("people")


def _links(assembly: Assembly, reading: Reading) -> str:
    about = reading.of("threat-type")
    if about:
        for condition in about:
            assembly.add(f"targets/{reading.form}", _values(condition))
    else:
        assembly.add("targets/any-causes")
    return assembly.query("list", _language(reading))


def _language(reading: Reading) -> Values:
    return {"language": Literal(reading.language)}


_HEADS: Final = {
    "list": _list,
    "number": _number,
    "boolean": _boolean,
    "money": _money,
    "amount": _amount,
    "date": _dates,
    "length": _length,
    "definition": _definition,
    "about": _about,
    "evidence": _evidence,
    "causes": _links,
    "effects": _links,
    "people": _people,
}
