"""Reads a document into a draft: sections, facts, prose, suggestions, and what is known already."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Final

from hsgraph.curate.known import Graph, Programme
from hsgraph.curate.model import Ask, Draft, Place, few
from hsgraph.curate.reading.confined import run_confined
from hsgraph.curate.reading.lines import Document, Line
from hsgraph.curate.sheet import people, prose
from hsgraph.curate.sheet.dates import day_comes_first
from hsgraph.curate.sheet.facts import ROLES, Facts
from hsgraph.curate.sheet.left import find_left
from hsgraph.curate.sheet.money import read_sums
from hsgraph.curate.sheet.objectives import find_objectives
from hsgraph.curate.sheet.sections import PROSE, SUMS, Section, sections_of
from hsgraph.curate.sheet.shares import take_shares
from hsgraph.curate.sheet.suggest import INTERVENTIONS, THREATS, suggest
from hsgraph.curate.words import either, plain, words, words_of

_DATES: Final = ("duration", "start", "end", "approved", "announced")
_SLUG_WORDS: Final = 3
_TOLD: Final = ("en", "fr", "es", "pt")
"""The languages that are told by their small words."""
_FEWEST_SMALL: Final = 6


def read_file(path: Path) -> Document:
    """The lines of a document, read by a confined process."""
    read = run_confined("document", path)
    lines = tuple(Line(*line) for line in read["lines"])
    return Document(path.name, lines, read["language"])


def draft_of(document: Document, graph: Graph, ask: Ask) -> Draft:
    """The draft of a programme that a document describes."""
    document, shares = take_shares(document, graph)
    sections = sections_of(document)
    draft = Draft(document.name, document.language or _language(sections))
    facts = Facts(graph, draft, ask)
    facts.day_first = day_comes_first(line.text for line in document.lines)
    prose.find_title(document, facts, sections)
    draft.money += shares
    _facts(facts, sections)
    if not draft.places:
        _countries(facts, sections)
    _inner_places(facts, sections)
    for section in sections:
        if section.code in ROLES and section.inline:
            facts.organisations(section)
    _logos(facts, sections)
    prose.find_rest(facts, sections)
    find_objectives(draft, sections)
    people.find_people(facts, sections)
    draft.threats = suggest(graph, "threat-type", sections, THREATS, draft.language)
    draft.interventions = suggest(
        graph, "intervention-type", sections, INTERVENTIONS, draft.language
    )
    _unread(draft, sections, graph)
    find_left(draft, sections)
    finish(draft, graph)
    return draft


def _logos(facts: Facts, sections: list[Section]) -> None:
    """Agencies that stand in a line of their own, as their logos do, under no heading."""
    for section in sections:
        if section.code is None:
            for line in (Line(section.line, section.heading), *section.lines):
                if facts.only_agencies(line.text):
                    facts.listed(line.text, line.number, "implementing-agency", prose=True)


def _language(sections: list[Section]) -> str | None:
    """The language of most headings that only one language has, else that of most small words."""
    spoken = words().spoken
    told = [spoken.get(plain(section.heading), frozenset()) for section in sections if section.code]
    counted = Counter(language for tags in told if len(tags) == 1 for language in tags)
    if counted:
        return counted.most_common(1)[0][0]
    small = Counter(word.plain for part in sections for word in words_of(part.text))
    sums = {tag: sum(small[word] for word in words().phrases[f"small-{tag}"]) for tag in _TOLD}
    best = max(sums, key=sums.__getitem__)
    return best if sums[best] >= _FEWEST_SMALL else None


def finish(draft: Draft, graph: Graph) -> None:
    """Recognise the programme and give the draft its slug."""
    draft.same_as = _recognised(draft, graph.programmes)
    if not draft.slug:
        draft.slug = _slug(draft, graph)


def _facts(facts: Facts, sections: list[Section]) -> None:
    for code in ("country", "place"):
        for section in sections:
            if section.code == code and section.text:
                facts.places(section)
    for section in sections:
        if not section.text:
            continue
        if section.code in _DATES:
            facts.period(section)
        elif section.code in SUMS:
            read_sums(facts, section)
        elif section.code == "keywords":
            facts.keywords(section)


def _countries(facts: Facts, sections: list[Section]) -> None:
    """Where no heading says the country: that of the title, else the one the text is about."""
    draft, graph = facts.draft, facts.graph
    if draft.title:
        for hit in graph.find(draft.title.text, "country"):
            facts.place(hit, draft.title.text, draft.title.quote.line)
        if draft.places:
            return
    found: dict[str, tuple[Line, int, int]] = {}
    inner: set[str] = set()
    for section in sections:
        for line in section.lines:
            for hit in graph.find(line.text, "country", "organisation"):
                if hit.things[0].kind == "country" and line.text[hit.start].isupper():
                    found.setdefault(hit.things[0].iri, (line, hit.start, hit.end))
            for hit in graph.find(line.text, "place"):
                if len(hit.things) == 1 and line.text[hit.start].isupper():
                    inner |= hit.things[0].countries
    wanted = [iri for iri in found if iri in inner] or list(found)
    if len(wanted) > 1 and not _in_one_list([found[iri] for iri in wanted]):
        picked = facts.choose(
            [graph.things[iri] for iri in wanted], "In which country is it?", 1, ""
        )
        wanted = [picked.iri] if picked else []
    for iri in wanted:
        line, start, end = found[iri]
        quote = few(line.text, line.number, start, end)
        draft.places.append(Place(graph.things[iri], quote, stated=False))


def _in_one_list(places: list[tuple[Line, int, int]]) -> bool:
    """Whether countries are named one after the other, as in Kenya, Uganda and Rwanda."""
    line = places[0][0]
    ordered = sorted(places, key=lambda place: place[1])
    gaps = [line.text[end:start] for (_, _, end), (_, start, _) in pairwise(ordered)]
    return all(place[0] == line for place in places) and all(
        re.fullmatch(rf"\s*(?:[,;]\s*)?(?:(?:{either('and')})\s+)?", gap) for gap in gaps
    )


def _inner_places(facts: Facts, sections: list[Section]) -> None:
    """Places that the text names and that lie in the countries of the programme."""
    countries = facts.draft.countries
    if not countries:
        return
    titled = facts.draft.title.quote.line if facts.draft.title else None
    for section in sections:
        if section.code == "ignored" or section.code in ROLES:
            continue
        for line in section.lines:
            for hit in facts.graph.find(
                line.text, "place", "country", "organisation", countries=countries
            ):
                inside = all(thing.countries & countries for thing in hit.things)
                place = all(thing.kind == "place" for thing in hit.things)
                if place and inside and line.text[hit.start].isupper() and len(hit.things) == 1:
                    facts.place(hit, line.text, line.number, stated=line.number == titled)


def _unread(draft: Draft, sections: list[Section], graph: Graph) -> None:
    titled = draft.title.quote.line if draft.title else 0
    for section in sections:
        if section.code is None and section.heading:
            parts = {part.quote.line for part in draft.parts}
            if graph.named(section.heading, "organisation") or section.line in (titled, *parts):
                continue
            text = f"{section.heading}: {section.text}" if section.inline else section.heading
            draft.miss(section.line, text, "no heading that is known")
        elif section.code in SUMS and draft.money:
            continue
        elif section.code not in (None, "ignored", *PROSE) and not section.text:
            draft.miss(section.line, section.heading, "nothing stands under this heading")
    draft.missed.sort(key=lambda missed: missed.line)


def _recognised(draft: Draft, programmes: list[Programme]) -> str | None:
    titles = {plain(title.text) for title in (draft.title, *draft.other_titles) if title}
    for programme in programmes:
        if titles & programme.titles:
            return programme.iri
    told = (draft.start, draft.end, draft.approved, draft.announced)
    dates = {str(value.day) for value in told if value}
    amounts = {str(money.amount).partition(".")[0] for money in draft.money}
    for programme in programmes:
        same = len(dates & programme.dates) + len(amounts & programme.amounts)
        if programme.countries & draft.countries and same >= 2:
            return programme.iri
    return None


def _slug(draft: Draft, graph: Graph) -> str:
    countries = [place.place.slug for place in draft.places if place.place.kind == "country"]
    title = draft.title.text if draft.title else ""
    inside = {word for country in countries for word in country.split("-")}
    usual = inside | set(words().phrases["of-titles"])
    named = [word.plain for word in words_of(title) if word.plain not in usual]
    parts = [*countries[:1], *[re.sub(r"[^a-z0-9]", "", word) for word in named][:_SLUG_WORDS]]
    if len(parts) < 2:
        parts += ["programme", str(draft.start.day.year) if draft.start else "undated"]
    slug = "-".join(part for part in parts if part)
    taken = {programme.iri.rpartition("/")[2] for programme in graph.programmes}
    return f"{slug}-draft" if slug in taken else slug
