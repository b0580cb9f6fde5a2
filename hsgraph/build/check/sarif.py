"""Validation reports as SARIF 2.1.0, which editors and code hosts show beside the lines."""

from __future__ import annotations

import json
from typing import Any, Final

from hsgraph.build.check.report import Finding, Report

_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report) -> str:
    """The report as a SARIF log of one run."""
    shapes = sorted({finding.shape_name for finding in report.findings})
    driver = {"name": "hsgraph", "rules": [{"id": shape} for shape in shapes]}
    run = {"tool": {"driver": driver}, "results": [_result(each) for each in report.findings]}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.shape_name,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.focus_label or finding.focus}: {finding.message}"},
    }
    if finding.file:
        artifact = {"uri": finding.file}
        region = {"startLine": finding.line or 1}
        place = {"artifactLocation": artifact, "region": region}
        result["locations"] = [{"physicalLocation": place}]
    return result
