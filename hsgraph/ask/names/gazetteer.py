"""What words can mean: names of the graph and words of the lexicon, found by their stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from hsgraph.ask.names.name import PREFERRED, Meaning, Name
from hsgraph.ask.names.stored import StoredNames
from hsgraph.ask.names.words import ANY, LANGUAGES, SLIP, shorter, split, stem
from hsgraph.search.spelling import distance


class Gazetteer:
    """All names; asked with folded words, it stems them as each language does.

    The words of the lexicon are held in memory; `things` are the names of things, once they are
    known, in a file.
    """

    things: StoredNames | None = None

    def __init__(self) -> None:
        self._same: dict[str, dict[str, str]] = {code: {} for code in (*LANGUAGES, ANY)}
        self._links: dict[str, frozenset[str]] = dict.fromkeys((*LANGUAGES, ANY), frozenset())
        self._phrases: dict[tuple[str, tuple[str, ...]], list[Name]] = defaultdict(list)
        self._bags: dict[tuple[str, frozenset[str]], list[Name]] = defaultdict(list)
        self._holding: dict[tuple[str, str], list[Name]] = defaultdict(list)
        self.forms: dict[tuple[str, str], tuple[str, ...]] = {}
        """What a code of the grammar has in a language."""
        self._words: dict[str, set[str]] = {}
        self._longest: dict[tuple[str, str], int] = defaultdict(int)

    def same(self, language: str, words: Iterable[str]) -> None:
        """Let words count as one: the first."""
        first, *others = [stem(word, language) for word in words]
        for other in (first, *others):
            self._same[language][other] = first

    def links(self, language: str, words: Iterable[str]) -> None:
        """Words that names may have or not, such as articles."""
        self._links[language] |= frozenset(words)

    def is_link(self, word: str, language: str) -> bool:
        return word in self._links[language]

    def form(self, code: str, language: str, texts: Iterable[str]) -> None:
        """What a language has for a code of the grammar, such as its endings."""
        self.forms[code, language] = (*self.forms.get((code, language), ()), *texts)

    @cached_property
    def plurals(self) -> tuple[str, ...]:
        """How nouns of several things end, in whatever language."""
        endings = (self.forms.get(("plural", language), ()) for language in LANGUAGES)
        return tuple({ending for each in endings for ending in each})

    def is_plural(self, one: str, other: str) -> bool:
        """Whether one of two words is the plural of the other: "pared" and "parar" are not."""
        short, long = sorted((one, other), key=len)
        return any(long == short + ending for ending in self.plurals)

    def stem(self, word: str, language: str) -> str:
        found = stem(word, language)
        return self._same[language].get(found, found)

    def add_word(self, meaning: Meaning, text: str, language: str) -> None:
        """A word or phrase of the lexicon, found only as it stands."""
        words = split(text)
        key = tuple(self.stem(word, language) for word in words)
        if not key:
            return
        self._phrases[language, key].append(
            Name(meaning, key, language, PREFERRED, words=tuple(words), written=text.lower())
        )
        first = (language, key[0])
        self._longest[first] = max(self._longest[first], len(key))
        self._learn(words, language)

    def name(self, meaning: Meaning, text: str, language: str, rank: int) -> Name | None:
        """A name with the stems of its words; None for a text without any."""
        words = [word for word in split(text) if not self.is_link(word, language)]
        words = words or split(text)
        key = tuple(self.stem(word, language) for word in words)
        capitals = len(words) == 1 and text.isupper()
        return Name(meaning, key, language, rank, capitals, tuple(words)) if key else None

    def add_name(self, meaning: Meaning, text: str, language: str, rank: int) -> None:
        """A name of a thing, found also in another order of its words, or by a part of them."""
        name = self.name(meaning, text, language, rank)
        if name is None:
            return
        self._bags[language, frozenset(name.key)].append(name)
        for word in set(name.key) if len(name.key) > 1 else ():
            self._holding[language, word].append(name)
        self._learn(name.words, language)

    def phrases(self, words: Sequence[str], language: str) -> list[Name]:
        """The words of the lexicon that these words are, in this order."""
        key = tuple(self.stem(word, language) for word in words)
        found = self._phrases.get((language, key), [])
        return [name for name in found if self._alike(words, name)]

    def longest_phrase(self, word: str, language: str) -> int:
        """How many words the longest phrase of the lexicon has that begins with a word."""
        return self._longest.get((language, self.stem(word, language)), 0)

    def longest_name(self, word: str) -> tuple[int, ...]:
        """For each language, how many words the longest name has that this word is a part of."""
        return tuple(self._longest_name(self.stem(word, code), code) for code in (*LANGUAGES, ANY))

    def _longest_name(self, stemmed: str, language: str) -> int:
        held = max((len(n.key) for n in self._holding.get((language, stemmed), ())), default=0)
        return max(held, self.things.longest(stemmed, language) if self.things is not None else 0)

    def _alike(self, words: Sequence[str], name: Name) -> bool:
        """Whether words are those of a name, where a stem is too short to tell."""
        same = self._same[name.language]
        return all(
            len(stemmed) >= SLIP
            or word == other
            or self.is_plural(word, other)
            or stemmed == same.get(word)
            for word, other, stemmed in zip(words, name.words, name.key, strict=True)
        )

    def is_exact(self, words: Sequence[str], name: Name) -> bool:
        """Whether a name is in just these words, or in others declared to be the same."""
        same = self._same[name.language]
        pairs = zip(words, name.words, strict=True)
        return all(w == o or same.get(w, w) == same.get(o, o) for w, o in pairs)

    def named(self, words: Sequence[str]) -> list[Name]:
        """The names that consist of these words, in any order and language."""
        codes = (*LANGUAGES, ANY)
        keys = [(code, frozenset(self.stem(word, code) for word in words)) for code in codes]
        found = [name for key in keys for name in self._bags.get(key, [])]
        if self.things is not None:
            found += self.things.named(keys)
        return sorted(found, key=lambda name: codes.index(name.language))

    def partly(self, words: Sequence[str], kinds: Collection[str], language: str) -> list[Name]:
        """The names of some kinds that hold all of these words, the shortest first.

        In another language than that of the question they must be spelled as they are there.
        """
        found: list[Name] = []
        for other in (*LANGUAGES, ANY):
            key = [self.stem(word, other) for word in words]
            names = self._holding.get((other, key[0]), [])
            if self.things is not None:
                names = names + self.things.partly(key, other, kinds)
            for name in names:
                known = other in (language, ANY) or set(words) <= set(name.words)
                if known and name.meaning.kind in kinds and set(key) <= set(name.key):
                    found.append(name)
        return sorted(found, key=lambda name: (len(name.key), -name.rank, name.meaning.value))

    def languages(self, word: str) -> set[str]:
        """The languages that a word is known in."""
        known = self._words.get(word, set())
        return known | self.things.languages(word) if self.things is not None else known

    def respell(self, word: str, language: str) -> str | None:
        """The known word of a language that this one is likely a slip of."""
        if len(word) < SLIP or not word.isalpha():
            return None
        most = 1 if len(word) < 2 * SLIP else 2
        near: dict[str, int] = {}
        for other in self.things.near(shorter(word)) if self.things is not None else ():
            apart = distance(word, other, most)
            long_enough = len(other) > SLIP
            first = other[0] == word[0] or len(word) >= 2 * SLIP
            known = self.languages(other) & {language, ANY}
            if apart is not None and known and long_enough and first:
                near[other] = apart
        return min(near, key=lambda other: (near[other], other[0] != word[0], other), default=None)

    @property
    def words(self) -> Collection[str]:
        """The words that are held in memory."""
        return self._words.keys()

    def _learn(self, words: Iterable[str], language: str) -> None:
        for word in words:
            self._words.setdefault(word, set()).add(language)
