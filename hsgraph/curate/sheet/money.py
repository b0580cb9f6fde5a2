"""Reads the sums under a heading: which money each is, and whose."""

from __future__ import annotations

import re
from typing import Final

from hsgraph.curate.known import Known
from hsgraph.curate.model import Doubt
from hsgraph.curate.sheet.amounts import Sum, find_sums, header_currency
from hsgraph.curate.sheet.facts import Facts
from hsgraph.curate.sheet.guess import tells_of
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import either

_KINDS: Final = {
    "budget": "total",
    "contribution": "fund-contribution",
    "cofunding": "co-funding",
    "amount": None,
}
_WHOSE: Final = re.compile(rf"\s*(?:\((?!\d)|(?:{either('whose')})\b)", re.I)
_OTHER_GIVER: Final = re.compile(rf"\s*\(?(?:{either('giver')})\s*(?:(?:{either('the')})\s+)?[A-Z]")


def read_sums(facts: Facts, section: Section) -> None:
    """Sums of money of the kind that the heading, or the words beside each, say."""
    text, line = section.text, section.line
    facts.currency = header_currency(f"{section.heading} {text}") or facts.currency
    found = find_sums(text, facts.currency)
    beside = [_beside(text, found, number) for number in range(len(found))]
    parts = len(found) > 2 or (len(found) > 1 and facts.graph.find(beside[0], "organisation"))
    shared = (
        parts and section.code != "cofunding" and not any(_of_the_fund(each) for each in beside)
    )
    for number, each in enumerate(found):
        whole = section.code == "amount" and number == 0 and _is_whole_of(found, text)
        kind, party = (
            ("total", None) if whole else _kind(facts, section, beside[number], number, len(found))
        )
        if kind is None:
            facts.draft.miss(line, text, "it is open what this sum covers")
        else:
            kind = "agency-share" if kind == "co-funding" and shared and party else kind
            facts.add_money(each, text, line, kind, party)
    if not found:
        facts.draft.miss(line, text, "no sum with a currency was found")


def _kind(
    facts: Facts, section: Section, beside: str, number: int, count: int
) -> tuple[str | None, Known | None]:
    if _of_the_fund(beside) and section.code != "cofunding":
        return "fund-contribution", None
    if count > 1 or section.code in ("amount", "cofunding"):
        hits = facts.graph.find(beside, "organisation")
        if hits and len(hits[-1].things) == 1:
            return "co-funding", hits[-1].things[0]
    if re.search(rf"\b(?:{either('sum')})\b", beside, re.I) or (
        count > 1 and tells_of(beside, "budget")
    ):
        return "total", None
    if number and re.search(rf"\b(?:{either('cue-cofunding')})\b", beside, re.I):
        return "co-funding", None
    if _OTHER_GIVER.match(beside) or (count > 1 and tells_of(beside, "cofunding")):
        return "co-funding", None
    kind = _KINDS[section.code or ""]
    if kind and (number == 0 or section.code == "cofunding"):
        return kind, None
    choices = ("total budget", "contribution of the Fund", "co-funding")
    doubt = Doubt("What does this sum cover?", choices, section.line, section.text)
    picked = facts.ask(doubt)
    kinds = ("total", "fund-contribution", "co-funding")
    return (None if picked is None else kinds[picked]), None


def _is_whole_of(sums: list[Sum], text: str) -> bool:
    """Whether the first sum has the others as its parts: they add up to it, or it is said."""
    first, *others = sums
    after = text[first.end :].lstrip(" ,(")
    said = bool(others) and re.match(rf"(?:{either('of-which')})\b", after, re.I) is not None
    return said or (len(others) > 1 and sum(each.amount for each in others) == first.amount)


def _beside(text: str, sums: list[Sum], number: int) -> str:
    """The words that say whose a sum is: those after it where they begin so, else before it."""
    after = text[sums[number].end : sums[number + 1].start if number + 1 < len(sums) else None]
    opened = after.lstrip().startswith("(") and ")" not in after and number + 1 < len(sums)
    told = not text[: sums[0].start].strip() and (tells_of(after, "budget") or _of_the_fund(after))
    if (_WHOSE.match(after) or told) and not opened:
        return re.split(rf"[;)]|,\s*(?:{either('of-which')})\b", after)[0][:90]
    before = text[sums[number - 1].end if number else 0 : sums[number].start]
    return before.rpartition(";")[2][-90:]


def _of_the_fund(text: str) -> bool:
    return re.search(either("cue-contribution"), text, re.I) is not None
