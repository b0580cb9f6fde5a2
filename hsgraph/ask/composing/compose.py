"""From what a question asks to the one query that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.ask.composing.restrict import BOUNDS, amount_of, property_of, restrict, values_of
from hsgraph.ask.parts import Assembly, Values
from hsgraph.ask.reading import Reading
from hsgraph.ask.shapes.ranks import SUMS
from hsgraph.namespaces import VOCAB

_KIND: Final = VOCAB + "budget-kind/"
_FALLING: Final = ("most", "largest", "latest", "longest")
"""Ends of an order that begins with the greatest."""
_IN_TIME: Final = {
    **dict.fromkeys(("earliest", "latest"), "dated"),
    **dict.fromkeys(("longest", "shortest"), "lasting"),
}
_FEW: Final = 5
"""How many programmes are told that a yes rests on."""
_OF_ONE: Final = ("Intervention", "Objective", "Outcome", "Situation", "Threat")
"""What is part of one programme, which is told beside it."""


def compose(reading: Reading) -> str:
    """The query: a head, and the parts that its conditions are."""
    assembly = Assembly()
    restrict(assembly, reading)
    if (head := _PLAIN.get(reading.form)) is not None:
        return assembly.query(head, _language(reading))
    return _HEADS[reading.form](assembly, reading)


def matching(reading: Reading) -> str:
    """The query for the programmes that fit the conditions."""
    assembly = Assembly()
    restrict(assembly, reading)
    return assembly.query("which")


def _list(assembly: Assembly, reading: Reading) -> str:
    language, named = _language(reading), reading.target != "year"
    if reading.beside:
        if reading.by_money:
            assembly.add("conditions/contribution")
        head = "money-more" if reading.by_money else "list-more"
        return assembly.query(head, language, beside=_beside(reading))
    if reading.paired:
        assembly.add(f"targets/{reading.target}", counted=True)
        return assembly.query("pairs", language, limit=_limit(reading))
    falling = reading.rank in _FALLING
    if reading.by_money:
        if reading.target != SUMS:
            assembly.add("conditions/contribution")
        head = "money-ranked" if reading.rank else "money-grouped"
        if reading.rank and reading.subjects:
            return assembly.query("foremost-in-money", language, falling=falling, beside=assembly)
        return assembly.query(head, language, limit=_limit(reading), falling=falling, named=named)
    if head := _IN_TIME.get(reading.rank or "", ""):
        return assembly.query(head, language, limit=_limit(reading), falling=falling)
    if reading.rank or reading.counted or reading.grouped:
        assembly.add(f"targets/{reading.measure}", counted=True)
        if reading.measure == "Municipality" and reading.target == "Country":
            assembly.add("targets/counted-within")
        if reading.counted:
            return assembly.query("threshold", {**language, **_bounds(reading)})
        if reading.rank and reading.subjects:
            return assembly.query("foremost", language, falling=falling, beside=assembly)
        head = "ranked" if reading.rank else "grouped"
        return assembly.query(head, language, limit=_limit(reading), falling=falling, named=named)
    if reading.beside_programme:
        return assembly.query("list-by-programme", language)
    plain = "list-of-parts" if reading.target in _OF_ONE else "list"
    plain = "list-by-whom" if reading.by_whom else plain
    return assembly.query(plain, language, limit=(reading.at_first, 0))


def _beside(reading: Reading) -> Assembly:
    """The parts for what is set beside what is asked for."""
    assembly = Assembly()
    without = replace(reading, conditions=reading.beside, beside=())
    if reading.form == "share":
        without = replace(without, period=None, sums=(), lengths=())
    restrict(assembly, without)
    if reading.by_money:
        assembly.add("conditions/contribution")
    return assembly


def _share(assembly: Assembly, reading: Reading) -> str:
    if reading.by_money:
        assembly.add("conditions/contribution")
    head = "share-of-money" if reading.by_money else "share"
    return assembly.query(head, beside=_beside(reading))


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
    properties = [property_of(name) for name in reading.properties]
    return assembly.query("dates", {"properties": properties, **_language(reading)})


def _whether(assembly: Assembly, reading: Reading) -> str:
    if reading.quantity:
        head, values = f"whether-{reading.quantity}", _language(reading)
        return assembly.query(head, values, limit=(_FEW, 0), beside=_beside(reading))
    values = {**_language(reading), **_bounds(reading)}
    return assembly.query("whether", values, limit=(_FEW, 0), beside=assembly)


def _length(assembly: Assembly, reading: Reading) -> str:
    if reading.average:
        assembly.add("conditions/months")
        return assembly.query("length-average")
    return assembly.query("length", _language(reading))


def _definition(assembly: Assembly, reading: Reading) -> str:
    values: Sequence[NamedNode] = [NamedNode(value) for value in reading.subjects]
    return assembly.query("define", {"values": values, **_language(reading)})


def _evidence(assembly: Assembly, reading: Reading) -> str:
    if reading.cost or reading.sums:
        assembly.add("conditions/a-budget")
        for wanted in reading.sums:
            assembly.add(f"conditions/{BOUNDS[wanted.how]}", {"amount": amount_of(wanted)})
        return assembly.query("evidence-budget", _language(reading))
    if reading.properties:
        properties = [property_of(name) for name in reading.properties]
        return assembly.query("evidence-claim", {"properties": properties, **_language(reading)})
    assembly.add("targets/Source")
    return assembly.query("list", _language(reading))


def _links(assembly: Assembly, reading: Reading) -> str:
    about = reading.of("threat-type")
    if about:
        for condition in about:
            assembly.add(f"targets/{reading.form}", values_of(condition))
    else:
        assembly.add("targets/any-causes")
    return assembly.query("list", _language(reading))


def _language(reading: Reading) -> Values:
    return {"language": Literal(reading.language)}


_PLAIN: Final = {"about": "about", "people": "people"}
"""The heads of forms that need nothing else."""
_HEADS: Final = {
    "list": _list,
    "number": _number,
    "money": _money,
    "amount": _amount,
    "date": _dates,
    "length": _length,
    "boolean": _whether,
    "definition": _definition,
    "evidence": _evidence,
    "causes": _links,
    "effects": _links,
    "share": _share,
}
