"""Reads the words of questions and the names of things from the graph, through any engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from hsgraph.ask import parts
from hsgraph.ask.names.gazetteer import Gazetteer
from hsgraph.ask.names.grammar import CODES, Grammar
from hsgraph.ask.names.name import OTHER, PREFERRED, Meaning
from hsgraph.ask.names.stored import stored
from hsgraph.ask.names.things import names as of_things
from hsgraph.ask.names.words import ANY, split
from hsgraph.engine.protocol import Engine, Term
from hsgraph.namespaces import BASE, DCTERMS, HS, RDFS, SKOS, VOCAB, local_name

LEXICON: Final = BASE + "lexicon#"
_ONTOLEX: Final = "http://www.w3.org/ns/lemon/ontolex#"
SIZES: Final = {"small": "smallest", "large": "largest"}
"""The end of an order that a word for a size stands for."""
UNMEASURED: Final = (*SIZES, "unmeasured")
"""Words that would restrict what is asked for, if the graph had a measure for them."""
NARROWER: Final = "narrower"
"""The code of words that mean less than the concept they are taken for."""
OTHER_ONES: Final = "other"
"""The code of words that set what is asked for beside something named: "where else than"."""
PEOPLE: Final = "people"
"""The code of words for people of no group in particular, which make no condition."""
_LIGHT: Final = (
    "link", "filler", "indefinite", "direction", "built", "fund", "kind", PEOPLE, OTHER_ONES,
    *UNMEASURED,
)  # fmt: skip
Texts = Mapping[str, str]
"""A text in each language that it is given in."""


@dataclass(frozen=True)
class Held:
    """Why the graph does not hold something, and the class of what is nearest."""

    why: Texts
    nearest: str | None


@dataclass(frozen=True)
class Word:
    """One entry of the lexicon, as the graph has it."""

    iri: str
    values: Mapping[str, tuple[Term, ...]]

    def iris(self, term: str) -> tuple[str, ...]:
        return tuple(value.value for value in self.values.get(term, ()))

    def texts(self, term: str) -> Texts:
        found = self.values.get(term, ())
        return {str(v.language): v.value for v in found if isinstance(v, Literal)}

    def forms(self) -> Iterator[tuple[str, str]]:
        """Each way to write it, with its language."""
        for term in (RDFS + "label", SKOS + "hiddenLabel"):
            for value in self.values.get(term, ()):
                if isinstance(value, Literal):
                    yield value.value, value.language or ANY


@dataclass
class Lexicon:
    """All that questions are read with."""

    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    reasons: dict[str, Held] = field(default_factory=dict)
    kinds: dict[str, Texts] = field(default_factory=dict)
    answers: dict[str, Texts] = field(default_factory=dict)
    examples: list[Texts] = field(default_factory=list)
    empty_places: set[str] = field(default_factory=set)
    around: dict[str, str] = field(default_factory=dict)
    """For a country without a programme, the region that it lies in."""

    def grammar(self, language: str) -> Grammar:
        """The facts of a language."""
        kept = {code: self.gazetteer.forms.get((code, language), ()) for code in CODES}
        return Grammar(
            language, kept["ending"], kept["article"], kept["plural-ending"], kept["singular"],
            kept["turned-ending"], bool(kept["adjective-first"]), bool(kept["as-stated"]),
        )  # fmt: skip

    def text(self, code: str, language: str) -> str:
        """A text of answers in a language, or in English."""
        texts = self.answers.get(code, {})
        return texts.get(language) or texts.get("en", "")

    def kind(self, kind: str, language: str) -> str:
        """The name of a kind of things, in the plural."""
        texts = self.kinds.get(kind, {})
        return texts.get(language) or texts.get("en", "")


def read(engine: Engine, names: Path | None = None) -> Lexicon:
    """The lexicon and all names of a graph; `names` is the file that keeps those of things."""
    lexicon = Lexicon()
    words = _words(engine)
    for word in words:
        _prepare(lexicon, word)
    codes = {}
    for row in engine.select(parts.text("codes")).rows:
        codes[row["code"].value] = row["place"].value
        if row["programmes"].value == "0":
            lexicon.empty_places.add(row["place"].value)
    _Words(lexicon, codes, {word.iri: word for word in words}).add_all(words)
    gazetteer = lexicon.gazetteer
    gazetteer.things = stored(names, lambda: of_things(engine, gazetteer), gazetteer.words)
    return lexicon


def _words(engine: Engine) -> list[Word]:
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in engine.select(parts.text("lexicon")).rows:
        found[row["word"].value][row["property"].value].append(row["value"])
    return [
        Word(iri, {term: tuple(values) for term, values in found[iri].items()})
        for iri in sorted(found)
    ]


def _prepare(lexicon: Lexicon, word: Word) -> None:
    """What must be known before names are read: the grammar, words that are one, and links."""
    gazetteer = lexicon.gazetteer
    for code in word.iris(SKOS + "notation"):
        if code not in (*CODES, "same", "link"):
            continue
        forms: dict[str, list[str]] = defaultdict(list)
        for form, language in word.forms():
            forms[language].append(form)
        for language, texts in forms.items():
            if code in CODES:
                gazetteer.form(code, language, texts)
                continue
            keep = gazetteer.same if code == "same" else gazetteer.links
            keep(language, [words[0] for words in map(split, texts) if words])


@dataclass(frozen=True)
class _Words:
    """Puts the words of the lexicon where they are looked for."""

    lexicon: Lexicon
    codes: Mapping[str, str]
    by_iri: Mapping[str, Word]

    def add_all(self, words: list[Word]) -> None:
        for word in words:
            notation = word.iris(SKOS + "notation")
            things = word.iris(_ONTOLEX + "isConceptOf")
            if notation and notation[0] != NARROWER:
                self._add_cue(word, notation[0])
            elif things and _is_kind(things[0]):
                self._add_kind(word, things)
            elif (meaning := self._place(word, things)) is not None:
                for form, language in word.forms():
                    named = form in word.texts(RDFS + "label").values()
                    rank = PREFERRED if named and not meaning.value.startswith(VOCAB) else OTHER
                    acronym = form.isupper() and len(form) < 9
                    self.lexicon.gazetteer.add_name(
                        meaning, form, ANY if acronym else language, rank
                    )

    def _add_cue(self, word: Word, code: str) -> None:
        if code == "answer":
            self.lexicon.answers[local_name(word.iri)] = word.texts(SKOS + "definition")
            return
        if code == "example":
            self.lexicon.examples.append(word.texts(RDFS + "label"))
            return
        if code == "same" or code in CODES:
            return
        kind, value = "cue", code
        if code == "not-held":
            kind, value = code, word.iri
            near = word.iris(RDFS + "seeAlso")
            why = word.texts(SKOS + "definition")
            self.lexicon.reasons[word.iri] = Held(why, near[0] if near else None)
        elif code in _LIGHT:
            kind = "filler"
        elif code == "in-name":
            kind, value = "words", word.texts(RDFS + "label")["en"]
        elif code.isdigit():
            kind = "number"
        labels = word.texts(RDFS + "label")
        for form, language in word.forms():
            label = labels.get(language) or labels.get("en", code)
            meaning = Meaning(kind, value, label, word.iris(_ONTOLEX + "isConceptOf"))
            self.lexicon.gazetteer.add_word(meaning, form, language)

    def _add_kind(self, word: Word, things: tuple[str, ...]) -> None:
        labels = word.texts(RDFS + "label")
        one = len(things) == 1
        if one:
            self.lexicon.kinds[local_name(things[0])] = labels
        for form, language in word.forms():
            label = labels.get(language) or labels.get("en", "")
            meaning = Meaning("class" if one else "scheme", things[0], label, () if one else things)
            self.lexicon.gazetteer.add_word(meaning, form, language)

    def _place(self, word: Word, things: tuple[str, ...]) -> Meaning | None:
        labels = word.texts(RDFS + "label")
        label = labels.get("en") or next(iter(labels.values()), "")
        if things:
            if things[0].startswith(VOCAB):
                kind = things[0].removeprefix(VOCAB).split("/")[0]
                several = (f"{label}, …", things) if things[1:] else (label, ())
                less = NARROWER in word.iris(SKOS + "notation")
                return Meaning(kind, min(things), *several, less)
            kind = "Agency" if "/organisation/" in things[0] else "Region"
            return Meaning(kind, things[0], label)
        identifier = word.iris(DCTERMS + "identifier")
        if identifier:
            return self._country(word, identifier[0], label)
        found: dict[str, str] = {}
        for iri in word.iris(DCTERMS + "hasPart"):
            country = self.by_iri.get(iri)
            for code in country.iris(DCTERMS + "identifier") if country else ():
                if country and code in self.codes:
                    found[self.codes[code]] = country.texts(RDFS + "label").get("en", code)
        named = f"{label}: {', '.join(sorted(found.values()))}"
        return Meaning("Region", word.iri, named, tuple(sorted(found))) if found else None

    def _country(self, word: Word, code: str, label: str) -> Meaning:
        place = self.codes.get(code)
        around = word.iris(DCTERMS + "isPartOf")
        if around:
            self.lexicon.around[place or word.iri] = around[0]
        if place is None:
            return Meaning("absent", word.iri, label)
        return Meaning("Country", place, label)


def _is_kind(iri: str) -> bool:
    """Whether this is a class or a vocabulary."""
    return iri.startswith(HS) or (iri.startswith(VOCAB) and "/" not in iri.removeprefix(VOCAB))
