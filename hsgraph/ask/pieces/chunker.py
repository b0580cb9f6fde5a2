"""Cuts a question into pieces that mean something, and keeps what else each could mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from hsgraph.ask.names.gazetteer import Gazetteer
from hsgraph.ask.names.name import OTHER, PART, PREFERRED, Meaning, Name
from hsgraph.ask.names.words import ANY, LANGUAGES, Token, stem
from hsgraph.ask.pieces.chunk import Chunk

_LONGEST: Final = 9
_LONGEST_NAME: Final = 14
_APART: Final = 2
_EXACT: Final = 0.2
_MOST_MEANINGS: Final = 8
_MOST_NAMED: Final = 3
_SKIPPED: Final = 0.35
_LONGER: Final = 0.5
_WORTH: Final = {"filler": 1.05, "not-held": 1.12, "class": 1.2, "cue": 1.1}
_INFLECTED: Final = 0.85
"""What a word of the lexicon is worth in a form that it is not given in."""
_NAMED: Final = {PREFERRED: 1.15, OTHER: 1.0, PART: 1.0}
_LAST: Final = {"keyword": 0.4, "Partner": 0.05, "Organisation": 0.05, "scheme": 0.5}
"""What a name of these kinds is worth less than another."""
_FIRST: Final = (
    "cue", "class", "Country", "Region", "Municipality", "Place", "Agency", "Fund", "dimension",
    "strategy", "principle", "outcome-kind", "population-group", "threat-type",
    "intervention-type", "organisation-type", "Project",
)  # fmt: skip
_CONCEPTS: Final = ("threat-type", "population-group", "intervention-type")
_IN_PART: Final = 0.8
_UNCHANGING: Final = ("number", "average", "which", "who", "when", "where", "per", "list")
"""Words that ask are met only as they are given: "comptant" is not "compter"."""
_OPENING: Final = (*_UNCHANGING, "how", "how-much", "why", "definition", "yes-no")
"""Words that ask are met without their accents where they begin a question."""
_TIMED: Final = ("before", "after", "since", "during")
_SHORT_STEM: Final = 3
"""A stem of so few letters does not tell one word from another."""
_TELLING: Final = 4
_FULLER: Final = 2
"""A name is known by some of its words when they are half of it."""
PARTLY: Final = (
    "Region", "Municipality", "Place", "Country", "threat-type", "population-group",
    "intervention-type", "Agency", "Project", "Partner", "Organisation",
)  # fmt: skip


@dataclass(frozen=True)
class Chunker:
    """Cuts questions in one language."""

    gazetteer: Gazetteer
    language: str

    def cut(self, given: Sequence[Token]) -> list[Chunk]:
        """The pieces of a question, in order: those that together explain most of its words."""
        best: list[tuple[float, Chunk | None]] = [(0.0, None)]
        ending: dict[int, list[Chunk]] = {}
        for chunk in self._all(given):
            ending.setdefault(chunk.end, []).append(chunk)
        for end in range(1, len(given) + 1):
            alone = Chunk((given[end - 1],), end - 1, ())
            choice = (best[end - 1][0], alone)
            for chunk in ending.get(end, ()):
                total = best[chunk.start][0] + chunk.worth
                if total > choice[0]:
                    choice = (total, chunk)
            best.append(choice)
        found: list[Chunk] = []
        end = len(given)
        while end > 0:
            chunk_here = best[end][1]
            assert chunk_here is not None
            found.append(chunk_here)
            end = chunk_here.start
        return found[::-1]

    def _all(self, given: Sequence[Token]) -> Iterator[Chunk]:
        light = [self._is_light(token) for token in given]
        link = [self._is_link(token) for token in given]
        longest = [self.gazetteer.longest_name(token.folded) for token in given]
        for start in range(len(given)):
            phrase = min(
                _LONGEST, self.gazetteer.longest_phrase(given[start].folded, self.language)
            )
            for end in range(start + 1, min(len(given), start + _LONGEST_NAME) + 1):
                window = given[start:end]
                if len(window) <= phrase:
                    yield from self._words(given, start, window)
                if link[start] or link[end - 1]:
                    continue
                needed = [
                    at for at in range(start, end)
                    if not link[at] and (not light[at] or at in (start, end - 1))
                ]  # fmt: skip
                if len(window) == 1 or _may_be_one([longest[at] for at in needed]):
                    yield from self._names(given, start, window, light[start:end])

    def _words(
        self, given: Sequence[Token], start: int, window: Sequence[Token]
    ) -> Iterator[Chunk]:
        names = self.gazetteer.phrases([token.folded for token in window], self.language)
        if not names or (window[0].is_capital and self._is_acronym(given, window)):
            return
        names = self._as_written(names, window, first=not start)
        if not names:
            return
        strong = sum(not self._is_link(token) for token in window) or 0.1
        kinds = max(_WORTH.get(name.meaning.kind, 1.0) for name in names)
        if len(window) == 1 and not any(name.words == (window[0].folded,) for name in names):
            kinds *= _INFLECTED
        ranked = sorted(names, key=lambda name: -_WORTH.get(name.meaning.kind, 1.0))
        worth = strong * kinds + _LONGER * (len(window) - 1) * 0.9
        yield Chunk(tuple(window), start, tuple(_once(ranked)), worth)

    def _as_written(self, names: list[Name], window: Sequence[Token], *, first: bool) -> list[Name]:
        """Those in just these words, with their accents; or the nearest.

        At the beginning a word that asks may lack its accent, "Ou travaille l'OIM ?", but "Des" is
        not "Dès". What is not held must not be taken for what is only like it.
        """
        words = [token.folded for token in window]
        if len(window) > 1:
            exact = [name for name in names if self.gazetteer.is_exact(words, name)]
            return exact or [name for name in names if name.meaning.kind != "not-held"]
        exact = [name for name in names if name.words == (words[0],)]
        accented = [name for name in exact if name.written == window[0].text.lower()]
        asks = first and any(name.meaning.value in _OPENING for name in exact)
        if exact:
            return (not asks and accented) or exact
        names = [name for name in names if name.meaning.value not in _UNCHANGING]
        if not names:
            return []
        apart = [abs(len(name.words[0]) - len(words[0])) for name in names]
        return [name for name, far in zip(names, apart, strict=True) if far == min(apart)]

    def _names(
        self, given: Sequence[Token], start: int, window: Sequence[Token], light: Sequence[bool]
    ) -> Iterator[Chunk]:
        kept = [token for token in window if not self._is_link(token)]
        if len(kept) > _LONGEST_NAME - 2:
            return
        optional = [
            at
            for at, token in enumerate(window)
            if light[at] and not self._is_link(token) and 0 < at < len(window) - 1
        ]
        for count in range(min(len(optional), _APART) + 1):
            for left_out in combinations(optional, count):
                words = [
                    token.folded
                    for at, token in enumerate(window)
                    if at not in left_out and not self._is_link(token)
                ]
                names = [n for n in self.gazetteer.named(words) if self._fits(n, window, count)]
                if names:
                    ranked = sorted(names, key=lambda name: self._rank(name, words))
                    best = _name_worth(ranked[0])
                    size = len(words)
                    if len(window) == 1 and ranked[0].words != (window[0].folded,):
                        best *= _INFLECTED
                    worth = size * best + _LONGER * (size - 1) - _SKIPPED * count
                    meanings = (*self._better(ranked, words), *_once(ranked))
                    yield Chunk(tuple(window), start, tuple(dict.fromkeys(meanings)), worth)
                elif words[1:] and not (count or light[0] or light[-1]) and self._is_part(kept):
                    near = self.gazetteer.partly(words, _CONCEPTS, self.language)
                    near = [n for n in near if len(n.key) <= _FULLER * len(words)]
                    if near:
                        worth = len(words) * _IN_PART + _LONGER * (len(words) - 1)
                        yield Chunk(tuple(window), start, nearest(near, len(words)), worth)

    def _better(self, ranked: Sequence[Name], words: Sequence[str]) -> tuple[Meaning, ...]:
        """What a word may be a part of, where it is else but another name of a keyword."""
        if any(n.meaning.kind != "keyword" or n.rank == PREFERRED for n in ranked):
            return ()
        near = self.gazetteer.partly(words, PARTLY[:-4], self.language)
        return nearest([n for n in near if len(n.key) <= _FULLER * len(words)], len(words))

    def _is_part(self, words: Sequence[Token]) -> bool:
        """Whether words may be looked for in names: "after war" tells a time, and is no part."""
        timed = self.gazetteer.phrases([words[0].folded], self.language)
        return self._is_telling(words) and not any(n.meaning.value in _TIMED for n in timed)

    def _is_telling(self, words: Sequence[Token]) -> bool:
        """Whether words can be looked for inside of names: long ones, not all of the lexicon."""
        known = [bool(self.gazetteer.phrases([w.folded], self.language)) for w in words]
        lengths = [len(word.folded) for word in words]
        return not all(known) and min(lengths) >= _TELLING - 1 and max(lengths) > _TELLING

    def _rank(self, name: Name, words: Sequence[str]) -> tuple[float, bool, int, bool]:
        kind = name.meaning.kind
        order = _FIRST.index(kind) if kind in _FIRST else len(_FIRST)
        stems = tuple(stem(word, name.language) for word in words)
        as_is = stems == tuple(stem(word, name.language) for word in name.words)
        foreign = name.language not in (self.language, ANY)
        exact = set(name.words) == set(words)
        return (-_name_worth(name) - _EXACT * exact, not as_is, order, foreign)

    def _fits(self, name: Name, window: Sequence[Token], left_out: int) -> bool:
        """Acronyms that are words must be in capitals, partners and foreign words in full."""
        word = window[0]
        if left_out and name.meaning.kind in ("Partner", "Organisation", "Project"):
            return False
        foreign = name.language not in (self.language, ANY)
        inflected = len(window) == 1 and name.words != (word.folded,)
        short = inflected and len(name.key[0]) <= _SHORT_STEM and len(name.words) == 1
        if short and not self.gazetteer.is_plural(name.words[0], word.folded):
            return False
        if foreign and inflected:
            return False
        if not name.capitals or len(window) > 1 or word.is_capital:
            return True
        if self.gazetteer.partly([word.folded], _CONCEPTS, self.language):
            return False
        return not any(self.gazetteer.phrases([word.folded], code) for code in LANGUAGES)

    def _is_acronym(self, given: Sequence[Token], window: Sequence[Token]) -> bool:
        if len(window) > 1 or all(token.text.isupper() for token in given if token.text.isalpha()):
            return False
        return any(name.capitals for name in self.gazetteer.named([window[0].folded]))

    def _is_link(self, token: Token) -> bool:
        return token.is_sign or self.gazetteer.is_link(token.folded, self.language)

    def _is_light(self, token: Token) -> bool:
        names = self.gazetteer.phrases([token.folded], self.language)
        return any(name.meaning.kind == "filler" for name in names)


def _may_be_one(longest: Sequence[Sequence[int]]) -> bool:
    """Whether some language has names of each of these words; `longest` has their lengths."""
    return any(map(all, zip(*longest, strict=True)))


def _name_worth(name: Name) -> float:
    return _NAMED[name.rank] - _LAST.get(name.meaning.kind, 0.0)


def nearest(names: Sequence[Name], words: int) -> tuple[Meaning, ...]:
    """Of names that hold the words, those with the fewest others; programmes last."""
    if not names:
        return ()
    ideas = [name for name in names if name.meaning.kind not in PARTLY[-3:]]
    chosen = [name for name in ideas if len(name.key) <= 3 * words + 1] or list(names)
    fewest = len(chosen[0].key) if ideas else max(len(name.key) for name in chosen)
    order = {kind: at for at, kind in enumerate(PARTLY)}
    ranked = sorted(chosen, key=lambda name: (len(name.key) > fewest, order[name.meaning.kind]))
    found = list(_once(ranked))
    same = [m for m in found if m.kind == found[0].kind]
    same = [m for m in same if m.value in {n.meaning.value for n in chosen if len(n.key) == fewest}]
    if found[0].kind in PARTLY[:7] and len(same) > 1:
        values = tuple(dict.fromkeys(value for m in same for value in m.values))
        label = ", ".join(dict.fromkeys(m.label for m in same[:_MOST_NAMED]))
        label += ", …" if len(values) > _MOST_NAMED else ""
        found.insert(0, Meaning(same[0].kind, same[0].value, label, values))
    return tuple(found[:_MOST_MEANINGS])


def _once(names: Sequence[Name]) -> Iterator[Meaning]:
    seen: set[tuple[str, str]] = set()
    for name in names:
        known = (name.meaning.kind, name.meaning.value)
        if known not in seen:
            seen.add(known)
            yield name.meaning
