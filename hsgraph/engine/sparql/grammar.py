"""The first token of a query that the grammar of SPARQL has no place for, and what it has.

The grammar is LL(1), so each token decides alone how to go on, and all that could have stood in
the place of the first wrong one is known. It is read from `grammar.ebnf`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hsgraph.engine.sparql.lexer import Token

_TEXT: Final = (Path(__file__).parent / "grammar.ebnf").read_text("utf-8")
"""Read at once: the processes that run queries can open no files."""
_SYMBOL: Final = re.compile(r"'[^']+'|\w+|[()|?*+]")
_KINDS: Final = {"string": "text"} | {
    kind: kind for kind in ("variable", "iri", "language", "blank", "number")
}
_END: Final = "the end"
_MARKS: Final = frozenset({"^^", "&&", "||", "!=", "<=", ">="})
_LATER: Final = frozenset({"<<", "{|", "~"})
"""Marks of SPARQL 1.2, which the grammar does not know."""


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of a rule: `all` of its own parts, one of them (`|`), or the only one `?` or `*`."""

    kind: str
    parts: tuple[_Part | str, ...]


def first_wrong(found: Sequence[Token]) -> tuple[int, frozenset[str]] | None:
    """The offset of the first token that has no place, and what has one there.

    The offset is -1 when the query ends too early. None for a query that the grammar has, or
    with marks that it does not know.
    """
    read = _read(found)
    if any(name in _LATER for name, _ in read):
        return None
    rules = _rules()
    stack: list[_Part | str] = ["Query"]
    tried: list[_Part | str] = []
    for name, start in (*read, (_END, -1)):
        while stack:
            part = stack.pop()
            tried.append(part)
            if isinstance(part, str) and part in rules:
                stack.append(rules[part])
            elif isinstance(part, str):
                break
            elif part.kind == "all":
                stack.extend(reversed(part.parts))
            elif part.kind == "|":
                ways = [way for way in part.parts if name in starts(way)]
                stack.extend(ways[:1])
                if not ways and "" not in starts(part):
                    return start, _tokens(tried)
            elif name in starts(part):
                stack.extend(part.parts if part.kind == "?" else (part, *part.parts))
        else:
            part = _END
        if part != name:
            return start, _tokens(tried)
        tried = []
    return None


def _tokens(tried: Sequence[_Part | str]) -> frozenset[str]:
    return frozenset[str]().union(*map(starts, tried)) - {""}


def _read(found: Sequence[Token]) -> list[tuple[str, int]]:
    """What the tokens are to the grammar, and where they start."""
    names: list[tuple[str, int]] = []
    end = -1
    for token in found:
        last = names[-1][0] if names else ""
        beside, name = end == token.start, _KINDS.get(token.kind, token.upper)
        end = token.start + len(token.text)
        if token.text.isdecimal():
            name = "integer"
        if token.kind in ("prefixed", "blank"):
            text = token.text.rstrip(".")
            name = name if token.kind == "blank" else "prefix" if text.endswith(":") else "name"
            names.append((name, token.start))
            names += [(".", token.start + n) for n in range(len(text), len(token.text))]
        elif token.text == "a":
            names.append(("a", token.start))
        elif beside and last + name in _MARKS | _LATER:
            names[-1] = (last + name, names[-1][1])
        elif beside and name in ("integer", "number") and last in ("+", "-", "."):
            start = names.pop()[1]
            if last == "." and names and names[-1] in (("+", start - 1), ("-", start - 1)):
                last, start = names.pop()
            names.append(("number" if last == "." else "signed", start))
        elif (last, name) in (("[", "]"), ("(", ")")):
            names[-1] = ("blank" if name == "]" else "nil", names[-1][1])
        else:
            names.append((name, token.start))
    return names


@cache
def _rules() -> dict[str, _Part]:
    lines = [line.partition(" = ") for line in _TEXT.splitlines() if line[:1] != "#"]
    return {name: _either(_SYMBOL.findall(rule)) for name, _, rule in lines}


def _either(symbols: list[str]) -> _Part:
    """What the symbols say up to the bracket that closes them; they are taken off the list."""
    ways: list[list[_Part | str]] = [[]]
    while symbols and (symbol := symbols.pop(0)) != ")":
        if symbol == "|":
            ways.append([])
        elif symbol in ("?", "*"):
            ways[-1].append(_Part(symbol, (ways[-1].pop(),)))
        elif symbol == "+":
            ways[-1].append(_Part("*", (ways[-1][-1],)))
        else:
            ways[-1].append(_either(symbols) if symbol == "(" else symbol.strip("'"))
    return _Part("|", tuple(_Part("all", tuple(way)) for way in ways))


@cache
def starts(part: _Part | str) -> frozenset[str]:
    """The tokens that can begin a part of the grammar; among them "" where it may be nothing."""
    if isinstance(part, str):
        return starts(_rules()[part]) if part in _rules() else frozenset({part})
    if part.kind == "|":
        return frozenset[str]().union(*map(starts, part.parts))
    begins = frozenset({""})
    for each in part.parts:
        begins = begins - {""} | starts(each)
        if "" not in begins:
            break
    return begins if part.kind == "all" else begins | {""}
