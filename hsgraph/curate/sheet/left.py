"""Lists what of a document was read but not drafted, so that a curator can look at it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from hsgraph.curate.model import Draft, Missed, Quote, few
from hsgraph.curate.sheet.objectives import SENTENCE
from hsgraph.curate.sheet.sections import Section

_MARK: Final = re.compile(r"\W*(?:\(?(?:\d{1,2}|[ivx]{1,4})[.)]\s+)?", re.I)
_SAYS: Final = re.compile(r"[^\W\d_]{2}|\d")
_RESULTS: Final = "results are not drafted"
_NOTHING: Final = "nothing was drafted from it"
_NUMBER: Final = "a number in it was not drafted"


class _Sentence(NamedTuple):
    """A sentence of a section, its line, and where it stands in the whole text."""

    section: Section
    line: int
    start: int
    end: int


def find_left(draft: Draft, sections: list[Section]) -> None:
    """List the sentences that no statement rests on, those with other numbers, and results."""
    text, sentences = _sentences(sections)
    drafted = set(_drafted(text, sentences, draft))
    for each in sentences:
        places = range(each.start, each.end)
        if _is_missed(draft, each, text) or not _SAYS.search(text, each.start, each.end):
            continue
        if each.section.code == "results":
            why = _RESULTS
        elif drafted.isdisjoint(places):
            why = _NOTHING
        elif any(text[place].isdigit() and place not in drafted for place in places):
            why = _NUMBER
        else:
            continue
        label = f"{each.section.heading}: " if each.section.inline else ""
        words = few(label + text[each.start : each.end]).words
        draft.left.append(Missed(each.line, words, why))
    draft.left.sort(key=lambda left: left.line)


def _is_missed(draft: Draft, sentence: _Sentence, text: str) -> bool:
    """Whether it is listed already as not understood."""
    words = text[sentence.start : sentence.end]
    lines = (sentence.line, sentence.section.line)
    return any(
        missed.line in lines and (sentence.section.inline or missed.text in words)
        for missed in draft.missed
    )


def _sentences(sections: list[Section]) -> tuple[str, list[_Sentence]]:
    """The whole text, its lines with a space between, and its sentences without marks of lists."""
    text, found = "", []
    for section in sections:
        for line in section.lines:
            row = " ".join(line.text.split())
            first = _MARK.match(row)
            position = first.end() if first else 0
            stops = [(match.start(), match.end()) for match in SENTENCE.finditer(row, position)]
            for stop, following in [*stops, (len(row), len(row))]:
                place = len(text) + position, len(text) + stop
                found.append(_Sentence(section, line.number, *place))
                position = following
            text += row + " "
    return text, found


def _drafted(text: str, sentences: list[_Sentence], draft: Draft) -> Iterable[int]:
    """The places of the text where quotations of the draft stand, each nearest to its line."""
    starts: dict[int, int] = {}
    for each in sentences:
        starts.setdefault(each.line, each.start)
    for quote in _quotes(draft):
        if quote.words:
            found = [match.start() for match in re.finditer(re.escape(quote.words), text)]
            line = max((number for number in starts if number <= quote.line), default=0)
            near = min(found, key=lambda start: abs(start - starts.get(line, 0)), default=None)
            if near is not None:
                yield from range(near, near + len(quote.words))


def _quotes(draft: Draft) -> Iterable[Quote]:
    """What the statements of a draft rest on; of a text that was taken, the whole of it."""
    texts = (draft.title, *draft.other_titles, draft.duration, *draft.objectives)
    for text in filter(None, texts):
        yield text.quote
        yield Quote(" ".join(text.text.split()), text.quote.line)
    for date in filter(None, (draft.start, draft.end, draft.approved, draft.announced)):
        yield date.quote
    yield from (place.quote for place in draft.places)
    yield from (part.quote for part in draft.parts)
    yield from (money.quote for money in draft.money)
    yield from (target.quote for target in draft.targets)
    for concept in (*draft.keywords, *draft.threats, *draft.interventions):
        yield concept.quote
