"""What validation found, and its forms: text, Turtle, JSON, annotations for GitHub, SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final, Literal
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize
from pyoxigraph import Literal as RdfLiteral

from hsgraph.errors import Place
from hsgraph.namespaces import PREFIXES, RDF, SH, compact

Severity = Literal["violation", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
_GITHUB: Final = {"violation": "error", "warning": "warning", "info": "notice"}
_SARIF: Final = {**_GITHUB, "info": "note"}
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
BETWEEN_RESULTS: Final = "\n\n"


@dataclass(frozen=True)
class Finding:
    """One result of validation: what is wrong (or missing), with which thing, and where.

    A literal as `focus` is written as in N-Triples. A severity that is none of SHACL's counts as
    `info`; `statements` are what the report says of the result, in N-Triples, its node being
    `_:result`; of several results, an empty line between.
    """

    severity: Severity
    shape: str
    shape_name: str
    message: str
    focus: str
    focus_label: str
    path: str | None = None
    value: str | None = None
    file: str | None = None
    line: int | None = None
    details: tuple[str, ...] = ()
    statements: str = ""

    @property
    def place(self) -> Place | None:
        return Place(self.file, self.line) if self.file else None

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """Worst first, then in the order of files and lines."""
        rest = (self.focus, self.shape, self.path or "", self.value or "", self.message)
        return (SEVERITIES.index(self.severity), self.file or "", self.line or 0, *rest)


@dataclass(frozen=True)
class Report:
    """The findings of one validation, sorted; it conforms when none of them is a violation."""

    findings: tuple[Finding, ...] = ()

    @property
    def conforms(self) -> bool:
        return self.count("violation") == 0

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def summary(self) -> str:
        """One line of figures: `2 violations, 1 warning, 0 infos`."""
        counts = [(self.count(severity), severity) for severity in SEVERITIES]
        return ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for n, severity in counts)

    def to_text(self) -> str:
        """The listing with the summary at its end."""
        return "\n\n".join([*self.listing(), self.summary()]) + "\n"

    def listing(self) -> list[str]:
        """Lines `file:line: severity: message [shape]`, the findings of one thing together."""
        blocks = []
        for severity, by_severity in groupby(self.findings, key=lambda finding: finding.severity):
            for (focus, label), group in groupby(by_severity, lambda f: (f.focus, f.focus_label)):
                about = focus if focus.startswith('"') else f"<{focus}>"
                head = f"{label} {about}" if label else about
                lines = [
                    "\n".join(
                        [f"{f.place or '?'}: {severity}: {_said(f)} [{f.shape_name}]", *f.details]
                    )
                    for f in group
                ]
                blocks.append("\n".join([head, *lines]))
        return blocks

    def to_json(self) -> str:
        """A JSON object with `conforms`, `counts` and `findings`; `from_json` reads it back."""
        content = {
            "conforms": self.conforms,
            "counts": {severity: self.count(severity) for severity in SEVERITIES},
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Report:
        found = json.loads(text)["findings"]
        return cls(tuple(Finding(**f | {"details": tuple(f.get("details", ()))}) for f in found))

    def to_turtle(self) -> str:
        """A sh:ValidationReport (SHACL, section 3.6)."""
        serialized = serialize(self._triples(), format=RdfFormat.TURTLE, prefixes=PREFIXES)
        return (serialized or b"").decode()

    def to_github(self) -> str:
        """Workflow commands that GitHub shows beside the lines of a change."""
        lines = []
        for finding in self.findings:
            properties = {"title": finding.shape_name}
            if finding.file:
                properties = {"file": finding.file, "line": str(finding.line or 1), **properties}
            written = ",".join(f"{key}={_escape(value)}" for key, value in properties.items())
            text = _escape_message(_whole(finding, _said(finding)))
            lines.append(f"::{_GITHUB[finding.severity]} {written}::{text}\n")
        return "".join(lines)

    def to_sarif(self) -> str:
        """A SARIF 2.1.0 log of one run, which editors and code hosts show beside the lines."""
        shapes = sorted({finding.shape_name for finding in self.findings})
        driver = {"name": "hsgraph", "rules": [{"id": shape} for shape in shapes]}
        run = {
            "tool": {"driver": driver},
            "results": [_sarif_result(each) for each in self.findings],
        }
        log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
        return json.dumps(log, ensure_ascii=False, indent=1) + "\n"

    def _triples(self) -> Iterator[Triple]:
        report = BlankNode("report")
        yield Triple(report, NamedNode(RDF + "type"), NamedNode(SH + "ValidationReport"))
        yield Triple(report, NamedNode(SH + "conforms"), RdfLiteral(not self.findings))
        results = [r for f in self.findings for r in f.statements.split(BETWEEN_RESULTS)]
        for number, statements in enumerate(results):
            yield Triple(report, NamedNode(SH + "result"), BlankNode(f"r{number}"))
            yield from _renamed(statements, f"r{number}")


def _renamed(statements: str, name: str) -> Iterator[Triple]:
    """What a report says of a result, with a name of its own for each node of it."""

    def named(node: Any) -> Any:
        inner = isinstance(node, BlankNode) and node.value.startswith("result")
        return BlankNode(name + "n" + node.value.removeprefix("result")) if inner else node

    for quad in parse(statements, RdfFormat.N_TRIPLES):
        subject = BlankNode(name) if quad.subject == BlankNode("result") else named(quad.subject)
        yield Triple(subject, quad.predicate, named(quad.object))


def _said(finding: Finding) -> str:
    """The message with the property and the value it is about, where the line does not say them."""
    told = [finding.path, None if finding.value == finding.focus else finding.value]
    about = " ".join(compact(each) for each in told if each)
    return f"{finding.message} ({about})" if about else finding.message


def _whole(finding: Finding, said: str) -> str:
    return "\n".join([f"{finding.focus_label or finding.focus}: {said}", *finding.details])


def _sarif_result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.shape_name,
        "level": _SARIF[finding.severity],
        "message": {"text": _whole(finding, finding.message)},
    }
    if finding.file:
        artifact = {"uri": quote(finding.file)}
        region = {"startLine": finding.line or 1}
        place = {"artifactLocation": artifact, "region": region}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")
