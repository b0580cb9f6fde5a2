"""From the pieces of a question to what it asks: its form, target, conditions and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from hsgraph.ask.conditions import choose, find
from hsgraph.ask.excluded import settled
from hsgraph.ask.names.grammar import Grammar
from hsgraph.ask.names.name import Meaning
from hsgraph.ask.pieces import bounds, numbers
from hsgraph.ask.pieces.chunk import Chunk, has
from hsgraph.ask.pieces.origin import without_origins
from hsgraph.ask.question import Question, definite, is_of_others, without_relative
from hsgraph.ask.reading import (
    NOTHING,
    PROJECT,
    REACHED,
    WIDER_KIND,
    Condition,
    Form,
    Period,
    Reading,
)
from hsgraph.ask.shapes import ranks
from hsgraph.ask.shapes.deeds import reported, rests_on
from hsgraph.ask.shapes.forms import form_of, per_kind, rank_of, tabulates
from hsgraph.ask.shapes.links import links
from hsgraph.ask.shapes.whether import affirmed, decided, denied
from hsgraph.ask.target import as_places, class_of, target, within
from hsgraph.namespaces import VOCAB

_DATED: Final = ("started", "ended", "approved", "announced")
_PUBLISHED: Final = "published"
"""The date of a source, not of its programme."""
DIRECTION: Final = "direction"
"""The code of words for a part of a country, which make no condition."""
_AGENCY_SHARE: Final = Meaning("budget-kind", VOCAB + "budget-kind/agency-share", "share")
_NO_SUMS: Final = (PROJECT, "Budget", "funded")
"""What has no sums beside it where money was got: what others than the Fund gave is not known."""
_SHARED: Final = {"implemented": "share-of", "organisation": "share-of", "led": "share-of"}


def read(chunks: Sequence[Chunk], grammar: Grammar, form: Form | None = None) -> Reading:
    """What the pieces ask, in a form that may be known; names that hold nothing of it are left to
    the caller."""
    given = chunks
    chunks = without_origins(without_relative(as_places(chunks)), grammar)
    wanted = within(target(chunks), chunks)
    chunks = settled(chunks, wanted)
    found = find(chunks, wanted, definite(chunks))
    money = has(chunks, "money", "how-much", "received", "total", "largest")
    question = Question(chunks, wanted, found, numbers.numbers(chunks, money), grammar)
    form = form or form_of(question)
    reading = _finish(question, _SHAPES.get(form, _list)(question, form))
    if reading.form == "boolean":
        plain = affirmed(given)
        if plain != list(given):
            return denied(read(plain, grammar, form), given)
        reading = decided(question, reading)
    return replace(reading, notes=(*reading.notes, *_passed_over(given, grammar)))


def _passed_over(chunks: Sequence[Chunk], grammar: Grammar) -> tuple[str, ...]:
    """The notes on what was understood and is no condition, or a wider one."""
    told = without_origins(chunks, grammar) == list(chunks)
    part = any(meaning.value == DIRECTION for chunk in chunks for meaning in chunk.meanings)
    less = any(chunk.meaning.narrower for chunk in chunks if chunk.meaning is not None)
    notes = {"note-origin": not told, "note-direction": part, WIDER_KIND: less}
    return tuple(note for note, holds in notes.items() if holds)


def _finish(q: Question, reading: Reading) -> Reading:
    """What all forms share: conditions, period, sums of money, negated properties."""
    kinds = numbers.date_kinds(q.chunks) if reading.form != "evidence" else ()
    kinds = (_PUBLISHED,) if _dates_sources(q) else kinds
    period = bounds.period(q.numbers, q.chunks, kinds)
    by_year = reading.target == "year"
    today = date.today().isoformat()
    if period is None and q.has("running"):
        period = Period(first=today, last=today, running=True)
    elif period is None and _are_over(q, reading):
        period = Period(last=today, kinds=("endDate",))
    conditions = (*q.conditions(), *_missing(q)) if reading.conditions == () else reading.conditions
    conditions = _once(c for c in conditions if c not in NOTHING)
    return replace(
        reading,
        conditions=conditions,
        of_programmes=_of_programmes(q),
        period=reading.period or period,
        properties=reading.properties or (numbers.date_kinds(q.chunks) if by_year else ()),
        sums=reading.sums or bounds.sums(q.numbers),
        lengths=bounds.lengths(q.numbers),
        notes=(
            *reading.notes,
            *(("note-length",) if bounds.lengths(q.numbers) else ()),
            *(("note-undated",) if q.has("happened") else ()),
        ),
        language=q.grammar.language,
    )


def _are_over(q: Question, reading: Reading) -> bool:
    """Whether programmes that have ended are asked for, or what is theirs: "completed projects in
    Asia", "agencies of completed projects"."""
    forms = ("list", "number", "boolean")
    at = q.at("ended")
    listed = reading.form in forms and reading.target == PROJECT and not reading.rank
    said = any(class_of(chunk) == PROJECT for chunk in q.chunks[max(0, at - 2) : at + 2])
    theirs = reading.form in (*forms, "money") and said and not definite(q.chunks)
    to_end = has(q.chunks[max(0, at - 1) : at], "to")
    free = not q.has("when", "not", "started") and not q.numbers
    return (listed or theirs) and at >= 0 and not (to_end or is_of_others(q.chunks, at)) and free


