"""Takes the facts that stand under known headings: where, when, who, on what."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from hsgraph.curate.known import Found, Graph, Known
from hsgraph.curate.model import (
    Ask,
    Concept,
    DateValue,
    Doubt,
    Draft,
    Money,
    Part,
    Place,
    Quote,
    Text,
    few,
)
from hsgraph.curate.sheet import names
from hsgraph.curate.sheet.amounts import Sum
from hsgraph.curate.sheet.dates import Dated, find_periods, read_period
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import either, plain

ROLES: Final = {
    "lead": "lead-agency",
    "agencies": "implementing-agency",
    "partners": "partner",
    "funder": "funder",
}
_SPLIT: Final = re.compile(r"\s*[;•\n|]\s*")
_EMPTY: Final = re.compile(
    rf"^[\s,;.:()&-]*(?:{either('small')}|{either('between')})?[\s,;.:()&-]*$", re.I
)
_ACRONYM: Final = re.compile(r"\(([A-Z][A-Za-z]*[A-Z][A-Za-z]*)\)$")
_LEAD: Final = re.compile(rf"\b(?:{either('lead')})\b", re.I)


class Facts:
    """Fills a draft from sections of facts."""

    def __init__(self, graph: Graph, draft: Draft, ask: Ask) -> None:
        self.graph, self.draft, self.ask = graph, draft, ask
        self.day_first: bool | None = None
        """How the document writes days in figures, if that is known."""
        self.currency: str | None = None
        """That of sums without a sign, once a heading has named it."""

    def places(self, section: Section) -> None:
        """Countries, and places that lie in countries named."""
        text = section.text
        country = section.code == "country"
        kinds = ("country",) if country else ("country", "place")
        hits = self.graph.find(
            text, *kinds, countries=frozenset() if country else self.draft.countries
        )
        hits = [hit for hit in hits if not _inside_name(text[: hit.start])]
        for hit in hits:
            self.place(hit, text, section.line)
        rest = names.without(text, hits)
        for piece in re.split(rf"[;,/(]|\s(?:{either('and')})\s", rest):
            state = re.fullmatch(either("state"), piece.strip(), re.I)
            if not state and not _EMPTY.match(piece):
                self._other_place(piece.strip(" .()"), section.line)

    def _other_place(self, name: str, line: int) -> None:
        """A name that is no country's whole name: a place inside one, or a part of a name."""
        inside = self.draft.countries
        name = re.sub(
            rf"^[\s:]*(?:(?:{either('areas')})\s+(?:{either('of-area')})?\s*)?",
            "",
            name,
            flags=re.I,
        )
        found = self.graph.named(name, "place", countries=inside) or self.graph.area(name, inside)
        if found:
            self.place(Found(found, 0, len(name)), name, line)
            return
        key = plain(name)
        near = [
            thing
            for known, thing in self.graph.names_of("country")
            if key and re.search(rf"\b{re.escape(key)}\b", known)
        ]
        near = list(dict.fromkeys(near))
        choice = self.choose(near, f"Which country is {name!r}?", line, name) if near else None
        if choice:
            self._add_place(choice, few(name, line))
        else:
            self.draft.miss(line, name, "no place of this name in the graph")

    def place(self, hit: Found, text: str, line: int, *, stated: bool = True) -> None:
        thing = self._meant(hit, text, line, "places")
        if thing is not None:
            self._add_place(thing, few(text, line, hit.start, hit.end), stated)

    def _meant(self, hit: Found, text: str, line: int, kinds: str) -> Known | None:
        """Which of the things that have a name is meant; without an answer it is missed."""
        if len(hit.things) == 1:
            return hit.things[0]
        words = text[hit.start : hit.end]
        thing = self.choose(list(hit.things), f"Which {words!r} is it?", line, words)
        if thing is None:
            self.draft.miss(line, words, f"{len(hit.things)} {kinds} have this name")
        return thing

    def _add_place(self, thing: Known, quote: Quote, stated: bool = True) -> None:
        if all(place.place != thing for place in self.draft.places):
            self.draft.places.append(Place(thing, quote, stated))

    def choose(self, things: list[Known], question: str, line: int, text: str) -> Known | None:
        labels = tuple(f"{thing.label} ({thing.slug})" for thing in things)
        number = self.ask(Doubt(question, labels, line, text))
        return None if number is None else things[number]

    def period(self, section: Section) -> None:
        """Start, end and length under a heading for one or all of them."""
        text, line = section.text, section.line
        period = read_period(text, alone=section.code != "duration")
        start, end = period.start, period.end
        if section.code == "duration":
            if len(periods := find_periods(text)) > 1:
                start, end = self._one_of(periods, text, line)
            if self.draft.duration is None and (period.start or period.end or period.length):
                words = text if len(text) <= 80 else few(text).words
                self.draft.duration = Text(words, few(words, line))
            self.draft.start = self.draft.start or self._date(start, text, line, "start")
            self.draft.end = self.draft.end or self._date(end, text, line, "end")
        elif section.code:
            value = self._date(start, text, line, section.code)
            if getattr(self.draft, section.code) is None:
                setattr(self.draft, section.code, value)
        if not (period.start or period.end or period.length):
            self.draft.miss(line, text, "no date or length of time was found")

    def _one_of(
        self, periods: list[tuple[Dated, Dated]], text: str, line: int
    ) -> tuple[Dated | None, Dated | None]:
        """Which of several periods is the programme's; without an answer none is taken."""
        choices = tuple(text[first.start : last.end] for first, last in periods)
        number = self.ask(Doubt("Which period is that of the programme?", choices, line, text))
        if number is None:
            self.draft.miss(line, text, "several periods could be meant")
        return (None, None) if number is None else periods[number]

    def _date(self, dated: Dated | None, text: str, line: int, which: str) -> DateValue | None:
        if dated is None:
            return None
        words = text[dated.start : dated.end]
        day = dated.last if which == "end" else dated.first
        if dated.other and self.day_first is not None:
            day = day if self.day_first else dated.other
        elif dated.other:
            choices = (f"{dated.first:%d %B %Y}", f"{dated.other:%d %B %Y}")
            number = self.ask(Doubt(f"Which day is {words!r}?", choices, line, text))
            if number is None:
                self.draft.miss(line, words, "day and month could be either")
                return None
            self.day_first = number == 0
            day = day if self.day_first else dated.other
        return DateValue(day, dated.precision, few(text, line, dated.start, dated.end))

    def organisations(self, section: Section) -> None:
        """Organisations in the role that the heading says."""
        role, text = ROLES[section.code or ""], self._names_of_lines(section) or section.text
        if role == "implementing-agency":
            text, *others = re.split(
                rf"\s(?:{either('cue-partners')}|{either('with')})\s", text, flags=re.I
            )
            for other in others:
                self.listed(other, section.line, "partner")
        self.listed(text, section.line, role)

    def _names_of_lines(self, section: Section) -> str | None:
        """The names of a list whose every line is a name, with semicolons between them."""
        lines = [line.text.strip() for line in section.lines]
        if len(lines) < 2 or section.items or any(line.endswith(",") for line in lines[:-1]):
            return None
        known = [self.graph.find(line, "organisation")[:1] for line in lines]
        named = [
            bool(hits and hits[0].start == 0) or names.looks_like_one(line, areas=True)
            for line, hits in zip(lines, known, strict=True)
        ]
        return "; ".join(lines) if all(named) else None

    def only_agencies(self, text: str) -> bool:
        """Whether a text names several agencies of the United Nations and nothing else."""
        hits = self.graph.find(text, "organisation")
        rest = re.sub(
            rf"\b(?:{either('with')}|{either('and')})\b", "", names.without(text, hits), flags=re.I
        )
        agencies = all(self.graph.is_agency(hit.things[0]) for hit in hits)
        return len(hits) > 1 and agencies and not re.search(r"\w", rest)

    def listed(self, text: str, line: int, role: str, *, prose: bool = False) -> None:
        """Organisations of a list: those that the graph knows, then what is left between them.

        In `prose` only what has the words of a name is taken for a new one.
        """
        countries = self.draft.countries
        for piece in _SPLIT.split(text):
            whole = self.graph.named(names.bare(piece), "organisation", countries=countries)
            if len(whole) == 1:
                self._part(whole[0], piece, piece, line, role)
                continue
            found = self.graph.find(piece, "organisation", countries=countries)
            hits = [
                names.whole(piece, hit, agency=self.graph.is_agency(hit.things[0]))
                for hit in found
                if not names.goes_on(piece, hit.start, hit.end)
            ]
            if prose or ";" not in text or names.all_names(piece, hits):
                for hit, following in zip_longest(hits, hits[1:]):
                    stop = following.start if following else len(piece)
                    self._hit(hit, piece, line, role, stop)
                self._left(names.without(piece, hits), line, role, prose)
            elif not _EMPTY.match(piece):
                self._new(names.bare(piece), piece, line, role)

    def _hit(self, hit: Found, text: str, line: int, role: str, stop: int) -> None:
        words, thing = text[hit.start : hit.end], self._meant(hit, text, line, "organisations")
        if thing is None:
            return
        around = text[max(0, hit.start - 14) : hit.start].rpartition(";")[2]
        before = around if re.search(rf"{_LEAD.pattern}[\s\w]*:\s*$", around, re.I) else ""
        after = re.split(r"(?:[,;]|\.\s)(?![^(]*\))", text[hit.end : stop])[0][:30]
        after = after or names.remark_after(text[hit.end :])
        self._part(thing, words, f"{before} {words} {after}", line, role)

    def _part(self, thing: Known, words: str, around: str, line: int, role: str) -> None:
        if role == "implementing-agency" and _LEAD.search(around):
            role = "lead-agency"
        self.draft.add_part(Part(role, few(words.strip(" ,.;"), line), thing))

    def _left(self, text: str, line: int, role: str, prose: bool) -> None:
        for piece in names.split_names(text):
            if prose and not names.looks_like_one(piece):
                continue
            remark = _LEAD.search(piece) and (
                piece.strip()[0] == "(" or _LEAD.fullmatch(piece.strip(" .:"))
            )
            if not _EMPTY.match(piece) and len(piece) > 3 and not remark:
                self._new(names.bare(piece), piece, line, role)

    def _new(self, name: str, piece: str, line: int, role: str) -> None:
        english = self.draft.language in (None, "en")
        article = rf"(?:{either('the')})\b" if english else names.ARTICLE
        beside = rf"\s*\((?:{either('lead')}|[A-Z]{{2,8}})\)\s*$"
        name = re.sub(rf"^(?:{article})\s*|{beside}", "", name, flags=re.I)
        if 2 < len(name) <= 120 and re.search(r"[A-Z]", name):
            words = few(piece.strip(" ,.;"), line)
            acronym = _ACRONYM.search(piece.strip(" ,.;"))
            name = name[0].upper() + name[1:]
            short = acronym[1] if acronym else ""
            self.draft.add_part(Part(role, words, new=name, acronym=short))
        elif len(name) > 2:
            self.draft.miss(line, name, "no organisation of this name in the graph")

    def add_money(
        self, each: Sum, text: str, line: int, kind: str, party: Known | None = None
    ) -> None:
        quote = few(text, line, each.start, each.end)
        money = Money(each.amount, each.currency, kind, each.approximate, quote, party)
        key = (money.amount, money.kind, money.party)
        if all((m.amount, m.kind, m.party) != key for m in self.draft.money):
            self.draft.money.append(money)

    def keywords(self, section: Section) -> None:
        """Key words that the vocabulary has."""
        text = section.text
        for piece in re.split(r"[;,•|]|\s/\s", text):
            name = piece.strip(" .")
            found = self.graph.named(name, "keyword")
            if len(found) == 1:
                concept = Concept(found[0], few(name, section.line))
                if all(other.concept != found[0] for other in self.draft.keywords):
                    self.draft.keywords.append(concept)
            elif name:
                self.draft.miss(section.line, name, "no key word of the vocabulary")


def _inside_name(before: str) -> bool:
    """Whether a name goes on from the words before it, as Spain does in Port of Spain."""
    state = re.search(rf"\b(?:{either('state')})\s+$", before, re.I)
    goes_on = re.search(rf"\b[A-Z]\w+\s+(?:{either('of-inside')})\s+$", before)
    return not state and goes_on is not None
