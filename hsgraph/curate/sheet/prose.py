"""Reads what stands in sentences: the title, and facts without a heading."""

from __future__ import annotations

import re
from typing import Final

from hsgraph.curate.model import DateValue, Doubt, Draft, Money, Part, Text, few
from hsgraph.curate.reading.lines import Document, Line
from hsgraph.curate.sheet.amounts import Sum, find_sums
from hsgraph.curate.sheet.dates import find_dates, find_period
from hsgraph.curate.sheet.facts import Facts
from hsgraph.curate.sheet.guess import only_dates
from hsgraph.curate.sheet.names import ARTICLE, end_of_names
from hsgraph.curate.sheet.objectives import SENTENCE
from hsgraph.curate.sheet.sections import Section, code_of
from hsgraph.curate.sheet.shares import shares_in
from hsgraph.curate.words import either, plain, words, words_of
from hsgraph.namespaces import ID

FUND: Final = ID + "organisation/untfhs"
_NAMED: Final = re.compile(
    rf"\b(?:{either('programme')})[,:]?\s+(?:(?:{either('called')}),?\s+)?"
    r"[\"“”«]\s*([^\"“”«»]{20,200}?)[\s,.]*[\"“”»]",
    re.I,
)
_FIRST: Final = 14
_CUES: Final = {
    "start": "cue-start",
    "end": "cue-end",
    "approved": "cue-approved",
    "announced": "cue-announced",
}


def find_title(document: Document, facts: Facts, sections: list[Section]) -> None:
    """The official title: under its heading, else what stands above everything else."""
    draft = facts.draft
    for section in sections:
        if section.code == "title" and section.text:
            draft.title = Text(section.text.strip('"“”'), few(section.text, section.line))
    above = [line for line in document.lines if line.text.strip()][:_FIRST]
    large = [line for line in above if line.style == "heading" and line.number <= _ends(sections)]
    if any(_may_be_title(line.text.strip(), facts) for line in large):
        above = above[above.index(large[0]) :]
    for number, line in enumerate(above):
        if draft.title or line.number > _ends(sections):
            break
        text = " ".join(line.text.strip('"“”#* ').split())
        text = re.sub(
            rf"\s+(?:{either('page')}) \d+(?: (?:{either('of')}) \d+)?$", "", text, flags=re.I
        )
        shouted = text.isupper() and any(
            _may_be_title(other.text.strip(), facts) and not other.text.isupper()
            for other in above[number + 1 : number + 4]
        )
        if _may_be_title(text, facts) and not shouted:
            following = above[number + 1] if number + 1 < len(above) else None
            text = _joined(text, line, following)
            draft.title = Text(text, few(text, line.number))
    if not any(section.code and section.inline for section in sections):
        draft.title = _named_title(sections, draft.title) or draft.title
    for section in sections:
        for line in section.lines:
            for match in _NAMED.finditer(line.text):
                title = match[1].strip()
                known = [draft.title, *draft.other_titles]
                if all(plain(title) != plain(other.text) for other in known if other):
                    draft.other_titles.append(Text(title, few(title, line.number)))


def _named_title(sections: list[Section], headline: Text | None) -> Text | None:
    """The title that the text of a page without a list of facts names, not its headline."""
    if headline and any(
        plain(headline.text) in plain(line.text)
        for section in sections
        for line in section.lines
        if line.number != headline.quote.line
    ):
        return None
    for section in sections:
        for line in section.lines:
            if match := _NAMED.search(line.text):
                return Text(match[1], few(match[1], line.number))
    return None


def _ends(sections: list[Section]) -> int:
    first = [section.line for section in sections if section.inline and section.code != "ignored"]
    return min(first, default=10_000)


def _may_be_title(text: str, facts: Facts) -> bool:
    if (
        not 4 <= len(text.split()) <= 40
        or re.search(r"[\t|]|\bn[º°o]\.?\s*\d+$", text, re.I)
        or text.endswith((".", ":", "?"))
        or "http" in text
    ):
        return False
    if (
        code_of(text)
        or code_of(text.partition(":")[0])
        or facts.graph.named(text, "organisation", "country")
        or facts.graph.named(text.partition(":")[0], "country")
        or _is_masthead(text, facts)
    ):
        return False
    return text[0].isupper() or text[0].isdigit()


