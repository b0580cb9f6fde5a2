"""Leaves out of a data file what the build puts in again: see hsgraph/build/read/shorthand.ru."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hsgraph.curate.turtle.blocks import Block, Line

_SELECTOR: Final = "selector:"
_EVIDENCE: Final = "evidence:"
_CLAIM: Final = "claim:"


@dataclass(frozen=True)
class _File:
    """The values of each property by subject, as written, and the programme of the file."""

    values: dict[str, dict[str, list[str]]]
    project: str

    def says(self, block: Block, predicate: str, value: str) -> bool:
        """Whether this is the only value, in a line that no comment speaks of."""
        return self.values[block.text].get(predicate) == [value] and all(
            _bare(line) for line in block.lines if line.predicate == predicate
        )


def shorten(blocks: list[Block]) -> list[Block]:
    """The blocks in their short form; what a comment speaks of stays as it is."""
    file = _read(blocks)
    selectors = {each.text: each for each in blocks if each.text.startswith(_SELECTOR)}
    for block in blocks:
        if block.text.startswith(_EVIDENCE):
            _evidence(block, file, selectors)
        elif file.project and block.text.startswith(_CLAIM):
            _claim(block, file)
        elif file.project and block.text != file.project and block.lines:
            _part(block, file)
    kept = [block for block in blocks if block.lines or not block.text.startswith(_SELECTOR)]
    previous = ""
    for block in kept:
        kind = block.text.partition(":")[0] + ":"
        block.flat = kind in (_EVIDENCE, _CLAIM) and not block.before and _short(block)
        block.spaced = block.spaced and not (block.flat and previous == kind)
        previous = kind
    return kept


def _read(blocks: Iterable[Block]) -> _File:
    values: dict[str, dict[str, list[str]]] = {}
    for block in blocks:
        said = values.setdefault(block.text, {})
        for line in block.lines:
            said.setdefault(line.predicate, []).extend(each.text for each in line.objects)
    projects = [each for each, said in values.items() if "hs:Project" in said.get("a", ())]
    return _File(values, projects[0] if len(projects) == 1 else "")


def _evidence(block: Block, file: _File, selectors: dict[str, Block]) -> None:
    name = _SELECTOR + block.text.removeprefix(_EVIDENCE)
    selector = selectors.get(name)
    if selector and file.says(block, "oa:hasSelector", name) and _words_alone(selector, file):
        block.lines.append(next(line for line in selector.lines if line.predicate == "oa:exact"))
        selector.lines = []
        _drop(block, "oa:hasSelector")
    if file.says(block, "a", "oa:SpecificResource") and file.values[block.text].get("oa:hasSource"):
        _drop(block, "a")


def _words_alone(selector: Block, file: _File) -> bool:
    said = file.values[selector.text]
    return (
        file.says(selector, "a", "oa:TextQuoteSelector")
        and len(said.get("oa:exact", ())) == 1
        and len(selector.lines) == len(said) == 2
        and not (selector.before or selector.remark or selector.after)
        and all(_bare(line) for line in selector.lines)
    )


def _claim(block: Block, file: _File) -> None:
    said = file.values[block.text]
    subjects = said.get("rdf:subject", [file.project])
    properties, values = said.get("rdf:predicate", []), said.get("rdf:object", [])
    if file.says(block, "a", "hs:Claim") and (properties or values):
        _drop(block, "a")
    if file.says(block, "rdf:subject", file.project):
        _drop(block, "rdf:subject")
    if said.get("hs:evidence") and file.says(block, "hs:basis", "hs:Stated"):
        _drop(block, "hs:basis")
    if len(subjects) == len(properties) == len(values) == 1:
        about = file.values.get(subjects[0], {})
        only_value = about.get(properties[0]) == values
        only_property = [each for each, held in about.items() if values[0] in held] == properties
        if only_value and file.says(block, "rdf:object", values[0]):
            _drop(block, "rdf:object")
        elif only_property and file.says(block, "rdf:predicate", properties[0]):
            _drop(block, "rdf:predicate")


def _part(block: Block, file: _File) -> None:
    said = file.values[block.text]
    known = bool(said.get("hs:evidence"))
    if (known or said.get("hs:basis")) and file.says(block, "hs:partOf", file.project):
        _drop(block, "hs:partOf")
    if known and file.says(block, "hs:basis", "hs:Stated"):
        _drop(block, "hs:basis")


def _drop(block: Block, predicate: str) -> None:
    block.lines = [line for line in block.lines if line.predicate != predicate]


def _bare(line: Line) -> bool:
    return not line.before and not any(each.before or each.remark for each in line.objects)


def _short(block: Block) -> bool:
    return not block.after and all(_bare(line) for line in block.lines)
