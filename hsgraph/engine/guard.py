"""Looks at a query from outside before any engine does: its form, its length, what it may not do.

The scan refuses with a clear message. It is not the only wall: runners cannot open a socket and
the store is never given an update.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from typing import Literal as Choice
from urllib.parse import urljoin

from hsgraph.engine.lexer import Token, tokens
from hsgraph.engine.protocol import DatasetClause, QueryForm
from hsgraph.errors import QueryRefused, QueryTooLarge, UpdateRefused
from hsgraph.namespaces import PREFIXES

LENGTH: Final = 100_000
DEPTH: Final = 256
_FORMS: Final[dict[str, QueryForm]] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
}
_UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)


@dataclass(frozen=True)
class Inspected:
    """What the scan learnt: the form (None if it found none: the parser will say why), the
    dataset the query itself names, and whether it calls an endpoint that is allowed."""

    form: QueryForm | None
    dataset: DatasetClause
    calls_out: bool


def inspect(query: str, *, length: int = LENGTH, allow_service: Sequence[str] = ()) -> Inspected:
    """Scan a query from outside.

    Raises QueryTooLarge (too long), UpdateRefused (update forms, LOAD) and QueryRefused
    (SERVICE to an endpoint that is not allowed, brackets nested deeper than DEPTH).
    """
    if len(query) > length:
        raise QueryTooLarge(
            f"The query has {len(query):,} characters; at most {length:,} are allowed.",
            remedy="Shorten it, or download the data and query it on your own machine.",
        )
    found = tokens(query)
    _refuse_deep(found)
    names = Names.of(found)
    form = _form(found)
    calls_out = _services(found, names, allow_service)
    return Inspected(form, _dataset(found, names), calls_out)


@dataclass(frozen=True)
class Names:
    """The prefixes and the base a query declares, with our own prefixes as defaults."""

    prefixes: dict[str, str]
    base: str

    @classmethod
    def of(cls, found: Sequence[Token]) -> Names:
        prefixes = dict(PREFIXES)
        base = ""
        for index, token in enumerate(found[:-1]):
            follower = found[index + 1]
            if token.upper == "BASE" and follower.kind == "iri":
                base = urljoin(base, follower.text[1:-1])
            elif token.upper == "PREFIX" and index + 2 < len(found):
                prefixes[follower.text[:-1]] = urljoin(base, found[index + 2].text[1:-1])
        return cls(prefixes, base)

    def resolve(self, token: Token) -> str | None:
        """The IRI that a token stands for, None if it is no IRI."""
        if token.kind == "iri":
            return urljoin(self.base, token.text[1:-1])
        if token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            return self.prefixes.get(prefix, "") + local.replace("\\", "")
        return None


def _form(found: Sequence[Token]) -> QueryForm | None:
    for token in found:
        if token.kind != "word":
            continue
        if token.upper in _FORMS:
            return _FORMS[token.upper]
        if token.upper in _UPDATES:
            raise UpdateRefused(
                f"{token.upper} would change the data; this address answers queries only "
                "(SELECT, ASK, CONSTRUCT, DESCRIBE).",
                remedy="To propose a correction, see how to contribute to the data files.",
            )
    return None


def _services(found: Sequence[Token], names: Names, allowed: Sequence[str]) -> bool:
    calls_out = False
    for index, token in enumerate(found):
        if token.kind != "word" or token.upper != "SERVICE":
            continue
        rest = [t for t in found[index + 1 : index + 3] if t.upper != "SILENT"]
        endpoint = names.resolve(rest[0]) if rest else None
        if endpoint is None or endpoint not in allowed:
            shown = f"<{endpoint}>" if endpoint else (rest[0].text if rest else "nothing")
            raise QueryRefused(
                f"SERVICE is not allowed here: the query asks this server to call {shown}.",
                remedy="Run the federated query on your own machine and call this endpoint "
                "from there with SERVICE.",
            )
        calls_out = True
    return calls_out


def _dataset(found: Sequence[Token], names: Names) -> DatasetClause:
    graphs: dict[Choice["default", "named"], list[str]] = {"default": [], "named": []}
    for index, token in enumerate(found[:-1]):
        if token.kind != "word" or token.upper != "FROM":
            continue
        named = found[index + 1].upper == "NAMED"
        after = found[index + 1 + named : index + 2 + named]
        iri = names.resolve(after[0]) if after else None
        if iri is not None:
            graphs["named" if named else "default"].append(iri)
    return DatasetClause(tuple(graphs["default"]), tuple(graphs["named"]))


def _refuse_deep(found: Sequence[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind != "mark":
            continue
        if token.text in "([{":
            depth += 1
            if depth > DEPTH:
                raise QueryRefused(
                    f"The query nests brackets more than {DEPTH} deep.",
                    remedy="Write it flatter.",
                )
        elif token.text in ")]}":
            depth -= 1
