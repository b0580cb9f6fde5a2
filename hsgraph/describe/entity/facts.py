"""The statements of a document as facts: a value, and how we come to know it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.build.index.words import fold
from hsgraph.describe.documents.document import Document, rule_of
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref, chosen
from hsgraph.describe.words.nameless import DATES, PRECISION, STATEMENT
from hsgraph.engine.protocol import Term
from hsgraph.languages import said
from hsgraph.languages import translated as _
from hsgraph.literals import is_value, plain, size
from hsgraph.namespaces import HS, INFERRED, OA, RDF, XSD, local_name

SHORT: Final = 600
"""Characters of a text that a page shows before it folds the rest away."""

_INFERRED: Final = re.compile(re.escape(INFERRED)).match
_YEAR: Final = HS + "year"
_EVIDENCE: Final = HS + "evidence"
_SUBJECT, _PREDICATE, _OBJECT = STATEMENT


@dataclass(frozen=True)
class Text:
    """A literal as a page shows it; `tag` is its language where values beside it have others."""

    text: str
    language: str = ""
    datatype: str = ""
    exact: str = ""
    tag: str = ""

    @property
    def head(self) -> str:
        """The part shown at once."""
        return self.text if len(self.text) <= SHORT else self.text[:SHORT].rsplit(" ", 1)[0] + " …"

    @property
    def long(self) -> bool:
        return len(self.text) > SHORT


@dataclass(frozen=True)
class Passage:
    """One place in a source: a few words of it, or a page."""

    evidence: Ref
    quote: str = ""
    place: str = ""


@dataclass(frozen=True)
class Mark:
    """What one source says for a fact: its number on the page, where, and how sure the reading."""

    number: int
    source: Ref
    passages: tuple[Passage, ...] = ()
    confidence: Ref | None = None


@dataclass(frozen=True)
class Fact:
    """A value with its evidence, whether it is coded or inferred, and what other sources say.

    The reason tells why it is preferred to the others, or set aside for another.
    """

    value: Ref | Text
    marks: tuple[Mark, ...] = ()
    coded: bool = False
    rule: Ref | None = None
    others: tuple[Fact, ...] = ()
    reason: str = ""

    @property
    def is_link(self) -> bool:
        return isinstance(self.value, Ref)

    @property
    def label(self) -> str:
        value = self.value
        return value.label if isinstance(value, Ref) else said(value.text, value.language)


class Facts:
    """Reads a document: all lookups are in memory and in a stable order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.labels: Labels = document.labels
        self.times_cited: Counter[str] = Counter()
        self._values: dict[tuple[str, str], dict[Term, list[str]]] = defaultdict(dict)
        for subject, predicate, value, graph in document.rows:
            self._values[subject, predicate].setdefault(value, []).append(graph)
        self._claims: dict[tuple[str, str, Term], list[str]] = defaultdict(list)
        self._set_aside: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for claim in sorted(self._pointing(RDF + "type", HS + "Claim")):
            self._add_claim(claim)

    def _add_claim(self, claim: str) -> None:
        subject, predicate = self.iri(claim, _SUBJECT), self.iri(claim, _PREDICATE)
        kept = self._values.get((subject, predicate), {})
        for value in self._values.get((claim, _OBJECT), ()):
            self._claims[subject, predicate, value].append(claim)
            if value not in kept:
                self._set_aside[subject, predicate].append(value)

    @cached_property
    def _by_predicate(self) -> dict[str, dict[str, list[str]]]:
        """The subjects of each property and each thing that it points to."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for (subject, predicate), values in self._values.items():
            pointed = found[predicate]
            for value in values:
                if isinstance(value, NamedNode):
                    pointed[value.value].append(subject)
        return found

    def _pointing(self, predicate: str, value: str) -> Sequence[str]:
        return self._by_predicate[predicate].get(value, ())

    def subjects(self, predicate: str, value: str) -> list[str]:
        """What points to `value` with `predicate`, by label."""
        return self.ordered(self._pointing(predicate, value))

    def parts(self, kind: str) -> list[str]:
        """The parts of the document's thing that have the class `hs:{kind}`, by label."""
        return self.subjects(RDF + "type", HS + kind)

    def ordered(self, iris: Iterable[str]) -> list[str]:
        return [ref.iri for ref in self.labels.sorted(set(iris))]

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """The values of a property: numbers by size, things by label, texts by their text."""
        found = list(self._values.get((subject, predicate), ()))
        if len(found) < 2:
            return found
        return sorted(found, key=self._place)

    def _place(self, term: Term) -> tuple[float, str, str]:
        large = size(term.value, term.datatype.value) if isinstance(term, Literal) else inf
        return large, fold(self._label(term)), str(term)

    def predicates(self, subject: str) -> set[str]:
        """The properties that the document gives a thing, also where all values are set aside."""
        aside = {p for (s, p), values in self._set_aside.items() if s == subject and values}
        return aside | {p for (s, p) in self._values if s == subject}

    def iris(self, subject: str, predicate: str) -> list[str]:
        return [o.value for o in self.objects(subject, predicate) if isinstance(o, NamedNode)]

    def iri(self, subject: str, predicate: str) -> str:
        """The first thing a property points to, or an empty string."""
        return next(iter(self.iris(subject, predicate)), "")

    def refs(self, subject: str, predicate: str) -> tuple[Ref, ...]:
        return tuple(self.ref(iri) for iri in self.iris(subject, predicate))

    def ref(self, iri: str) -> Ref:
        return self.labels.ref(iri)

    def text(self, subject: str, predicate: str) -> str:
        return chosen(self._values.get((subject, predicate), ()))

    def is_true(self, subject: str, predicate: str) -> bool:
        return self.text(subject, predicate) in ("true", "1")

    def facts(self, subject: str, predicate: str) -> tuple[Fact, ...]:
        """The values of a property as facts; values set aside hang on the first one kept."""
        kept = [self.fact(subject, predicate, v) for v in self.objects(subject, predicate)]
        if set_aside := self._set_aside.get((subject, predicate)):
            aside = tuple(self.fact(subject, predicate, v) for v in set_aside)
            if not kept:
                return aside
            kept[0] = replace(kept[0], others=aside)
        return with_languages(kept)

    def fact(self, subject: str, predicate: str, value: Term) -> Fact:
        """One statement with what is known about how we know it."""
        graphs = self._values.get((subject, predicate), {}).get(value, ())
        inferred = graphs and all(map(_INFERRED, graphs))
        rule = self.ref(rule_of(min(graphs))) if inferred else None
        claims = self._claims.get((subject, predicate, value), ())
        bases = {self.iri(claim, HS + "basis") for claim in claims} - {""}
        coded = HS + "Stated" not in bases and (
            HS + "Coded" in bases or self.labels.of(predicate).coded
        )
        marks = tuple(dict.fromkeys(mark for claim in claims for mark in self.marks(claim)))
        reasons = (self.text(claim, HS + "preferenceReason") for claim in claims)
        dated = next((claim for claim in claims if self.iri(claim, PRECISION)), subject)
        return Fact(
            self.value(value, dated, predicate),
            marks,
            coded and rule is None,
            rule,
            reason=next(filter(None, reasons), ""),
        )

    def own(self, iri: str) -> Fact:
        """A thing that carries its own evidence (a threat, a budget …) as a fact."""
        coded = self.iri(iri, HS + "basis") == HS + "Coded"
        return Fact(self.ref(iri), self.marks(iri), coded)

    def marks(self, node: str) -> tuple[Mark, ...]:
        """The evidence that a thing or claim carries."""
        confidence = self.iri(node, HS + "confidence")
        sure = self.ref(confidence) if confidence else None
        passages: dict[str, list[Passage]] = defaultdict(list)
        for evidence in sorted(self.iris(node, _EVIDENCE)):
            source = self.iri(evidence, OA + "hasSource") or evidence
            passages[source].append(self.passage(evidence))
        return tuple(
            Mark(self.number(source), self.ref(source), tuple(found), sure)
            for source, found in passages.items()
        )

    @property
    def sources(self) -> tuple[Ref, ...]:
        """The sources that were cited so far, by their numbers."""
        return tuple(map(self.ref, self.times_cited))

    def passage(self, evidence: str) -> Passage:
        """The words or page that a piece of evidence points to."""
        selectors = self.iris(evidence, OA + "hasSelector")
        quotes = [self.text(selector, OA + "exact") for selector in selectors]
        places = [self.text(selector, RDF + "value") for selector in selectors]
        return Passage(
            self.ref(evidence),
            " … ".join(filter(None, quotes)),
            ", ".join(filter(None, places)).replace("=", " "),
        )

    def number(self, source: str) -> int:
        """The number of a source on this page, given in the order of first mention."""
        self.times_cited[source] += 1
        return list(self.times_cited).index(source) + 1

    def value(
        self, term: Term, subject: str = "", predicate: str = "", precision: str = ""
    ) -> Ref | Text:
        """A term as pages show it; dates no finer than a precision, or that stated beside them."""
        if not isinstance(term, Literal):
            return self.ref(term.value)
        datatype = term.datatype.value
        text = exact = plain(term.value, datatype) or term.value
        meant = text.strip()
        if not is_value(text, datatype):
            pass
        elif datatype == XSD + "date":
            text = wording.date(meant, precision or self.precision(subject, predicate))
        elif datatype in (XSD + "integer", XSD + "decimal") and predicate.startswith(HS):
            text = meant if predicate == _YEAR else wording.number(meant)
        elif datatype == XSD + "boolean":
            text = _("yes") if meant in ("true", "1") else _("no")
        return Text(text, term.language or "", datatype, exact)

    def precision(self, subject: str, predicate: str) -> str:
        """The precision stated for a date: `hs:startPrecision` for `hs:startDate`, and so on.

        A claim states that of its value by `hs:datePrecision` where it was set aside.
        """
        stated = self.iri(subject, DATES.get(predicate, "")) or self.iri(subject, PRECISION)
        if not stated and predicate == _OBJECT:
            return self.document.claimed.get(subject, "day")
        return local_name(stated) or "day"

    def date(self, subject: str, name: str) -> str:
        """A date of a project (`start`, `end` …) in words, or an empty string."""
        value = self.text(subject, f"{HS}{name}Date")
        return wording.date(value, self.precision(subject, f"{HS}{name}Date")) if value else ""

    def _label(self, term: Term) -> str:
        return self.ref(term.value).label if isinstance(term, NamedNode) else term.value


def with_languages(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The values of one property, each with its language where they are not all of one."""
    languages = {fact.value.language for fact in facts if isinstance(fact.value, Text)}
    if len(languages) < 2:
        return tuple(facts)
    return tuple(
        replace(fact, value=replace(fact.value, tag=fact.value.language))
        if isinstance(fact.value, Text) and fact.value.language
        else fact
        for fact in facts
    )
