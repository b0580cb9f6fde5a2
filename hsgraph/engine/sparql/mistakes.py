"""Recognises common mistakes in a query that the parser refused, by its tokens alone.

What is found here is told in place of the parser's complaint, which often names the end of the
query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import dropwhile, pairwise, takewhile
from typing import Final

from hsgraph.engine.sparql.lexer import Token, end_of, nested

_AGGREGATES: Final = frozenset({"SUM", "MIN", "MAX", "AVG", "SAMPLE"} | {"COUNT", "GROUP_CONCAT"})
_NO_CHARACTER: Final = re.compile(
    r"(?<!\\)(?:\\\\)*+\\(?:u(?![\dA-Fa-f]{4})|U(?!00(?:0[\dA-Fa-f]|10)[\dA-Fa-f]{4})"
    r"|(?:u|U0000)[Dd][89A-Fa-f])"
)
"""An escape with too few digits, or with the number of half a character or of none."""

Mistake = tuple[str, int]
"""What is wrong, and the offset of the token where it shows."""


def mistake(found: Sequence[Token]) -> Mistake | None:
    """The first mistake that one can be sure of; the brackets must be balanced."""
    return _bound_again(found) or _aggregated(found)


def either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


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
        elif token.upper in ("BIND", "FILTER") and at < len(found):
            at = max(at + 1, end_of(found, at))
            named = found[at - 2]
            if token.upper == "FILTER" or named.kind != "variable":
                continue
            if named.text[1:] in groups[-1]:
                return (f"{named.text} has a value here already: name another one.", named.start)
            groups[-1].add(named.text[1:])
    return None


def _aggregated(found: Sequence[Token]) -> Mistake | None:
    """FILTER and BIND look at one solution; what counts many stands elsewhere, as in a SELECT."""
    around = [""]
    for before, token in zip(("", *(each.upper for each in found)), found, strict=False):
        if token.text == "(":
            around.append(before if before in ("FILTER", "BIND") else around[-1])
        elif token.text == "{":
            around.append("")
        elif token.text in (")", "}"):
            around.pop()
        elif around[-1] and token.upper in _AGGREGATES:
            where = f"in SELECT, HAVING or ORDER BY, not in {around[-1]}"
            return (f"{token.upper} stands {where}.", token.start)
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
        places = [token.start for token in found if _NO_CHARACTER.search(token.text)]
    return places[0] if places else None


def _variables(tokens: Iterable[Token]) -> set[str]:
    """The names of the variables among some tokens: `?x` and `$x` are one."""
    return {token.text[1:] for token in tokens if token.kind == "variable"}
