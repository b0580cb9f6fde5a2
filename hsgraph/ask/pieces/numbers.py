"""The numbers of a question: years and periods, sums of money, counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from hsgraph.ask.pieces.chunk import Chunk, has

_FIRST_YEAR: Final = 1945
_LAST_YEAR: Final = 2099
_LEAST_MONEY: Final = 5000
_HALF: Final = Decimal("0.5")
_NEAR: Final = 3
"""How many pieces two numbers that belong together may be apart."""
_GROUPS: Final = re.compile(r"\d{1,3}([.,\s]\d{3})+")
BOUNDING: Final = ("more-than", "at-least", "less-than", "at-most", "exactly")
COMPARED: Final = (*BOUNDING, "about-number")
_UNDATED: Final = ("more-than", "less-than", "exactly")
"""Comparisons of years with no such words: "more than 2000 programmes" counts."""
INDEFINITE: Final = "indefinite"
_TIMED: Final = ("before", "after", "since", "between", "to", "during", "running")
_DATES: Final = {
    "started": ("startDate",),
    "ended": ("endDate",),
    "approved": ("approvedDate",),
    "announced": ("announcedDate",),
}
Role = Literal["year", "money", "count", "length"]


@dataclass(frozen=True)
class Number:
    """A number with what it counts, how it compares, and the pieces that say it."""

    value: Decimal
    role: Role
    how: str
    start: int
    end: int
    decade: bool = False
    month: int = 0


def date_kinds(chunks: Sequence[Chunk]) -> tuple[str, ...]:
    """Which dates the words speak of."""
    said = [c for at, c in enumerate(chunks) if not _compares(chunks, at)]
    found = [kinds for code, kinds in _DATES.items() if has(said, code)]
    if len(found) > 1 and has(chunks, "or"):
        return tuple(kind for kinds in found for kind in kinds)
    return found[0] if found else ()


def comparative(chunks: Sequence[Chunk]) -> Literal["most", "least"] | None:
    """The end asked for where "more than" compares things, not numbers: "plus de projets que"."""
    for at, chunk in enumerate(chunks):
        if _compares(chunks, at) or chunk.meaning is None:
            continue
        if chunk.meaning.value in ("more-than", "less-than"):
            return "most" if chunk.meaning.value == "more-than" else "least"
    return None


def uncompared(chunks: Sequence[Chunk], found: Sequence[Number]) -> list[Chunk]:
    """The words that compare with a number that is not there: "lasted longer than expected"."""
    used = {at for number in found for at in range(number.start, number.end + 2)}
    others = has(chunks, "than", "compare", "most", "least", "or")
    return [
        chunk
        for at, chunk in enumerate(chunks)
        if chunk.meaning is not None
        and chunk.meaning.kind == "cue"
        and chunk.meaning.value in BOUNDING
        and at not in used
        and not (others or _sets_against(chunks, at))
    ]


def _sets_against(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a name of a kind follows that one before is of: "Chad … moins que le Mali"."""
    after = [c for c in chunks[at + 1 :] if not _is_link(c)][:1]
    return any(
        any(c.kind(kind) for c in after) and any(c.kind(kind) for c in chunks[:at])
        for kind in ("Country", "Agency")
    )


