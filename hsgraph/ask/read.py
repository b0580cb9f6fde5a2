"""From the pieces of a question to what it asks: its form, target, conditions and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from hsgraph.ask import numbers
from hsgraph.ask.chunk import Chunk
from hsgraph.ask.conditions import choose, find
from hsgraph.ask.forms import Question, definite, form_of, is_name, rank_of
from hsgraph.ask.numbers import Number
from hsgraph.ask.reading import PROJECT, Condition, Form, Period, Rank, Reading
from hsgraph.ask.target import class_of, target

_SEVERAL: Final = 10
_TYPES: Final = {"Threat": "threat-type", "Intervention": "intervention-type"}
_DATED: Final = ("started", "ended", "approved", "announced")
_NO_CONDITION: Final = "none"
_SHARED: Final = {"implemented": "share-of", "organisation": "share-of", "led": "share-of"}


def read(chunks: Sequence[Chunk], language: str) -> Reading:
    """What the pieces ask; names that hold nothing of it are left to the caller."""
    wanted = target(chunks)
    found = find(chunks, wanted, definite(chunks))
    money = any(c.cue("money", "how-much", "received", "total", "largest") for c in chunks)
    question = Question(chunks, wanted, found, numbers.numbers(chunks, money), language)
    form = form_of(question)
    return _finish(question, _SHAPES.get(form, _list)(question, form))


def _finish(q: Question, reading: Reading) -> Reading:
    """What all forms share: conditions, period, sums of money, negated properties."""
    kinds = numbers.date_kinds(q.chunks)
    period = numbers.period(q.numbers, q.chunks, kinds if reading.form != "evidence" else ())
    if period is None and q.has("running"):
        today = date.today().isoformat()
        period = Period(first=today, last=today, running=True)
    conditions = (*q.conditions(), *_missing(q)) if reading.conditions == () else reading.conditions
    conditions = tuple(c for c in conditions if c.part != _NO_CONDITION)
    return replace(
        reading,
        conditions=conditions,
        period=reading.period or period,
        sums=reading.sums or numbers.sums(q.numbers),
        lengths=numbers.lengths(q.numbers),
        notes=(*reading.notes, *(("note-length",) if numbers.lengths(q.numbers) else ())),
        language=q.language,
    )


def _missing(q: Question) -> list[Condition]:
    """What programmes must not have: "no end date", "without budget"."""
    out = []
    for at, chunk in enumerate(q.chunks):
        if not chunk.cue("not"):
            continue
        for other in q.chunks[at + 1 : at + 3]:
            if other.cue("money"):
                out.append(Condition("has-budget", (), other.tokens[0].text, negated=True))
                break
            if other.cue(*_DATED):
                kinds = numbers.date_kinds([other])
                out.append(Condition("has-property", kinds, other.tokens[0].text, negated=True))
                break
            if class_of(other) == "Source":
                out.append(
                    Condition("has-property", ("source",), other.tokens[0].text, negated=True)
                )
                break
    return out


def _by_money(q: Question, at: int) -> bool:
    """Whether a rank or threshold is about money: by a word for it, or by "received"."""
    if q.chunks[at].cue("largest", "smallest") and not q.chunks[at].cue("most", "least"):
        counted = any(
            class_of(c) and class_of(c) != q.target.kind for c in q.chunks[at + 1 : at + 3]
        )
        return not counted
    return q.has("money", "received")


def _measure(q: Question, at: int) -> str:
    """What is counted: the kind of things named after a piece, else programmes."""
    for other in range(at + 1, min(len(q.chunks), at + 4)):
        kind = class_of(q.chunks[other])
        if kind is not None and other != q.target.at:
            return kind
        if is_name(q.chunks[other]):
            break
    return PROJECT


def _list(q: Question, form: Form) -> Reading:
    kind = q.target.kind
    reading = Reading("list", kind, q.target.of_type)
    if form == "boolean":
        return replace(reading, form="boolean", target=PROJECT)
    if _asks_tried(q):
        return replace(reading, target="Intervention", of_type=(), by_whom=q.has("by-whom"))
    rank = rank_of(q) or ("earliest" if _ordinal(q) else None)
    counts = [n for n in q.numbers if n.role == "count"]
    if q.has("compare") and len(q.found) and rank is None:
        return _comparison(q, reading)
    if rank is not None:
        return _ranked(q, reading, rank, counts)
    compared = [n for n in counts if n.how]
    if compared:
        return _threshold(q, reading, compared[0])
    if q.has("per"):
        return _per(q, reading)
    if q.has("received") and q.has("money") and reading.target not in (PROJECT, "Budget"):
        return replace(reading, by_money=True, grouped=True)
    return reading


def _asks_tried(q: Question) -> bool:
    threats = q.conditions("threat-type", "addressed")
    if q.target.stated and q.target.kind not in (PROJECT, "Intervention", "Agency"):
        return False
    if q.has("who") or (q.target.stated and q.target.kind != "Intervention" and not q.has("how")):
        return False
    if q.has("tried"):
        return bool(threats) or not q.conditions("place") or bool(q.conditions("population-group"))
    return q.has("how") and q.has("addresses") and bool(threats)


def _comparison(q: Question, reading: Reading) -> Reading:
    """A table of the things that are set side by side."""
    kinds = {"place": "Place", "implemented": "Agency", "organisation": "Organisation"}
    part = q.found[0].condition.part
    if part not in kinds:
        return reading
    values = tuple(dict.fromkeys(v for c in q.conditions(part) for v in c.values))
    return replace(
        reading,
        target=kinds[part],
        subjects=values,
        grouped=True,
        by_money=q.has("money", "received"),
    )


def _ranked(q: Question, reading: Reading, rank: Rank, counts: Sequence[Number]) -> Reading:
    at = q.at(rank)
    nth = _ordinal(q)
    limit = int(counts[0].value) if counts and not counts[0].how else 0
    if not limit:
        several = reading.target == q.target.kind and q.target.stated and q.target.at > at
        several = several and _is_plural(q.chunks[q.target.at])
        limit = _SEVERAL if several and rank in ("most", "least", "largest", "latest") else 1
    subjects = _set_against(q)
    by_money = rank in ("largest", "smallest", "most", "least") and _by_money(q, at)
    kind = reading.target
    if subjects:
        limit = 1
        kind = "Place" if q.conditions("place") else "Agency"
    if rank in ("most", "least") and not by_money:
        kind = _TYPES.get(kind, kind)
    if kind == "intervention-type" and q.conditions("threat-type", "addressed"):
        kind = "intervention-type-against"
    measure = _measure(q, at)
    counts_itself = kind == measure == PROJECT and not subjects
    if counts_itself and rank in ("most", "least", "largest"):
        by_money = True
    made = replace(
        reading, target=kind, rank=rank, limit=max(1, min(limit, 100)), measure=measure,
        by_money=by_money, subjects=subjects,
    )  # fmt: skip
    return replace(made, limit=1, offset=nth - 1) if nth else made


def _ordinal(q: Question) -> int:
    """Which one of an order is asked for, "the second largest"; 0 if none."""
    for chunk in q.chunks:
        for meaning in chunk.meanings:
            if meaning.kind == "cue" and meaning.value.startswith("ordinal-"):
                return int(meaning.value.removeprefix("ordinal-"))
    return 0


def _set_against(q: Question) -> tuple[str, ...]:
    """The things of which one is asked for: "Kenya or Uganda"."""
    for item in q.found:
        condition = item.condition
        listed = condition.part in ("place", "implemented", "organisation")
        two = len(condition.values) == 2 and " / " in condition.label
        if listed and two and q.has("or", "compare"):
            return condition.values
    return ()


def _is_plural(chunk: Chunk) -> bool:
    return chunk.tokens[-1].folded.endswith(("s", "x"))


def _threshold(q: Question, reading: Reading, number: Number) -> Reading:
    least, most = numbers.bounds(number)
    kind = _TYPES.get(reading.target, reading.target)
    measure = _measure(q, number.end)
    if kind == PROJECT and measure == PROJECT:
        kind = "Country"
    if kind == "intervention-type" and q.conditions("threat-type", "addressed"):
        kind = "intervention-type-against"
    return replace(
        reading, target=kind, measure=measure, at_least=max(1, least), at_most=most, counted=True
    )


def _per(q: Question, reading: Reading) -> Reading:
    """A table by what follows "per" or "by"."""
    at = q.at("per")
    if at < 0:
        return reading
    for chunk in q.chunks[at + 1 : at + 4]:
        kind = class_of(chunk)
        if chunk.cue("year"):
            return replace(reading, target="year", grouped=True, by_money=q.has("money"))
        if kind is not None:
            return replace(reading, target=kind, grouped=True, by_money=q.has("money"))
        if is_name(chunk):
            break
    return reading


def _number(q: Question, form: Form) -> Reading:
    return replace(_per(q, Reading("number", q.target.kind, q.target.of_type)), form="number")


def _money(q: Question, form: Form) -> Reading:
    cost = not q.has("received") and not any(f.meaning.kind == "budget-kind" for f in q.found)
    average = q.has("average")
    notes = ("note-money",) if form == "money" else ()
    made = Reading(form, PROJECT, cost=cost, average=average, notes=notes)
    kinds = [kind for c in q.chunks if (kind := c.kind("budget-kind")) is not None]
    shares = [kind for kind in kinds if kind.value.endswith("-share")]
    if shares and q.conditions(*_SHARED):
        given = [replace(c, part=_SHARED.get(c.part, c.part)) for c in q.conditions()]
        share = Condition("budget-kind", shares[0].values, shares[0].label)
        return replace(made, conditions=(*given, share))
    return made


def _dates(q: Question, form: Form) -> Reading:
    kinds = numbers.date_kinds(q.chunks) or ("startDate", "approvedDate", "announcedDate")
    rank = rank_of(q)
    if rank in ("most", "least", "largest"):
        return _ranked(q, Reading("list", "year"), rank, ())
    if rank in ("earliest", "latest"):
        return replace(_ranked(q, Reading("list", PROJECT), rank, ()), form="list")
    return Reading(form, PROJECT, properties=kinds)


def _length(q: Question, form: Form) -> Reading:
    average = q.has("average")
    return Reading("length", PROJECT, average=average, notes=("note-length",) if average else ())


def _evidence(q: Question, form: Form) -> Reading:
    kinds = numbers.date_kinds(q.chunks)
    if not kinds and q.has("when"):
        kinds = ("startDate",)
    return Reading("evidence", PROJECT, properties=kinds, cost=q.has("money"))


def _definition(q: Question, form: Form) -> Reading:
    named = [at for at, chunk in enumerate(q.chunks) if is_name(chunk)]
    if q.has("compare"):
        subjects = tuple(value for c in q.conditions() for value in c.values)
    elif named:
        chunk = q.chunks[named[0]]
        meaning = choose(q.chunks, named[0]) or chunk.meaning
        assert meaning is not None
        subjects = meaning.values
    else:
        kind = next(c.kind("class") for c in q.chunks if class_of(c))
        assert kind is not None
        subjects = kind.values
    nothing = (Condition(_NO_CONDITION, (), ""),)
    return Reading("definition", PROJECT, subjects=subjects, conditions=nothing)


def _about(q: Question, form: Form) -> Reading:
    conditions = q.conditions()
    if not definite(q.chunks) and not q.conditions("project") and len(conditions) == 1:
        named = [f for f in q.found if f.condition.part not in ("place",)]
        if named:
            nothing = (Condition(_NO_CONDITION, (), ""),)
            return Reading(
                "definition", PROJECT, subjects=named[0].condition.values, conditions=nothing
            )
    return Reading("about", PROJECT)


def _links(q: Question, form: Form) -> Reading:
    """Causes or effects: links between threats name neither groups nor interventions."""
    kept = [c for c in q.conditions() if c.part in ("place", "project", "threat-type", "addressed")]
    dropped = len(kept) < len(q.conditions())
    kept = [replace(c, part="threat-type") if c.part == "addressed" else c for c in kept]
    notes = ("note-group",) if dropped else ()
    nothing = (Condition(_NO_CONDITION, (), ""),)
    return Reading(form, "Threat", conditions=tuple(kept) or nothing, notes=notes)


def _people(q: Question, form: Form) -> Reading:
    return Reading("people", PROJECT)


_SHAPES: Final[Mapping[str, Callable[[Question, Form], Reading]]] = {
    "number": _number,
    "money": _money,
    "amount": _money,
    "date": _dates,
    "length": _length,
    "evidence": _evidence,
    "definition": _definition,
    "about": _about,
    "causes": _links,
    "effects": _links,
    "people": _people,
}
