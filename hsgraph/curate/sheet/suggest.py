"""Suggests threats and interventions: concepts whose names' words stand together in a sentence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache, partial
from typing import Final, NamedTuple

from hsgraph.curate.known import Graph, Known
from hsgraph.curate.model import Concept, few
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import is_plural, words, words_of
from hsgraph.namespaces import SKOS

INTERVENTION: Final = "intervention-type"
THREATS: Final = (None, "background", "overview", "activities", "objectives", "results")
INTERVENTIONS: Final = (*THREATS, "beneficiaries")
_STEMMERS: Final = {"en": "english", "fr": "french", "es": "spanish", "pt": "portuguese"}
_SLACK: Final = 2
_SHORTEST: Final = 6
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+")


_Stem = Callable[[str], str]


class _Name(NamedTuple):
    stems: frozenset[str]
    concept: Known
    word: str
    """The name, where it is a single word: no other word of its family stands for it."""


def suggest(
    graph: Graph,
    vocabulary: str,
    sections: list[Section],
    codes: tuple[str | None, ...],
    language: str | None,
) -> list[Concept]:
    """Concepts of a vocabulary that the sections speak of, each with the words that say so.

    Words count as the same by their stems in the `language` of the sections.
    """
    stem = partial(_stem, language=language if language in _STEMMERS else "en")
    index = _index(graph, vocabulary, stem)
    found: dict[str, Concept] = {}
    for section in sections:
        if section.code not in codes or (section.inline and section.code is None):
            continue
        lines = section.items if _only_items(section, vocabulary) else section.lines
        for line in lines:
            for sentence in _SENTENCE.split(_without_names(line.text, graph)):
                for concept, start, end in _matches(sentence, index, graph, stem):
                    if concept.iri not in found:
                        quote = few(sentence, line.number, start, end)
                        found[concept.iri] = Concept(concept, quote)
    return _narrow(list(found.values()), graph) if vocabulary == INTERVENTION else [*found.values()]


def _narrow(found: list[Concept], graph: Graph) -> list[Concept]:
    """Without the broadest concepts, where there are others: the narrowest that fits is wanted."""
    narrow = [each for each in found if not graph.values(each.concept.iri, SKOS + "topConceptOf")]
    return narrow or found


def _only_items(section: Section, vocabulary: str) -> bool:
    """Whether only the items of a section count: a background tells of threats, items of deeds."""
    return section.code == "background" and vocabulary == INTERVENTION


def _without_names(text: str, graph: Graph) -> str:
    """The text with the names of organisations blotted out: a trust fund is no intervention."""
    for hit in graph.find(text, "organisation"):
        text = text[: hit.start] + "." * (hit.end - hit.start) + text[hit.end :]
    return text


def _index(graph: Graph, vocabulary: str, stem: _Stem) -> dict[str, list[_Name]]:
    """The names by their rarest stem."""
    names = []
    for name, concept in graph.names_of(vocabulary):
        whole = name.split()
        told = [word for word in whole if word not in words().phrases["function"]]
        strong = [word for word in told if word not in words().phrases["weak"]]
        kept = strong if len(strong) > 1 else told
        if len(kept) == 1 < len(whole):
            continue
        stems = frozenset(map(stem, kept))
        if len(stems) > 1 or (len(kept) == 1 and len(name) >= _SHORTEST):
            names.append(_Name(stems, concept, kept[0] if len(kept) == 1 else ""))
    common = Counter(part for each in names for part in each.stems)
    index: dict[str, list[_Name]] = defaultdict(list)
    for each in names:
        index[min(each.stems, key=lambda part: (common[part], part))].append(each)
    return index


def _matches(
    sentence: str, index: dict[str, list[_Name]], graph: Graph, stem: _Stem
) -> list[tuple[Known, int, int]]:
    listed = [word for word in words_of(sentence) if word.plain not in words().phrases["function"]]
    stems = [stem(word.plain) for word in listed]
    hits: list[tuple[Known, int, int, int]] = []
    for position, here in enumerate(stems):
        for name in index.get(here, ()):
            word = listed[position].plain
            if name.word and name.word != word and not is_plural(name.word, word):
                continue
            reach = len(name.stems) - 1 + (_SLACK if len(name.stems) > 1 else 0)
            first, last = max(0, position - reach), min(len(stems), position + reach + 1)
            places = [place for place in range(first, last) if stems[place] in name.stems]
            if {stems[place] for place in places} >= name.stems:
                near = _closest(places, stems, name.stems, position)
                if near and near[1] - near[0] <= reach:
                    start, end = listed[near[0]].start, listed[near[1]].end
                    if near[1] - near[0] >= len(name.stems) and "," in sentence[start:end]:
                        continue
                    hits.append((name.concept, start, end, len(name.stems)))
    return _narrowest(hits, graph)


def _closest(
    places: list[int], stems: list[str], wanted: frozenset[str], around: int
) -> tuple[int, int] | None:
    """The shortest stretch around a place that has all stems."""
    best = None
    for first in (place for place in places if place <= around):
        for last in (place for place in places if place >= around):
            whole = {stems[place] for place in range(first, last + 1)} >= wanted
            if whole and (best is None or last - first < best[1] - best[0]):
                best = (first, last)
    return best


def _narrowest(
    hits: list[tuple[Known, int, int, int]], graph: Graph
) -> list[tuple[Known, int, int]]:
    """Of concepts found in the same words, those of the longest name, and none above another."""
    kept = []
    for concept, start, end, size in hits:
        covered = any(
            other_start < end and start < other_end and other_size > size
            for _, other_start, other_end, other_size in hits
        )
        above = any(
            concept.iri in graph.values(other.iri, SKOS + "broader")
            and other_start < end
            and start < other_end
            for other, other_start, other_end, _ in hits
        )
        if not covered and not above:
            kept.append((concept, start, end))
    return kept


@cache
def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str):  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS[language])
