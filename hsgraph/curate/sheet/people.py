"""Reads who is reached: groups of people, their numbers, and how they are reached."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from hsgraph.curate.known import Graph, Known
from hsgraph.curate.model import Draft, Target, few
from hsgraph.curate.sheet.amounts import NUMBER, Count, find_counts, read_number
from hsgraph.curate.sheet.facts import Facts
from hsgraph.curate.sheet.objectives import MARK, SENTENCE
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import either, is_plural, plain, words
from hsgraph.namespaces import VOCAB

_PLACED: Final = re.compile(
    rf"\b(?:{either('placed')})\s+(?:[A-Z][\w’'-]*\s+)+(?:{either('and')})\s+(?:\w+\s+)?$"
)
"""What stands before a word for places beside one that is named: in Novi Pazar and other …"""
_RESIDENTS: Final = VOCAB + "population-group/residents"


def find_people(facts: Facts, sections: list[Section]) -> None:
    """Who is reached: under a heading for it, else in sentences that speak of it."""
    own = [part for part in sections if part.code in ("beneficiaries", "indirect")]
    for section in own:
        section = _without_rows(facts, section)
        text = MARK.sub("¶", section.running)
        for sentence in SENTENCE.split(re.sub(r"¶[^;.]*[;.]?", "; ", text)):
            read_target(facts, sentence, section.line, indirect=section.code == "indirect")
    for section in [] if own else sections:
        if section.code in (None, *("overview", "activities", "background", "objectives")):
            for line in section.lines:
                for sentence in SENTENCE.split(line.text):
                    if re.search(rf"\b(?:{either('cue-groups')})\b", sentence, re.I):
                        read_target(facts, sentence, line.number)


def _without_rows(facts: Facts, section: Section) -> Section:
    """The section without the rows of a table of groups, whose numbers are taken by column."""
    columns: list[str | None] = []
    rest = []
    for line in section.lines:
        name, *cells = [cell.strip() for cell in line.text.split(";")]
        counts = [read_number(cell) for cell in cells]
        hits = facts.graph.find(name, "population-group")
        if cells and all(counts) and hits:
            reaches = columns if len(columns) >= len(counts) else [None] * len(counts)
            groups = tuple(dict.fromkeys(thing for hit in hits for thing in hit.things))
            for count, cell, reach in zip(counts, cells, reaches, strict=False):
                quote = few(cell, line.number)
                target = Target(groups, quote, int(count or 0), directness=reach)
                facts.draft.targets.append(target)
        elif cells and not find_counts(line.text) and all(map(_reach, cells)):
            columns = [_reach(cell) for cell in cells]
        else:
            rest.append(line)
    return replace(section, lines=rest)


def read_target(facts: Facts, sentence: str, line: int, *, indirect: bool = False) -> None:
    """The people that a sentence names, with their numbers."""
    graph, draft = facts.graph, facts.draft
    counts = find_counts(sentence)
    if len(counts) == 1 and _count_after(draft, graph, sentence, counts[0], line, indirect):
        return
    if len(counts) == 1 and not re.search(r"[^\W\d]{3}", sentence):
        counted, quote = counts[0], few(sentence, line)
        residents = (graph.things[_RESIDENTS],)
        draft.targets.append(Target(residents, quote, counted.number, counted.approximate))
        return
    taken: list[tuple[int, int]] = []
    for number, count in enumerate(counts):
        stop = counts[number + 1].start if number + 1 < len(counts) else len(sentence)
        after = _all_of_them(sentence[count.end : min(stop, count.end + 70)])
        hits = [] if _counts_areas(after) else graph.find(after, "population-group")
        people = re.match(rf"\s*(?:\w+\s+){{0,2}}(?:{either('people')})\b", after, re.I)
        near = [hit for hit in hits if not people or hit.start <= people.end() + 1]
        groups = [thing for hit in near[:4] for thing in hit.things]
        if not groups and people:
            groups = [graph.things[_RESIDENTS]]
        if not groups:
            continue
        if near:
            taken += [(count.end + hit.start, count.end + hit.end) for hit in near]
        reach = "indirect" if indirect else _directness(sentence, count.end, stop)
        quote = few(sentence, line, count.start, count.end + (people.end() if people else 30))
        target = Target(tuple(dict.fromkeys(groups)), quote, count.number, count.approximate, reach)
        if all((t.count, t.groups) != (target.count, target.groups) for t in draft.targets):
            draft.targets.append(target)
    rest = [
        hit
        for hit in graph.find(sentence, "population-group")
        if not any(start <= hit.start < end for start, end in taken)
        and not any(abs(hit.start - count.end) < 2 for count in counts)
        and not _PLACED.search(sentence[: hit.start])
    ]
    _groups(draft, sentence, [(hit.things[0], hit.start, hit.end) for hit in rest], line)


def _all_of_them(text: str) -> str:
    """As much of a text as speaks of all the people counted: of whom 60 per cent are women."""
    share = rf"{NUMBER}\s*(?:%|(?:{either('share')})\b)"
    return re.split(rf"\b(?:{either('among')})\b|{share}", text, maxsplit=1, flags=re.I)[0]


def _counts_areas(after: str) -> bool:
    """Whether a number counts places and not people, as in 14 municipalities."""
    first = plain(after).partition(" ")[0]
    areas = {plain(word).removesuffix("y") for word in words().phrases["area"]}
    areas |= {plain(word) for word in words().phrases["settlement"]}
    return first in areas or any(is_plural(area, first) for area in areas)


def _count_after(
    draft: Draft, graph: Graph, sentence: str, count: Count, line: int, indirect: bool
) -> bool:
    """Take a number that stands after its people: Women at risk: 6,400."""
    before = sentence[: count.start]
    hits = graph.find(_all_of_them(before), "population-group")
    if not re.search(r"[:–—-]\s*(?:\w+\s+)?$", before) or not hits:
        return False
    if re.search(r"[^\W\d]{3}", sentence[count.end :].partition("(")[0]):
        return False
    reach = "indirect" if indirect else _reach(sentence)
    groups = tuple(dict.fromkeys(thing for hit in hits for thing in hit.things))
    quote = few(sentence, line, hits[0].start, count.end)
    draft.targets.append(Target(groups, quote, count.number, count.approximate, reach))
    return True


def _groups(draft: Draft, text: str, hits: list[tuple[Known, int, int]], line: int) -> None:
    told = {group for target in draft.targets for group in target.groups}
    new = [hit for hit in hits if hit[0] not in told]
    if new:
        quote = few(text, line, new[0][1], new[-1][2])
        draft.targets.append(Target(tuple(dict.fromkeys(hit[0] for hit in new)), quote))


def _directness(sentence: str, start: int, stop: int) -> str | None:
    """How people are reached: by the words after their number, else by those of the sentence."""
    clause = sentence[sentence.rfind(";", 0, start) + 1 :].partition(";")[0]
    after = sentence[start:].partition(";")[0]
    reach = rf"\b(?:{either('indirect-reach')}|{either('direct')})\b"
    rough = rf"\s+(?:{either('approximate')})?\s*$"
    own = sentence[start:stop]
    if stop < len(sentence):
        own = re.sub(f"{reach}{rough}", "", own, flags=re.I)
    before = re.search(
        rf"{reach}(?:[^,;]|,(?=\d))*$", re.sub(r"[\d.,\s]+$", "", sentence[:start]), re.I
    )
    told = _reach(own) or (before and _reach(before[0]))
    return told or _reach(after) or _reach(clause) or _reach(sentence)


def _reach(text: str) -> str | None:
    """What the first such word of a text says."""
    indirect, direct = either("indirect-reach"), either("direct")
    found = re.search(rf"\b(?:(?P<indirect>{indirect})|(?:{direct}))\b", text, re.I)
    return None if found is None else "indirect" if found["indirect"] else "direct"