def _once(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those said before: each costs a pattern in every query."""
    kept: dict[Condition, Condition] = {}
    for condition in conditions:
        kept.setdefault(replace(condition, label="", start=-1, end=-1), condition)
    return tuple(kept.values())


def _dates_sources(q: Question) -> bool:
    """Whether years are those of sources: "documents from 2015", "reports published since 2010"."""
    of_programmes = any(class_of(c) == PROJECT for c in q.chunks) or q.found
    return q.target.kind == "Source" and (q.has(_PUBLISHED) or not of_programmes)


def _of_programmes(q: Question) -> bool:
    """Whether "not" is said of programmes: "agencies with programmes outside Africa"."""
    return any(class_of(chunk) == PROJECT for chunk in q.chunks[: max(q.at("not"), 0)])


def _missing(q: Question) -> list[Condition]:
    """What programmes must not have: "no end date", "without budget"."""
    out = []
    for at, chunk in enumerate(q.chunks):
        for other in q.chunks[at + 1 : at + 3] if chunk.cue("not") else ():
            if (lacked := _lacked(other)) is not None:
                out.append(Condition(*lacked, other.tokens[0].text, negated=True))
                break
    return out


def _lacked(chunk: Chunk) -> tuple[str, tuple[str, ...]] | None:
    """The part and the values for what programmes may be without, where a piece names it."""
    if chunk.cue("money"):
        return "has-budget", ()
    if chunk.cue(*_DATED):
        return "has-property", numbers.date_kinds([chunk])
    return ("has-property", ("source",)) if class_of(chunk) == "Source" else None


def _list(q: Question, form: Form) -> Reading:
    kind = q.target.kind
    reading = Reading("list", kind, q.target.of_type)
    if (told := reported(q)) is not None:
        return told
    if form == "boolean":
        if kind == "Outcome" and not q.conditions("outcome-kind"):
            return replace(reading, notes=("note-reported",))
        return replace(reading, form="boolean", target=PROJECT, rests_on=rests_on(q))
    counts = [n for n in q.numbers if n.role == "count"]
    if _asks_tried(q):
        tried = replace(reading, target="Intervention", of_type=(), by_whom=q.has("by-whom"))
        often = rank_of(q)
        return ranks.ranked(q, tried, often, counts) if often in ("most", "least") else tried
    if (two := ranks.paired(q, reading, counts)) is not None:
        return two
    rank = rank_of(q) or ("earliest" if ranks.ordinal(q) else None)
    if q.has("compare") and len(q.found) and rank is None:
        return ranks.comparison(q, reading)
    if (more := ranks.more_in_one(q, reading, rank)) is not None:
        return more
    if rank is not None:
        return ranks.ranked(q, reading, rank, counts)
    compared = [n for n in counts if n.how]
    if compared:
        return ranks.threshold(q, reading, compared[0])
    if per_kind(q) is not None:
        return ranks.per(q, reading)
    if tabulates(q):
        return replace(reading, grouped=True, measure=ranks.counted_after(q, q.at("number")))
    if q.has("received") and q.has("money") and reading.target not in _NO_SUMS:
        return replace(reading, by_money=True, grouped=True)
    few = [int(n.value) for n in counts if n.value > 1 and n.end + 1 == q.target.at]
    return replace(reading, at_first=few[0], notes=("note-first",)) if few else reading


def _asks_tried(q: Question) -> bool:
    threats = q.conditions("threat-type", "addressed")
    if q.target.stated and q.target.kind not in (PROJECT, "Intervention", "Agency"):
        return False
    if q.has("who") or (q.target.stated and q.target.kind != "Intervention" and not q.has("how")):
        return False
    if q.has("tried"):
        return bool(threats) or not q.conditions("place") or bool(q.conditions("population-group"))
    return q.has("how") and q.has("addresses") and bool(threats)


def _number(q: Question, form: Form) -> Reading:
    reading = Reading("number", q.target.kind, q.target.of_type)
    compared = [n for n in q.numbers if n.role == "count" and n.how]
    if compared and (counted := ranks.threshold(q, reading, compared[0])).target == reading.target:
        return counted
    return replace(ranks.per(q, reading), form="number")


def _money(q: Question, form: Form) -> Reading:
    cost = not q.has("received") and not any(f.meaning.kind == "budget-kind" for f in q.found)
    average = q.has("average")
    notes = ("note-money",) if form == "money" else ()
    made = Reading(form, PROJECT, cost=cost, average=average, notes=notes)
    kinds = [kind for c in q.chunks if (kind := c.kind("budget-kind")) is not None]
    shares = [kind for kind in kinds if kind.value.endswith("-share")]
    shares += [_AGENCY_SHARE] if q.has("share") else []
    if shares and q.conditions(*_SHARED):
        given = [replace(c, part=_SHARED.get(c.part, c.part)) for c in q.conditions()]
        share = Condition("budget-kind", shares[0].values, shares[0].label)
        return replace(made, conditions=(*given, share))
    return made


def _dates(q: Question, form: Form) -> Reading:
    kinds = numbers.date_kinds(q.chunks) or ("startDate", "approvedDate", "announcedDate")
    rank = rank_of(q) or ("most" if q.has("majority") else None)
    if rank in ("most", "least", "largest"):
        return ranks.ranked(q, Reading("list", "year"), rank, ())
    if rank in ("earliest", "latest"):
        return replace(ranks.ranked(q, Reading("list", PROJECT), rank, ()), form="list")
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
    named = [at for at, chunk in enumerate(q.chunks) if chunk.is_name]
    if q.has("compare"):
        subjects = tuple(value for c in q.conditions() for value in c.values)
    elif named:
        whole = [at for at in named if q.chunks[at].worth > 0]
        meanings = [choose(q.chunks, at) or q.chunks[at].meaning for at in whole or named]
        subjects = tuple(dict.fromkeys(v for m in meanings if m is not None for v in m.values))
    else:
        kind = next(c.kind("class") for c in q.chunks if class_of(c))
        assert kind is not None
        subjects = kind.values
    return Reading("definition", subjects=subjects, conditions=NOTHING)


def _about(q: Question, form: Form) -> Reading:
    conditions = q.conditions()
    if not definite(q.chunks) and not q.conditions("project") and len(conditions) == 1:
        named = [f for f in q.found if f.condition.part not in ("place",)]
        if named:
            subjects = named[0].condition.values
            return Reading("definition", subjects=subjects, conditions=NOTHING)
    return Reading("about", PROJECT)


def _people(q: Question, form: Form) -> Reading:
    return Reading("people", PROJECT, untold=REACHED)


_SHAPES: Final[Mapping[str, Callable[[Question, Form], Reading]]] = {
    "number": _number,
    "money": _money,
    "amount": _money,
    "date": _dates,
    "length": _length,
    "evidence": _evidence,
    "definition": _definition,
    "about": _about,
    "causes": links,
    "effects": links,
    "people": _people,
    "share": ranks.share,
}