def _is_masthead(text: str, facts: Facts) -> bool:
    """Whether a line has but the names of organisations and countries, as above a title."""
    rest = text
    for hit in reversed(facts.graph.find(text, "organisation", "country")):
        rest = rest[: hit.start] + rest[hit.end :]
    small = {plain(word) for word in words().phrases["of-mastheads"]}
    return rest != text and all(word.plain in small for word in words_of(rest))


def _joined(text: str, line: Line, following: Line | None) -> str:
    """A title that goes on in the next line: it stops amid a phrase, or the next begins small."""
    if following is None or following.number != line.number + 1:
        return text
    more = following.text.strip()
    open_end = re.search(rf"\b(?:{either('open-end')})$|[,&–-]$", text)
    if more and (open_end or more[0].islower()) and not code_of(more):
        return f"{text} {' '.join(more.split())}"
    return text


def find_rest(facts: Facts, sections: list[Section]) -> None:
    """Facts that no heading gave: agencies, partners, funder, dates and sums in sentences."""
    draft = facts.draft
    missing = {
        role
        for role in ("implementing-agency", "partner", "funder")
        if all(part.role != role for part in draft.parts)
    }
    for section in sections:
        if section.inline and section.code not in ("overview", "objectives", "background"):
            continue
        for line in section.lines:
            shares = shares_in(line.text, line.number, facts.graph)
            draft.money += shares
            for sentence in SENTENCE.split(line.text):
                _parts(facts, sentence, line.number, missing)
                _dates(draft, sentence, line.number)
                if not shares:
                    _sums(facts, sentence, line.number)
    _fund(facts, sections)


def _parts(facts: Facts, sentence: str, line: int, missing: set[str]) -> None:
    cues = {
        "cue-lead": "lead-agency",
        "cue-agencies": "implementing-agency",
        "cue-partners": "partner",
        "cue-funder": "funder",
    }
    any_cue = "|".join(either(cue) for cue in cues)
    for cue, role in cues.items():
        if role not in missing and role != "lead-agency":
            continue
        for match in re.finditer(rf"\b(?:{either(cue)})\s+", sentence, re.I):
            rest = re.split(rf"\b(?:{any_cue})\b|\.\s", sentence[match.end() :], flags=re.I)[0]
            if role == "lead-agency":
                first = facts.graph.find(rest, "organisation")[:1]
                rest = rest[: first[0].end] if first else ""
            rest = end_of_names(rest)
            if role == "implementing-agency":
                rest, *others = re.split(rf"\s(?:{either('with')})\s", rest, flags=re.I)
                for other in others:
                    facts.listed(other, line, "partner", prose=True)
            if role in ("partner", "funder") or facts.graph.find(rest[:60], "organisation"):
                facts.listed(rest, line, role, prose=True)
    for match in re.finditer(rf"\s(?:{either('cue-agencies-before')})\b", sentence, re.I):
        _doers(facts, sentence[: match.start()], line, "implementing-agency")
    for match in re.finditer(rf"\s(?:{either('cue-lead-before')})\b", sentence, re.I):
        _doers(facts, sentence[: match.start()], line, "lead-agency")


def _doers(facts: Facts, before: str, line: int, role: str) -> None:
    """The agencies that a sentence names just before its verb: FAO, WFP and UNICEF ran it."""
    hits = [
        hit
        for hit in facts.graph.find(before, "organisation", countries=facts.draft.countries)
        if facts.graph.is_agency(hit.things[0])
    ]
    if not hits or before[hits[-1].end :].strip(" )"):
        return
    first = len(hits) - 1
    while first and re.fullmatch(
        rf"[\s,]*(?:(?:{either('and')})\s+)?(?:{ARTICLE})?\s*",
        before[hits[first - 1].end : hits[first].start],
    ):
        first -= 1
    start = hits[-1].start if role == "lead-agency" else hits[first].start
    facts.listed(before[start:], line, role, prose=True)


