"""How good the data is: what is missing or doubtful, how full it is, what sources disagree on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.build.check.coverage import ClassCoverage, Coverage, PropertyCoverage
from hsgraph.build.check.nearest import MEANT
from hsgraph.build.check.report import SEVERITIES, Finding, Report
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.queries import query
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, Ref
from hsgraph.describe.words.nameless import STATEMENT, precisions
from hsgraph.engine.protocol import Engine, Term
from hsgraph.languages import DEFAULT, later, reader, said, told
from hsgraph.namespaces import HS

_NO_CONCEPT: Final = re.compile(r"There is no concept (\S+)\.(?: Those there are: (.+))?")
_CLAIM: Final = ("thing", "predicate", "value")
MOST: Final = 50
"""Disputed facts and unused sources that the page lists."""
_FIRST_CLASSES: Final = tuple(
    HS + name
    for name in (
        *("Project", "Threat", "Intervention", "Objective", "Budget", "Participation"),
        *("BeneficiaryTarget", "Source", "Claim"),
    )
)
"""The classes that the coverage begins with; the others follow by name."""


@dataclass(frozen=True)
class Fullness:
    """A class and how many things of it have each property that its shape names."""

    name: Ref
    count: int
    shares: tuple[tuple[Ref, PropertyCoverage], ...]


@dataclass(frozen=True)
class Check:
    """A check of the shapes, with what it found: how many of how many things of which class."""

    severity: str
    shape: Ref
    message: str
    count: int
    about: Ref | None
    whole: int

    @property
    def brief(self) -> str:
        """What is missing, without what to do about it."""
        language = getattr(self.message, "language", "")
        return said(self.message.partition(":")[0].strip(), language)


@dataclass(frozen=True)
class Disputed:
    """A fact that sources disagree on: about what, which, the value not preferred, and why."""

    thing: Ref
    property: Ref | None
    value: Ref | None
    text: str
    reason: str


@dataclass(frozen=True)
class Quality:
    """What the page tells; files that no shapes came with were not `checked`."""

    checked: bool
    severities: tuple[tuple[str, int], ...]
    checks: tuple[Check, ...]
    fullness: tuple[Fullness, ...]
    disputed: tuple[Disputed, ...]
    disputed_count: int
    unused: tuple[Ref, ...]
    unused_count: int


@dataclass(frozen=True)
class Findings(Paged):
    """One page of the findings that a filter lets through."""

    rows: tuple[Finding, ...]


def quality(engine: Engine, report: Report, coverage: Coverage, *, checked: bool = True) -> Quality:
    """Read the overview; of data that was not checked, how full it is and what is disputed."""
    disputed, words = _disputed(engine), shape_words(engine)
    sources = [row["source"].value for row in engine.select(query("unused_sources")).rows]
    unused = tuple(map(Labels.fetch(engine, sources).ref, sources))
    fullness = _fullness(engine, coverage, words, checked)
    return Quality(
        checked=checked,
        severities=tuple((severity, report.count(severity)) for severity in SEVERITIES),
        checks=_checks(translated(report.findings, words), fullness),
        fullness=fullness,
        disputed=disputed[:MOST],
        disputed_count=len(disputed),
        unused=unused[:MOST],
        unused_count=len(unused),
    )


def findings(
    report: Report,
    words: Mapping[str, str],
    *,
    severity: str,
    check: str,
    file: str,
    page: int,
    size: int,
) -> Findings:
    """The findings of one severity, check or file (or all), in the order of the report.

    `words` are the `shape_words` of the data.
    """
    found: Sequence[Finding] = [
        finding
        for finding in report.findings
        if severity in ("", finding.severity)
        if check in ("", finding.shape_name) and file in ("", finding.file)
    ]
    return Findings(len(found), page, size, translated(window(found, page, size), words))


def gaps(report: Report) -> Counter[str]:
    """The number of violations and warnings in each file."""
    return Counter(f.file for f in report.findings if f.file and f.severity != "info")


def shape_words(engine: Engine) -> Mapping[str, str]:
    """The names and messages of the shapes in the reader's language, by the English ones."""
    if reader() == DEFAULT:
        return {}
    rows = engine.select(query("shape_words"), {"language": Literal(reader())}).rows
    return {row["english"].value: row["text"].value for row in rows}


