"""What to say of the first token of a query that the grammar has no place for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from hsgraph.engine.sparql.grammar import first_wrong, starts
from hsgraph.engine.sparql.lexer import Token

_TOLD: Final = {
    "variable": "a variable",
    **dict.fromkeys(("iri", "name", "prefix"), "an IRI"),
    **dict.fromkeys(("number", "integer", "signed"), "a number"),
    "text": "a text",
    "language": "a language",
    "blank": "a blank node",
    "nil": "“()”",
    "a": "“a”",
    "TRUE": "true",
    "FALSE": "false",
}
_GROUPS: Final = (
    ("Expression", "an expression"),
    ("Same", "a term"),
    ("Call", "a function"),
    ("Operator", "an operator"),
)
"""Parts of the grammar, and what the tokens that begin one are called together."""
_LACKING: Final = (("Object", "a value"), ("Verb", "a property and a value"))
"""Parts of a triple, and what it lacks where one of them should stand."""
_ENDS: Final = frozenset({".", ";", ",", "}", "{"})
_MOST: Final = 8
_INSTEAD: Final = {
    "<>": "!=",
    "&": "&&",
    "|": "||",
    "LIKE": "CONTAINS(…) or REGEX(…)",
    "IS": "BOUND(…) or “=”",
    "AND": "&&",
    "OR": "||",
    "==": "=",
}
"""What SPARQL has for words and marks of other languages."""
_UNION: Final = "UNION stands between two groups in braces: { … } UNION { … }."
NOT_HERE: Final = "“{}” is not expected here."
NO_IRI: Final = "“{}” is not an IRI."
_EMPTY: Final = re.compile(r"\(\s*\)")
_WRITTEN: Final = re.compile("<[^<>\n]*>")


def misplaced(query: str, found: Sequence[Token]) -> tuple[int, str, tuple[str, ...]] | None:
    """Where the grammar has no place for a token: its offset, what to say, what has a place.

    Nothing is known where “<” may begin an IRI or compare.
    """
    wrong = first_wrong(found)
    if wrong is None:
        return None
    offset, names = wrong
    expected = _expected(names)
    if offset < 0:
        return len(query), "The query ends too early.", expected
    if "(" in names and (empty := _EMPTY.match(query, offset)):
        offset, expected = empty.end() - 1, ()
    token = next(token for token in found if token.start + len(token.text) > offset)
    if token.kind == "iri" and token.text != "<>":
        return None
    if names == {"EXISTS"} and _begins_value(token):
        return _not(found[: found.index(token)])
    known = (_instead(query, offset, token), _of_selection(names, token), _of_triple(names, token))
    if said := next(filter(None, known), ""):
        return offset, said, ()
    text = query[offset : token.start + len(token.text)]
    return offset, NOT_HERE.format(shortened(text)), expected


def _not(before: Sequence[Token]) -> tuple[int, str, tuple[str, ...]]:
    """What to say of a NOT that ends the tokens before a value."""
    word = before[-2].upper if before[-2:] != before[-1:] else ""
    if word in ("FILTER", "HAVING"):
        return before[-1].start, f"Write {word}(! …) for {word} NOT.", ()
    return before[-1].start, "Write ! for NOT.", ()


def _expected(names: frozenset[str]) -> tuple[str, ...]:
    """What could stand there, in words; nothing where that is too much to read."""
    for part, word in _GROUPS:
        if starts(part) <= names:
            names = names - starts(part) | {word}
    words = {_TOLD.get(n, n if n[0].isalpha() else f"“{n}”") for n in names}
    words = {"a prefix that ends with “:”"} if names == {"prefix"} else words
    by_kind = sorted(words, key=lambda word: (word[0] == "“", word.isupper(), word))
    return tuple(by_kind) if len(by_kind) <= _MOST else ()


def _instead(query: str, offset: int, token: Token) -> str:
    """What to write for words and marks of other languages, and for an IRI that is none."""
    if token.text == "<" and (written := _WRITTEN.match(query, offset)):
        return NO_IRI.format(shortened(written[0]))
    text = "==" if query[offset - 1 : offset + 1] == "==" else token.text
    if instead := _INSTEAD.get(text.upper()):
        return f"Write {instead} for {text}."
    return _UNION if token.upper == "UNION" else ""


def _begins_value(token: Token) -> bool:
    return token.kind not in ("word", "mark") or token.upper in starts("Unary")


def _of_selection(names: frozenset[str], token: Token) -> str:
    """What is wrong between SELECT and its group, or with the name of an expression."""
    if token.text == ")" and "AS" in names and ")" not in names:
        return "The expression before “)” has no name: write AS and a variable after it."
    if {"variable", "("} <= names and not names & {"iri", "nil"}:
        if token.text == ",":
            return "Variables are selected side by side, without “,”."
        if token.upper in starts("BuiltIn"):
            return "An expression is selected in parentheses, with a name: (COUNT(*) AS ?n)."
    return ""


def _of_triple(names: frozenset[str], token: Token) -> str:
    """What the triple before a token lacks, or that it should have ended."""
    lacks = next((what for part, what in _LACKING if starts(part) <= names), "")
    if lacks and not names & {".", "}"} and token.text in _ENDS:
        return f"The triple before “{token.text}” is not complete: it lacks {lacks}."
    if {".", ";", ","} <= names and token.kind not in ("mark", "word"):
        said = NOT_HERE.format(shortened(token.text))
        return f"{said} The triple before it ends with “.”, “;” or “,”."
    return ""


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
