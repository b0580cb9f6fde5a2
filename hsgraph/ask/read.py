"""From the pieces of a question to what it asks: its form, target, conditions and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from hsgraph.ask import numbers
from hsgraph.ask.chunk import Chunk
from hsgraph.ask.conditions import Found, choose, find
from hsgraph.ask.numbers import Number
from hsgraph.ask.reading import PROJECT, Condition, Form, Period, Rank, Reading
from hsgraph.ask.target import Target, class_of, target

_RANKS: Final[tuple[Rank, ...]] = (
    "largest", "smallest", "earliest", "latest", "longest", "shortest", "most", "least",
)  # fmt: skip
_SEVERAL: Final = 10
_TYPES: Final = {"Threat": "threat-type", "Intervention": "intervention-type"}
_DATED: Final = ("started", "ended", "approved", "announced")
_NO_CONDITION: Final = "none"


@dataclass(frozen=True)
class _Question:
    """The pieces of a question with what has been found in them so far."""

    chunks: Sequence[Chunk]
    target: Target
    found: Sequence[Found]
    numbers: Sequence[Number]
    language: str

    def has(self, *codes: str) -> bool:
        return any(chunk.cue(*codes) for chunk in self.chunks)

    def at(self, *codes: str) -> int:
        return next((at for at, c in enumerate(self.chunks) if c.cue(*codes)), -1)

    def conditions(self, *parts: str) -> list[Condition]:
        return [f.condition for f in self.found if not parts or f.condition.part in parts]


def read(chunks: Sequence[Chunk], language: str) -> Reading:
    """What the pieces ask; names that hold nothing of it are left to the caller."""
    wanted = target(chunks)
    found = find(chunks, wanted, definite(chunks))
    money = any(c.cue("money", "how-much", "received", "total", "largest") for c in chunks)
    question = _Question(chunks, wanted, found, numbers.numbers(chunks, money), language)
    form = _form(question)
    return _finish(question, _SHAPES.get(form, _list)(question, form))


def definite(chunks: Sequence[Chunk]) -> bool:
    """Whether the question is about one programme: "the programme in Soacha"."""
    for at, chunk in enumerate(chunks):
        if class_of(chunk) == PROJECT and not chunk.tokens[-1].folded.endswith("s"):
            before = chunks[max(0, at - 3) : at]
            return not any(
                c.cue("which", "per", "number", *_RANKS) or c.tokens[0].folded in ("a", "an") for c in before
            )
    return False


def _form(q: _Question) -> Form:
    first = next((c for c in q.chunks if not _is_filler(c) or c.cue("yes-no")), None)
    if _asks_evidence(q):
        return "evidence"
    if q.has("when") and not q.has("number"):
        return "date"
    if q.has("how-long"):
        return "length"
    causal = _causal(q)
    if causal is not None:
        return causal
    if _asks_about(q):
        return "about"
    if _asks_definition(q) or _asks_difference(q):
        return "definition"
    if _asks_money(q):
        one = q.conditions("project") or definite(q.chunks)
        return "amount" if one and not q.has("total") else "money"
    if q.has("number"):
        return "people" if _asks_people(q) else "number"
    if first is not None and first.cue("yes-no") and not _asked(q):
        return "boolean"
    if q.has("yes-no") and not _asked(q) and not q.has("list") and q.language != "en":
        return "boolean"
    return "list"


def _asked(q: _Question) -> bool:
    return q.has("which", "who", "where", "how", "why", "number", "how-much", "definition") or (
        q.has("when")
    )


def _asks_evidence(q: _Question) -> bool:
    if q.has("evidence"):
        return not (q.target.kind not in ("Source", PROJECT) and q.target.stated and q.has("which"))
    return q.target.kind == "Source"


def _asks_money(q: _Question) -> bool:
    if _rank(q) is not None or q.has("per") or any(n.role == "money" for n in q.numbers):
        return False
    if any(n.role == "count" and n.how for n in q.numbers):
        return False
    if q.has("not") and q.has("money") and not q.has("how-much", "total"):
        return False
    if q.has("how-much"):
        return q.has("money", "received", "total") or not q.has("number") or q.target.kind == "Budget"
    if q.has("yes-no") and not _asked(q) and not q.has("money"):
        return False
    stated = q.target.stated and q.target.kind not in (PROJECT, "Budget")
    if q.has("which", "who", "where") and stated:
        return False
    return q.has("money") or (q.has("total") and not q.has("number"))


def _asks_people(q: _Question) -> bool:
    """Whether the people whom programmes reached are to be counted."""
    if q.target.kind == "BeneficiaryTarget":
        return True
    reached = q.has("benefits") and not q.target.stated
    return reached


def _asks_about(q: _Question) -> bool:
    told = q.has("about")
    defined = q.has("definition") and (q.conditions("project") or definite(q.chunks))
    if defined and not q.has("money", "started", "ended", "total"):
        return True
    return told and bool(q.found) and not q.has("number", "how-much")


def _asks_definition(q: _Question) -> bool:
    if not q.has("definition") or q.has("money", "total", "tried", "most", "number"):
        return False
    names = [c for c in q.chunks if _names(c)]
    kinds = [c for c in q.chunks if class_of(c)]
    if len(names) == 1 and not kinds:
        return True
    if len(kinds) == 1 and not names:
        return class_of(kinds[0]) in ("dimension", "strategy", "principle", "Threat", "Intervention")
    hints = ("dimension", "strategy", "principle", "keyword")
    return len(names) == 1 and all(class_of(c) in hints for c in kinds)


def _asks_difference(q: _Question) -> bool:
    """Whether ideas are to be told apart: "the difference between protection and empowerment"."""
    ideas = q.conditions("strategy", "dimension", "principle", "threat-type", "intervention-type")
    return q.has("compare") and len(ideas) > 1 and len(ideas) == len(q.conditions())


def _names(chunk: Chunk) -> bool:
    meaning = chunk.meaning
    return meaning is not None and meaning.kind not in ("cue", "class", "filler", "number", "not-held")


def _causal(q: _Question) -> Form | None:
    """Whether causes or effects of a threat are asked for; by its place beside the word for it."""
    threats = [f.chunk for f in q.found if f.condition.part in ("threat-type", "addressed")]
    if q.has("causes-of"):
        return "causes"
    if q.has("effects-of") and threats:
        return "effects"
    if q.has("why") and threats:
        return "causes"
    verb = q.at("causes", "driven")
    if verb < 0 or (not threats and q.target.kind != "Threat"):
        return None
    if q.chunks[verb].cue("evidence", "tried"):
        return None
    after = any(at > verb for at in threats)
    if q.chunks[verb].cue("driven"):
        return "effects" if after else "causes"
    return "causes" if after else "effects"


def _is_filler(chunk: Chunk) -> bool:
    return bool(chunk.meanings) and any(m.kind == "filler" for m in chunk.meanings)


def _finish(q: _Question, reading: Reading) -> Reading:
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
        language=q.language,
    )


def _missing(q: _Question) -> list[Condition]:
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
                out.append(Condition("has-property", ("source",), other.tokens[0].text, negated=True))
                break
    return out


def _rank(q: _Question) -> Rank | None:
    for rank in _RANKS:
        for at, chunk in enumerate(q.chunks):
            if chunk.cue(rank) and chunk.meaning is not None and chunk.meaning.kind == "cue":
                if rank in ("most", "least") and at > 0 and q.chunks[at - 1].cue("at-most", "at-least"):
                    continue
                return rank
    return None


def _by_money(q: _Question, at: int) -> bool:
    """Whether a rank or threshold is about money: by a word for it, or by "received"."""
    if q.chunks[at].cue("largest", "smallest") and not q.chunks[at].cue("most", "least"):
        counted = any(class_of(c) and class_of(c) != q.target.kind for c in q.chunks[at + 1 : at + 3])
        return not counted
    return q.has("money", "received")


def _measure(q: _Question, at: int) -> str:
    """What is counted: the kind of things named after a piece, else programmes."""
    for other in range(at + 1, min(len(q.chunks), at + 4)):
        kind = class_of(q.chunks[other])
        if kind is not None and other != q.target.at:
            return kind
        if _names(q.chunks[other]):
            break
    return PROJECT


def _list(q: _Question, form: Form) -> Reading:
    kind = q.target.kind
    reading = Reading("list", kind, q.target.of_type)
    if form == "boolean":
        return replace(reading, form="boolean", target=PROJECT)
    if _asks_tried(q):
        reading = replace(reading, target="Intervention", of_type=())
    rank = _rank(q)
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


def _asks_tried(q: _Question) -> bool:
    threats = q.conditions("threat-type", "addressed")
    if q.target.stated and q.target.kind not in (PROJECT, "Intervention", "Agency"):
        return False
    if q.has("who") or (q.target.stated and q.target.kind != "Intervention" and not q.has("how")):
        return False
    if q.has("tried"):
        return bool(threats) or not q.conditions("place") or bool(q.conditions("population-group"))
    return q.has("how") and q.has("addresses") and bool(threats)


def _comparison(q: _Question, reading: Reading) -> Reading:
    """A table of the things that are set side by side."""
    kinds = {"place": "Place", "implemented": "Agency", "organisation": "Organisation"}
    part = q.found[0].condition.part
    if part not in kinds:
        return reading
    values = tuple(dict.fromkeys(v for c in q.conditions(part) for v in c.values))
    return replace(
        reading, target=kinds[part], subjects=values, grouped=True, by_money=q.has("money", "received")
    )


def _ranked(q: _Question, reading: Reading, rank: Rank, counts: Sequence[Number]) -> Reading:
    at = q.at(rank)
    limit = int(counts[0].value) if counts and not counts[0].how else 0
    if not limit:
        several = q.target.stated and q.target.at > at and _is_plural(q.chunks[q.target.at])
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
    if kind == PROJECT and not subjects and rank in ("most", "least", "largest") and not by_money:
        if measure == PROJECT:
            by_money = True
    made = replace(
        reading, target=kind, rank=rank, limit=max(1, min(limit, 100)), measure=measure,
        by_money=by_money, subjects=subjects,
    )  # fmt: skip
    return made


def _set_against(q: _Question) -> tuple[str, ...]:
    """The things of which one is asked for: "Kenya or Uganda"."""
    for item in q.found:
        condition = item.condition
        if len(condition.values) == 2 and " / " in condition.label and q.has("or", "compare"):
            if condition.part in ("place", "implemented", "organisation"):
                return condition.values
    return ()


def _is_plural(chunk: Chunk) -> bool:
    return chunk.tokens[-1].folded.endswith(("s", "x"))


def _threshold(q: _Question, reading: Reading, number: Number) -> Reading:
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


def _per(q: _Question, reading: Reading) -> Reading:
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
        if _names(chunk):
            break
    return reading


def _number(q: _Question, form: Form) -> Reading:
    return replace(_per(q, Reading("number", q.target.kind, q.target.of_type)), form="number")


def _money(q: _Question, form: Form) -> Reading:
    cost = not q.has("received") and not any(
        f.meaning.kind == "budget-kind" for f in q.found
    )
    return Reading(form, PROJECT, cost=cost, notes=("note-money",) if form == "money" else ())


def _dates(q: _Question, form: Form) -> Reading:
    kinds = numbers.date_kinds(q.chunks) or ("startDate",)
    rank = _rank(q)
    if rank in ("earliest", "latest"):
        return replace(_ranked(q, Reading("list", PROJECT), rank, ()), form="list")
    return Reading(form, PROJECT, properties=kinds)


def _length(q: _Question, form: Form) -> Reading:
    return Reading("length", PROJECT)


def _evidence(q: _Question, form: Form) -> Reading:
    kinds = numbers.date_kinds(q.chunks)
    if not kinds and q.has("when"):
        kinds = ("startDate",)
    return Reading("evidence", PROJECT, properties=kinds, cost=q.has("money"))


def _definition(q: _Question, form: Form) -> Reading:
    named = [at for at, chunk in enumerate(q.chunks) if _names(chunk)]
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


def _about(q: _Question, form: Form) -> Reading:
    conditions = q.conditions()
    if not definite(q.chunks) and not q.conditions("project") and len(conditions) == 1:
        named = [f for f in q.found if f.condition.part not in ("place",)]
        if named:
            nothing = (Condition(_NO_CONDITION, (), ""),)
            return Reading("definition", PROJECT, subjects=named[0].condition.values, conditions=nothing)
    return Reading("about", PROJECT)


def _links(q: _Question, form: Form) -> Reading:
    """Causes or effects: links between threats name neither groups nor interventions."""
    kept = [c for c in q.conditions() if c.part in ("place", "project", "threat-type", "addressed")]
    dropped = len(kept) < len(q.conditions())
    kept = [replace(c, part="threat-type") if c.part == "addressed" else c for c in kept]
    notes = ("note-group",) if dropped else ()
    nothing = (Condition(_NO_CONDITION, (), ""),)
    return Reading(form, "Threat", conditions=tuple(kept) or nothing, notes=notes)


_SHAPES: Final = {
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
    "people": lambda q, form: Reading("people", PROJECT),
}