def _dates(draft: Draft, sentence: str, line: int) -> None:
    period = None if draft.start or draft.end else find_period(sentence)
    told = re.search(rf"\b(?:{either('cue-period')})\b", sentence, re.I)
    if period and (told or only_dates(sentence) > 1):
        first, last = period
        for which, day, each in (("start", first.first, first), ("end", last.last, last)):
            quote = few(sentence, line, each.start, each.end)
            setattr(draft, which, DateValue(day, each.precision, quote))
    dates = find_dates(sentence)
    for which, cue in _CUES.items():
        if getattr(draft, which) is not None:
            continue
        verbs = [word for word in either(cue).split("|") if word not in words().phrases["time"]]
        for match in re.finditer(rf"\b(?:{'|'.join(verbs)})\s+", sentence, re.I):
            near = [each for each in dates if 0 <= each.start - match.end() < 4 and not each.other]
            if near:
                day = near[0].last if which == "end" else near[0].first
                quote = few(sentence, line, match.start(), near[0].end)
                setattr(draft, which, DateValue(day, near[0].precision, quote))


def _sums(facts: Facts, sentence: str, line: int) -> None:
    told = [money for money in facts.draft.money if money.quote.line != line]
    whole_sum = next((money for money in told if money.kind == "total"), None)
    found = find_sums(sentence)
    for number, each in enumerate(found):
        if told:
            part = whole_sum and len(told) == 1 and _is_part(each, whole_sum)
            given = _kind_beside(sentence, found, number) == "fund-contribution"
            if part and (given or _gives(sentence[: each.start])):
                facts.add_money(each, sentence, line, "fund-contribution")
            continue
        kind = _kind_beside(sentence, found, number)
        if kind is None:
            choices = ("total budget", "contribution of the Fund", "not of this programme")
            picked = facts.ask(Doubt("What does this sum cover?", choices, line, sentence))
            kind = ("total", "fund-contribution", None)[picked] if picked is not None else None
        if kind:
            facts.add_money(each, sentence, line, kind)
        else:
            facts.draft.miss(line, sentence, "it is open what this sum covers")


def _kind_beside(sentence: str, sums: list[Sum], number: int) -> str | None:
    """Which money the words just before a sum tell of, else those just after it."""
    start = sums[number - 1].end if number else 0
    after = sentence[sums[number].end :][:60]
    whole = re.match(rf"\s*(?:{either('money-of')})\b", after, re.I)
    if number + 1 < len(sums):
        after = re.split(rf",|\b(?:{either('of-which')})\b", after)[0]
    kinds = (("cue-contribution", "fund-contribution"), ("cue-budget", "total"))
    for text in (sentence[start : sums[number].start][-60:], after):
        told = [
            (match.start(), kind)
            for cue, kind in kinds
            for match in re.finditer(either(cue), text, re.I)
        ]
        if told:
            return max(told)[1]
    return "total" if whole else None


def _is_part(each: Sum, whole: Money) -> bool:
    return each.currency == whole.currency and each.amount < whole.amount


def _gives(before: str) -> bool:
    """Whether the words before a sum say that the Fund pays for this programme."""
    paid = re.search(rf"\b(?:{either('cue-funder')})\b", before, re.I)
    return bool(paid and re.search(either("cue-contribution"), before[paid.end() :], re.I))


def _fund(facts: Facts, sections: list[Section]) -> None:
    """The Fund as funder, coded, where the document bears its name and nothing says who paid."""
    if FUND not in facts.graph.things or any(part.role == "funder" for part in facts.draft.parts):
        return
    fund = facts.graph.things[FUND]
    stated = any(money.kind == "fund-contribution" for money in facts.draft.money)
    for section in sections:
        whole = Line(section.line, section.text)
        for line in (Line(section.line, section.heading), *section.lines, whole):
            for hit in facts.graph.find(line.text, "organisation"):
                if hit.things == (fund,):
                    quote = few(line.text, line.number, hit.start, hit.end)
                    facts.draft.parts.append(Part("funder", quote, fund, stated=stated))
                    return
