"""Lays out Turtle files in one way: the same order of properties, a line each, comments kept."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from hsgraph.build.read.reader import expand
from hsgraph.build.read.source_text import about_statement, syntax_error
from hsgraph.curate.shipped import shipped
from hsgraph.curate.turtle.blocks import Block, Line, read_blocks, tokens
from hsgraph.curate.turtle.shorten import shorten
from hsgraph.describe.values import FIRST, by_key, cells
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import SKOS

INDENT: Final = "    "
_DEEPER: Final = "        "
_WIDEST: Final = 180
_LINE_END: Final = re.compile(r"\r\n?")


@dataclass(frozen=True)
class _Parsed:
    statements: Dataset
    prefixes: dict[str, str]


def format_turtle(text: str, name: str) -> str:
    """The text in the layout and the short form of the data files.

    Raises SourceError when it is not Turtle, or says something of a statement (RDF 1.2).
    """
    text = _with_line_feeds(text)
    parsed, comments = _parse(text, name), _comments(text)
    if any(isinstance(quad.object, Triple) for quad in parsed.statements):
        raise about_statement(text, RdfFormat.TURTLE, name)
    ranks = _ranks(parsed.prefixes)
    with suppress(SyntaxError):
        short = _written(shorten(read_blocks(text)), ranks)
        if _comments(short) == comments and _meaning(short) == _meaning(text):
            return short
    with suppress(SourceError):
        laid = _written(read_blocks(text), ranks)
        if _comments(laid) == comments and _parse(laid, name).statements == parsed.statements:
            return laid
    raise SourceError(
        "This file cannot be laid out without changing what it says.",
        place=Place(name),
        remedy="Leave it as it is, and report it together with the file.",
    )


def _with_line_feeds(text: str) -> str:
    """The text with lines that end with a line feed.

    Where some do already, a carriage return inside a text is part of it, and is written so.
    """
    mixed = text.count("\r\n") != text.count("\n")
    if mixed and "\r" in text:
        for token in reversed(list(tokens(text))):
            if token.text[0] in "\"'":
                text = text[: token.start] + token.text.replace("\r", "\\r") + text[token.end :]
    return _LINE_END.sub("\n", text)


def _meaning(text: str) -> Dataset:
    """What a text says when its short forms are written out."""
    store = Store()
    graph = NamedNode("x-file:/")
    parser = parse(text.encode(), RdfFormat.TURTLE, base_iri=graph.value)
    store.extend(Quad(each.subject, each.predicate, each.object, graph) for each in parser)
    expand(store, {})
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@cache
def property_order() -> dict[str, int]:
    """The rank of each property that the data files use, by IRI."""
    text = shipped("turtle/order.ttl").encode()
    said = by_key((quad.subject, quad.triple) for quad in parse(text, RdfFormat.TURTLE))
    triples = [triple for found in said.values() for triple in found]
    (start,) = (t.object for t in triples if t.predicate == NamedNode(SKOS + "memberList"))
    listed = (t for cell in cells(said, start) for t in said.get(cell, ()))
    members = (t.object for t in listed if t.predicate == FIRST)
    return {each.value: rank for rank, each in enumerate(members) if isinstance(each, NamedNode)}


def _parse(text: str, name: str) -> _Parsed:
    try:
        parser = parse(text.encode(), RdfFormat.TURTLE, base_iri="x-file:/")
        dataset = Dataset(parser)
    except SyntaxError as error:
        raise syntax_error(error, name, text) from None
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return _Parsed(dataset, dict(parser.prefixes))


def _comments(text: str) -> Counter[str]:
    return Counter(token.text.rstrip() for token in tokens(text) if token.kind == "comment")


def _ranks(prefixes: dict[str, str]) -> dict[str, int]:
    """The rank of each property as this file writes it."""
    ranks = {f"<{iri}>": rank for iri, rank in property_order().items()}
    for iri, rank in property_order().items():
        for prefix, namespace in prefixes.items():
            if iri.startswith(namespace):
                ranks[f"{prefix}:{iri.removeprefix(namespace)}"] = rank
    return {**ranks, "a": -1}


def _written(blocks: list[Block], ranks: dict[str, int]) -> str:
    out: list[str] = []
    for block in blocks:
        lines = sorted(block.lines, key=lambda line: ranks.get(line.predicate, len(ranks)))
        head = [*block.before]
        if lines:
            head += [(comment, False) for comment in lines[0].before]
        spaced = [flag for _, flag in head] + [block.spaced]
        for (comment, _), flag in zip(head, spaced, strict=False):
            _gap(out, flag)
            out.append(comment.rstrip())
        if block.text:
            after_head = bool(out) and out[-1].startswith("@") != block.text.startswith("@")
            _gap(out, spaced[-1] or (after_head and not head))
            out += _statement(block, lines)
    return "\n".join(out) + "\n"


def _gap(out: list[str], wanted: bool) -> None:
    if wanted and out and out[-1]:
        out.append("")


def _statement(block: Block, lines: list[Line]) -> list[str]:
    if not lines:
        return [f"{block.text} .{block.remark}"]
    if block.flat and len(one := _one_line(block, lines)) <= _WIDEST:
        return [one]
    out = []
    for number, line in enumerate(lines):
        if number:
            out += [INDENT + comment.rstrip() for comment in line.before]
        start = block.text + " " if number == 0 else INDENT
        last = number == len(lines) - 1
        out += _line(start + line.predicate, line, " ." if last else " ;")
    if lines[-1].objects[-1].remark and block.remark:
        # two comments on one line would be one
        out.append(block.remark.strip())
    else:
        out[-1] += block.remark
    return [*out, *(comment.rstrip() for comment in block.after)]


def _one_line(block: Block, lines: list[Line]) -> str:
    said = " ; ".join(
        f"{line.predicate} {' , '.join(each.text for each in line.objects)}" for line in lines
    )
    return f"{block.text} {said} .{block.remark}"


def _line(text: str, line: Line, end: str) -> list[str]:
    out, current = [], text
    for number, item in enumerate(line.objects):
        current += "" if number == 0 else " ,"
        if number and line.objects[number - 1].remark:
            current += line.objects[number - 1].remark
        if item.before or item.broken or (number and line.objects[number - 1].remark):
            out += [current, *(_DEEPER + comment.rstrip() for comment in item.before)]
            current = _DEEPER + item.text
        else:
            current += " " + item.text
    return [*out, current + end + line.objects[-1].remark]
