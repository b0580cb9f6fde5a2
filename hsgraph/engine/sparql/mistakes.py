"""Recognises common mistakes in a query that the parser refused, by its tokens alone.

What is found here is told in place of the parser's complaint, which often names the end of the
query. Where a token is unusual, nothing is said of the triple it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, pairwise, takewhile
from typing import Final

from hsgraph.engine.sparql.guard import FORMS
from hsgraph.engine.sparql.lexer import Token, nested

_TERMS: Final = frozenset({"variable", "iri", "prefixed", "string", "number", "blank"})
_TERM_WORDS: Final = frozenset({"a", "true", "false", "TRUE", "FALSE", "True", "False"})
_OPERATORS: Final = frozenset({"=", "<", ">", "&", "|", "+", "-", "/", "!"})
_UNTIL_A_GROUP: Final = frozenset(
    {"SELECT", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "CONSTRUCT", "FROM", "VALUES"}
)
_ENDS: Final = frozenset({".", ";", ",", "}", "{"})
_HOW: Final = ("DISTINCT", "REDUCED")
_NAMED: Final = "An expression is selected in parentheses, with a name: (COUNT(*) AS ?n)."
_WORDS_FOR: Final = {"AND": "&&", "OR": "||", "NOT": "!"}
_AFTER_A_VALUE: Final = frozenset({".", ";", ",", "}", ")", "]"})
_BEFORE_A_GROUP: Final = frozenset({"OPTIONAL", "MINUS", "UNION", "EXISTS"})
_NO_CALL: Final = frozenset(
    {"IN", "NOT", "FILTER", "BIND", "HAVING", "BY", "VALUES", "ASC", "DESC", "WHERE", "AS"}
    | {"SELECT", "DISTINCT", "REDUCED", "EXISTS", "A"}
)
_LACKING: Final = {1: "a value", 2: "a property and a value"}

_AGGREGATES: Final = frozenset({"SUM", "MIN", "MAX", "AVG", "SAMPLE"} | {"COUNT", "GROUP_CONCAT"})

Mistake = tuple[str, int]
"""What is wrong, and the offset of the token where it shows."""


def mistake(found: Sequence[Token]) -> Mistake | None:
    """The first mistake that one can be sure of; the brackets must be balanced."""
    looks = (_no_form, _selection, _twice, _pairs, _arguments, _triples, _bound_again, _aggregated)
    return next(filter(None, (look(found) for look in looks)), None)


def _no_form(found: Sequence[Token]) -> Mistake | None:
    """The first word after the prologue must be the form of the query."""
    at = 0
    while at < len(found) and found[at].upper in ("PREFIX", "BASE"):
        at += 3 if found[at].upper == "PREFIX" else 2
    if at >= len(found) or found[at].upper.startswith(tuple(FORMS)):
        return None
    said = (
        f"“{found[at].text[:60]}” is not expected here. A query begins with {either(list(FORMS))}."
    )
    return (said, found[at].start)


def either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _selection(found: Sequence[Token]) -> Mistake | None:
    """After SELECT stand variables, and expressions in parentheses with their names."""
    for at in [at for at, token in enumerate(found, start=1) if token.upper == "SELECT"]:
        while at < len(found) and found[at].upper not in ("{", "WHERE", "FROM"):
            token = found[at]
            if token.text == ",":
                return ("Variables are selected side by side, without “,”.", token.start)
            end = _closing(found, at, "(", ")") if token.text == "(" else at + 1
            named = [inside.upper for inside in found[at:end][-3:-1]][:1] == ["AS"]
            if (end > at + 1 and not named) or (token.kind == "word" and token.upper not in _HOW):
                return (_NAMED, token.start)
            at = end
    return None


def _twice(found: Sequence[Token]) -> Mistake | None:
    """A query, outside its groups, is limited once: people add a second LIMIT at the end."""
    seen = set()
    for token, depth in nested(found, "{", "}"):
        if token.kind != "word" or token.upper not in ("LIMIT", "OFFSET") or depth:
            continue
        if token.upper in seen:
            return (f"{token.upper} is there already: keep one of the two.", token.start)
        seen.add(token.upper)
    return None


def _pairs(found: Sequence[Token]) -> Mistake | None:
    for token, after in pairwise(found):
        word = token.upper if token.kind == "word" else ""
        if word in ("ORDER", "GROUP") and after.upper != "BY":
            return (f"{word} is followed by BY.", after.start)
        if word == "AS" and after.kind != "variable":
            return ("AS is followed by a variable, such as ?n.", after.start)
        if word in ("SELECT", "DISTINCT") and after.upper in ("{", "WHERE"):
            return ("Name the variables to select, or write SELECT *.", after.start)
        if word in ("FILTER", "BIND") and after.text == "}":
            example = "FILTER(?x > 1)" if word == "FILTER" else "BIND(1 AS ?x)"
            return (f"{word} is followed by an expression, such as {example}.", after.start)
        if token.text in _OPERATORS and token.kind == "mark" and after.text == ")":
            return ("A value is missing before “)”.", after.start)
        if token.text == "," and after.text in _AFTER_A_VALUE:
            return (f"A value is missing before “{after.text}”.", after.start)
        if token.text in (".", "{") and after.text == ".":
            return ("There is no triple before this “.”.", after.start)
        if word in _BEFORE_A_GROUP and after.text != "{":
            return (f"{word} is followed by a group in braces.", after.start)
        if word == "FILTER" and after.kind == "variable":
            return ("A condition stands in parentheses, such as FILTER(?x > 1).", after.start)
        if after.upper == "UNION" and token.text != "}":
            return ("UNION stands between two groups in braces: { … } UNION { … }.", after.start)
        if word in _WORDS_FOR and (word != "NOT" or after.upper not in ("IN", "EXISTS")):
            return (f"Write {_WORDS_FOR[word]} for {word}.", token.start)
        if token.text == after.text == "=":
            return ("Write one “=” to compare.", after.start)
    return None


def _arguments(found: Sequence[Token]) -> Mistake | None:
    """Between the arguments of a function stands a comma."""
    for at, (token, after) in enumerate(pairwise(found), start=1):
        if token.kind != "word" or after.text != "(" or token.upper in _NO_CALL:
            continue
        inside = found[at + 1 : _closing(found, at, "(", ")") - 1]
        for one, other in pairwise(inside):
            if {one.kind, other.kind} <= {"variable", "string", "number"}:
                return ("Arguments are parted by “,”.", other.start)
    return None


def _bound_again(found: Sequence[Token]) -> Mistake | None:
    """BIND gives a value to a variable that has none in its group yet."""
    groups: list[set[str]] = [set()]
    at = 0
    while at < len(found):
        token = found[at]
        at += 1
        if token.text == "{":
            groups.append(set())
        elif token.text == "}" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] |= inner
        elif token.kind == "variable":
            groups[-1].add(token.text[1:])
        elif token.upper in ("BIND", "FILTER"):
            at = _closing(found, at, "(", ")")
            named = found[at - 2]
            if token.upper == "FILTER" or named.kind != "variable":
                continue
            if named.text[1:] in groups[-1]:
                return (f"{named.text} has a value here already: name another one.", named.start)
            groups[-1].add(named.text[1:])
    return None


def _aggregated(found: Sequence[Token]) -> Mistake | None:
    """FILTER and BIND look at one solution; what counts many stands elsewhere."""
    for at, token in enumerate(found):
        if token.kind == "word" and token.upper in ("FILTER", "BIND"):
            for inside in found[at : _closing(found, at + 1, "(", ")")]:
                if inside.upper in _AGGREGATES:
                    where = f"in SELECT, HAVING or ORDER BY, not in {token.upper}"
                    return (f"{inside.upper} stands {where}.", inside.start)
    return None


def place_of(saying: str, found: Sequence[Token]) -> int | None:
    """The offset of what the parser complains of in words, which it tells at the end of the query.

    None where it is not known.
    """
    after = list(dropwhile(lambda token: token.upper != "SELECT", found))[1:]
    selected = list(takewhile(lambda token: token.text != "{", after))
    named = [b for a, b in pairwise(selected) if a.upper == "AS" and b.kind == "variable"]
    outside = [token for token, depth in nested(selected, "(", ")") if not depth]
    plain = [token for token in outside if token.kind == "variable"]
    places: list[int] = []
    if saying.startswith("SELECT *"):
        places = [token.start for token in selected]
    elif saying.startswith("The SELECT overrides"):
        used = _variables(after[len(selected) :])
        places = [token.start for token in named if token.text[1:] in used]
    elif saying.startswith("The SELECT contains"):
        grouped = _variables(dropwhile(lambda token: token.upper != "GROUP", found))
        places = [token.start for token in plain if token.text[1:] not in grouped]
    elif saying.startswith("Duplicated variable"):
        listed = sorted([*plain, *named], key=lambda token: token.start)
        names = [token.text[1:] for token in listed]
        places = [each.start for n, each in enumerate(listed) if names[n] in names[:n]]
    elif saying.startswith("The query limit"):
        places = [after.start for token, after in pairwise(found) if token.upper == "LIMIT"]
    elif saying.startswith("\\u escape"):
        places = [token.start for token in found if "\\u" in token.text.lower()]
    return places[0] if places else None


def _variables(tokens: Iterable[Token]) -> set[str]:
    """The names of the variables among some tokens: `?x` and `$x` are one."""
    return {token.text[1:] for token in tokens if token.kind == "variable"}


def _triples(found: Sequence[Token]) -> Mistake | None:
    missing = 3
    parts: list[Token] | None = []  # None where there is a path, a list or anything unusual
    for token in _of_groups(found):
        ends = token.kind == "mark" and token.text in _ENDS
        if not ends and (token.kind != "word" or token.text in _TERM_WORDS):
            usual = token.kind in _TERMS or token.text in _TERM_WORDS
            parts = [*parts, token] if usual and parts is not None else None
            if parts and len(parts) == missing - 1 and token.kind in ("string", "number"):
                return ("A property is an IRI or a variable, and no text or number.", token.start)
            continue
        if parts and len(parts) < missing:
            lacking = _LACKING[missing - len(parts)]
            return (
                f"The triple before “{token.text}” is not complete: it lacks {lacking}.",
                token.start,
            )
        if parts and len(parts) > missing:
            surplus = parts[missing]
            return (
                f"“{surplus.text[:60]}” is not expected here. The triple before it ends "
                "with “.”, “;” or “,”.",
                surplus.start,
            )
        missing = {";": 2, ",": 1}.get(token.text, 3)
        parts = []
    return None


def _of_groups(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens of triples, and the marks and words between them; no expressions, no VALUES."""
    depth = at = 0
    while at < len(found):
        token = found[at]
        at += 1
        depth += (token.text == "{") - (token.text == "}")
        if token.kind == "word" and token.text not in _TERM_WORDS:
            yield token
            at = _after_clause(found, at, token.upper)
        elif depth > 0 or token.text == "}":
            yield token


def _after_clause(found: Sequence[Token], at: int, word: str) -> int:
    """Where triples may begin again after a keyword and what belongs to it."""
    while at < len(found) and found[at].text not in ("{", "}"):
        if found[at].text == "(" and word not in _UNTIL_A_GROUP:
            return _closing(found, at, "(", ")")
        at += 1
    if word == "VALUES" and at < len(found) and found[at].text == "{":
        return _closing(found, at, "{", "}")
    return at


def _closing(found: Sequence[Token], at: int, opens: str, closes: str) -> int:
    """The place after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(found):
        depth += (found[at].text == opens) - (found[at].text == closes)
        at += 1
        if depth == 0:
            break
    return at