def _compares(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a piece such as "over" belongs to the number that follows it."""
    after = chunks[at + 1] if at + 1 < len(chunks) else None
    return chunks[at].cue(*COMPARED) and after is not None and _value(after) is not None


def numbers(chunks: Sequence[Chunk], money: bool) -> list[Number]:
    """The numbers of a question; `money` says that it speaks of money."""
    found: list[Number] = []
    at = 0
    while at < len(chunks):
        value = _value(chunks[at]) or _one_of_time(chunks, at)
        if value is None:
            at += 1
            continue
        last, raw = at, chunks[at].tokens[0].text
        named = chunks[at].kind("number")
        raw = named.value if named is not None else raw
        if has(chunks[at + 1 : at + 2], "and-a-half"):
            value, last = value + _HALF, last + 1
        whole = last
        while last + 1 < len(chunks) and (times := _times(chunks[last + 1])):
            value, last = value * times, last + 1
        month, start = _month_before(chunks, _sign_before(chunks, at))
        how, start = _comparison(chunks, start)
        after = next((c for c in chunks[last + 1 : last + 3] if not _is_link(c)), None)
        is_sum = start < at and any(c.tokens[0].is_sign for c in chunks[start:at])
        is_sum = is_sum or (after is not None and after.cue("money"))
        role: Role = _role(value, raw, last > whole, is_sum, money, how, after)
        directly = chunks[last + 1] if last + 1 < len(chunks) else None
        plain = role != "year" and last == whole and not is_sum
        if plain and directly and directly.cue("year", "month"):
            if has(chunks[last + 2 : last + 3], "and-a-half"):
                value += _HALF
            value, role = value * (12 if directly.cue("year") else 1), "length"
        decade = role == "year" and _is_decade(value, chunks, at, directly)
        closing = chunks[last + 2] if last + 2 < len(chunks) else None
        measured = after is not None and (after.kind("class") or after.cue("year", "month"))
        if measured and closing is not None:
            after = closing
        if after is not None and after.cue("at-least", "at-most") and not _is_bound(closing):
            how, last = ("at-least" if after.cue("at-least") else "at-most"), last + 1
        found.append(Number(value, role, how, start, last, decade, month))
        at = last + 1
    return _alike(found, chunks)


def _one_of_time(chunks: Sequence[Chunk], at: int) -> Decimal | None:
    """One, for "a" in "less than a year", "lasted a month", "a year or more"."""
    one = any(meaning.value == INDEFINITE for meaning in chunks[at].meanings)
    if not one or not has(chunks[at + 1 : at + 2], "year", "month"):
        return None
    near = (*chunks[max(0, at - 2) : at], *chunks[at + 2 : at + 4])
    return Decimal(1) if has(near, *COMPARED, "lasting") else None


def _is_bound(chunk: Chunk | None) -> bool:
    """Whether a number follows what would else close one: "desde 2015 hasta 2019"."""
    return chunk is not None and _value(chunk) is not None


def _is_decade(value: Decimal, chunks: Sequence[Chunk], at: int, after: Chunk | None) -> bool:
    """Whether ten years are meant: "1990s", "les années 1990"."""
    if chunks[at].kind("number") or (after is not None and _is_ending(after)):
        return True
    before = chunks[at - 1] if at else None
    several = before is not None and before.cue("year") and before.tokens[0].several
    return several and value % 10 == 0


def _is_ending(chunk: Chunk) -> bool:
    """Whether a piece is but the end of a plural, as after "1990"."""
    return chunk.tokens[0].several and len(chunk.tokens[0].folded) == 1


def _alike(found: list[Number], chunks: Sequence[Chunk]) -> list[Number]:
    """ "Between 1 and 2 million", "2 to 3 years": the first number counts what the second does."""
    if len(found) == 2 and found[1].role == "length" and found[0].role == "count":
        months = 12 if has(chunks[found[1].end + 1 :][:1], "year") else 1
        if found[1].end - found[0].end <= _NEAR:
            found[0] = replace(found[0], role="length", value=found[0].value * months)
    if len(found) == 2 and found[1].role == "money" and found[0].role == "count":
        times = Decimal(1)
        while found[0].value * times * 100 <= found[1].value:
            times *= 1000
        found[0] = replace(found[0], role="money", value=found[0].value * times)
    return found


def _value(chunk: Chunk) -> Decimal | None:
    meaning = chunk.kind("number")
    if meaning is not None:
        return Decimal(meaning.value)
    token = chunk.tokens[0]
    if not token.is_number or len(chunk.tokens) > 1 or chunk.meanings:
        return None
    digits = token.text[:30]
    if _GROUPS.fullmatch(digits):
        return Decimal(re.sub(r"[.,\s]", "", digits))
    try:
        return Decimal(re.sub("[.,](?=.*[.,])", "", digits).replace(",", "."))
    except InvalidOperation:
        return None


def _times(chunk: Chunk) -> int | None:
    for meaning in chunk.meanings:
        if meaning.kind == "cue" and meaning.value.startswith("times-"):
            return int(meaning.value.removeprefix("times-"))
    return None


def _sign_before(chunks: Sequence[Chunk], at: int) -> int:
    before = chunks[at - 1] if at else None
    return at - 1 if before is not None and before.tokens[0].text in "$€" else at


def _month_before(chunks: Sequence[Chunk], at: int) -> tuple[int, int]:
    """The month that stands before a year, "March 2015", "mayo de 2012", and where it stands."""
    for back in (1, 2):
        if at >= back:
            chunk = chunks[at - back]
            for meaning in chunk.meanings:
                if meaning.kind == "cue" and meaning.value.startswith("month-"):
                    return int(meaning.value.removeprefix("month-")), at - back
            if not chunk.is_filler:
                break
    return 0, at


def _comparison(chunks: Sequence[Chunk], at: int) -> tuple[str, int]:
    """How the number that begins here compares, and where the words that say so begin."""
    if (longer := _longer(chunks, at)) is not None:
        return longer
    for back in range(1, 4):
        if at - back < 0:
            break
        chunk = chunks[at - back]
        for code in COMPARED:
            if chunk.cue(code) and chunk.meaning is not None and chunk.meaning.kind == "cue":
                return code, at - back
        timed = [code for code in _TIMED if chunk.cue(code)]
        if timed:
            strong = next((code for code in timed if code != "during"), timed[0])
            if strong in ("between", "since", "to") and len(timed) > 1:
                strong = "between" if "between" in timed else timed[0]
            return strong, at - back
        if not _is_link(chunk) and not chunk.cue("year", "started", "ended", "approved", "money"):
            break
    return "", at


def _longer(chunks: Sequence[Chunk], at: int) -> tuple[str, int] | None:
    """The same of years or months after an end of an order: "duraron más de cuatro años"."""
    before = next((b for b in range(at - 1, -1, -1) if not _is_joint(chunks[b])), -1)
    if before < 0 or not has(chunks[at + 1 : at + 2], "year", "month"):
        return None
    for code, how in (("longest", "more-than"), ("shortest", "less-than")):
        if chunks[before].cue(code):
            return how, before
    return None


def _is_joint(chunk: Chunk) -> bool:
    return any(meaning.value == "link" for meaning in chunk.meanings) or chunk.cue("than")


def _role(
    value: Decimal, raw: str, times: bool, is_sum: bool, money: bool, how: str, after: Chunk | None
) -> Role:
    whole = value == value.to_integral_value()
    if is_sum or (times and (after is None or not after.kind("class"))):
        return "money"
    counted = how in _UNDATED and after is not None and after.kind("class") is not None
    year = raw.isdigit() and len(raw) == 4 and whole and _FIRST_YEAR <= value <= _LAST_YEAR
    if year and not counted:
        return "year"
    if value >= _LEAST_MONEY and (money or after is None or not after.kind("class")):
        return "money"
    return "count"


def _is_link(chunk: Chunk) -> bool:
    return bool(chunk.meanings) and all(m.kind == "filler" for m in chunk.meanings)
