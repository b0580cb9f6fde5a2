"""The parts that queries are made of: files of `queries/`, each with variables of its own.

In a part, `?_name` is a variable that no other part shares; all other variables are shared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.engine.sparql.bind import bind
from hsgraph.engine.sparql.lexer import Token, pieces
from hsgraph.namespaces import PREFIXES

QUERIES: Final = Path(__file__).with_name("queries")
Value = NamedNode | Literal
Values = Mapping[str, Value | Sequence[Value]]
_SLOT: Final = "#conditions"
_LIMIT: Final = "#limit"
_NAMES: Final = re.compile(r"#names(?: \?(?P<thing>\w+) \?(?P<title>\w+))?$", re.MULTILINE)
"""The slot for the names of what is asked for, or of what another variable is."""
_END: Final = "#end"
_BESIDE: Final = "#beside"
_PREFIX: Final = re.compile(r"\b[\w-]+(?=:)")


def declared(query: str) -> str:
    """A query after the prefixes that it uses."""
    used = set(_PREFIX.findall(query))
    lines = (f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if name in used)
    return "".join(lines) + query


@lru_cache(maxsize=256)
def text(name: str) -> str:
    """The text of a part, by its path in `queries/` without the ending."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=512)
def exists(name: str) -> bool:
    """Whether there is such a part."""
    return (QUERIES / f"{name}.rq").is_file()


class Assembly:
    """One query in the making: parts are bound and kept from sharing what is their own."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._parts: list[str] = []

    def add(
        self, name: str, values: Values = {}, *, negated: bool = False, counted: bool = False
    ) -> None:
        """Join a part: a negated one says what must not be, a counted one what is counted."""
        renamed = {"answer": "counted"} if counted else {}
        part = self._own(name, values, renamed)
        self._parts.append(f"MINUS {{ {part} }}" if negated else part)

    def add_any(self, either: Sequence[tuple[str, Values]]) -> None:
        """Join parts of which one must hold."""
        made = [self._own(name, values) for name, values in either]
        self._parts.append(
            " UNION ".join(f"{{ {part} }}" for part in made) if made[1:] else made[0]
        )

    def add_without(self, target: str, name: str, values: Values) -> None:
        """Join what no other programme of the thing asked for may be."""
        other = {"project": f"other{next(self._numbers)}"}
        inner = self._own(target, {}, other) + " " + self._own(name, values, other)
        self._parts.append(f"MINUS {{ {inner} }}")

    def query(
        self,
        head: str,
        values: Values = {},
        *,
        limit: tuple[int, int] = (0, 0),
        falling: bool = True,
        named: bool = True,
        beside: Assembly | None = None,
    ) -> str:
        """The whole query: a head with the parts in its slot, and other parts beside them."""

        def naming(slot: re.Match[str]) -> str:
            part = "names" if named or slot["thing"] else "numbers"
            renamed = {"answer": slot["thing"], "title": slot["title"]} if slot["thing"] else {}
            return self._own(f"naming/{part}", _used(body(f"naming/{part}"), values), renamed)

        whole = _NAMES.sub(naming, text(f"heads/{head}"))
        before, _, after = whole.partition(_SLOT)
        skipped = f" OFFSET {limit[1]:d}" if limit[1] else ""
        after = after.replace(_END, "DESC" if falling else "ASC")
        after = after.replace(_LIMIT, f"LIMIT {limit[0]:d}{skipped}" if limit[0] else "").rstrip()
        bound = bind(after, _used(after, values)).replace(_SLOT, self.joined())
        if beside is not None:
            bound = bound.replace(_BESIDE, beside.joined())
        return declared(bind(before, _used(before, values)) + self.joined() + bound)

    def joined(self) -> str:
        """The parts, each once."""
        return "\n  ".join(dict.fromkeys(self._parts))

    def _own(self, part: str, values: Values, renamed: Mapping[str, str] = {}) -> str:
        number = next(self._numbers)

        def name(variable: str) -> str:
            if variable.startswith("_"):
                return f"{variable[1:]}{number}"
            return renamed.get(variable, variable)

        return bind(
            "".join(
                f"?{name(piece.text[1:])}"
                if piece.kind == "variable" and piece.text[0] == "?"
                else piece.text
                for piece in _pieces(part)
            ),
            values,
        )


@lru_cache(maxsize=512)
def body(name: str) -> str:
    """The text of a part without its comments, on one line."""
    kept = "".join(" " if piece.kind == "comment" else piece.text for piece in pieces(text(name)))
    return " ".join(kept.split())


@lru_cache(maxsize=512)
def _pieces(name: str) -> tuple[Token, ...]:
    return tuple(pieces(body(name)))


@lru_cache(maxsize=1024)
def _parameters(query: str) -> frozenset[str]:
    return frozenset(piece.text[1:] for piece in pieces(query) if piece.text.startswith("$"))


def _used(query: str, values: Values) -> Values:
    names = _parameters(query)
    return {name: value for name, value in values.items() if name in names}