def translated(findings: Iterable[Finding], words: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings with what they say in the reader's language, or marked as English."""

    def detail(line: str) -> str:
        """A line of details: a message, then in brackets what it is about."""
        message, about = (line.rpartition(" (") if line.endswith(")") else (line, "", ""))[::2]
        text = words.get(message.strip())
        return f"{text} ({about}" if text and about else text or said(line, DEFAULT)

    def message(text: str) -> str:
        """A message, with the nearest name there is where it may have been meant."""
        own, _, near = text.partition(MEANT)
        told_own = words.get(own) or _no_concept(own)
        if near and told_own:
            return f"{told_own} {told(later('Nearest'))} → {near.removesuffix('?')}"
        return told_own or said(text, DEFAULT)

    return tuple(
        replace(
            found,
            message=message(found.message),
            details=tuple(map(detail, found.details)),
        )
        for found in findings
    )


def _no_concept(text: str) -> str:
    """That a concept is not there, in the reader's language; nothing for another message."""
    found = _NO_CONCEPT.fullmatch(text)
    if found is None:
        return ""
    there_are = f" {told(later('Those there are: {1}'), found[2])}" if found[2] else ""
    return told(later("There is no concept {1}."), found[1]) + there_are


def _checks(findings: Sequence[Finding], classes: Sequence[Fullness]) -> tuple[Check, ...]:
    """A shape of a class is called after it, such as `Project-hasStart`."""
    known = {each.name.iri.removeprefix(HS): each for each in classes}
    counts = Counter((f.severity, f.shape, f.shape_name) for f in findings)
    messages = {f.shape: f.message for f in reversed(findings)}
    found = []
    for (severity, shape, name), count in counts.items():
        of = known.get(name.partition("-")[0])
        about, whole = (of.name, of.count) if of and of.count >= count else (None, 0)
        found.append(Check(severity, Ref(shape, name), messages[shape], count, about, whole))
    order: list[str] = list(SEVERITIES)
    return tuple(sorted(found, key=lambda c: (order.index(c.severity), -c.count, c.shape.label)))


def _fullness(
    engine: Engine, coverage: Coverage, words: Mapping[str, str], checked: bool
) -> tuple[Fullness, ...]:
    """Of checked data the properties that shapes name, else all."""
    terms = [iri for c in coverage.classes for iri in (c.iri, *(p.iri for p in c.properties))]
    labels = Labels.fetch(engine, terms if reader() != DEFAULT else ())

    def named(iri: str, name: str) -> Ref:
        if labels.of(iri).names:
            return labels.ref(iri)
        return Ref(iri, words[name]) if name in words else Ref(iri, name, DEFAULT)

    def place(found: ClassCoverage) -> tuple[int, str]:
        first = found.iri in _FIRST_CLASSES
        return (_FIRST_CLASSES.index(found.iri) if first else len(_FIRST_CLASSES)), found.label

    return tuple(
        Fullness(
            named(each.iri, each.label),
            each.count,
            tuple((named(p.iri, p.name), p) for p in each.properties if p.expected or not checked),
        )
        for each in sorted(coverage.classes, key=place)
        if each.count and any(p.expected or not checked for p in each.properties)
    )


def _disputed(engine: Engine) -> tuple[Disputed, ...]:
    rows = engine.select(query("disputed")).rows
    labels = Labels.fetch(engine, {term for row in rows for term in row.values()})
    claimed = {
        row["node"].value: {name: [row[key]] for name, key in zip(STATEMENT, _CLAIM, strict=True)}
        for row in rows
        if row.keys() >= {"node", *_CLAIM}
    }
    exact = precisions(engine, claimed)

    def named(term: Term | None) -> Ref | None:
        return labels.ref(term.value) if isinstance(term, NamedNode) else None

    return tuple(
        Disputed(
            labels.ref(row["thing"].value),
            labels.property(row["predicate"].value) if "predicate" in row else None,
            named(row.get("value")) if "value" in row else named(row.get("node")),
            _text(row.get("value"), exact.get(row["node"].value) if "node" in row else None),
            _text(row.get("reason")),
        )
        for row in rows
    )


def _text(term: Term | None, precision: str | None = None) -> str:
    """A text in its language, or a date no finer than its precision."""
    if not isinstance(term, Literal):
        return ""
    return said(wording.date(term.value, precision or "day"), term.language or "")
