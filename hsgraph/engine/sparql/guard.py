"""Looks at a query from outside before any engine does: its form, its length, what it may not do.

The scan refuses with a clear message. It is not the only wall: runners cannot open a socket and
the store is never given an update.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args
from typing import Literal as Choice

from pyoxigraph import RdfFormat, parse

from hsgraph.engine.sparql.lexer import GAP, IN_NAME, Token, every_reading, nested, tokens
from hsgraph.errors import QueryRefused, QueryTooLarge, UpdateRefused
from hsgraph.namespaces import BASE, PREFIXES
from hsgraph.settings import Settings

QueryForm = Choice["select", "ask", "construct", "describe"]
DEPTH: Final = 256
FORMS: Final[dict[str, QueryForm]] = {form.upper(): form for form in get_args(QueryForm)}
_FORM: Final = re.compile("|".join(FORMS))
_UPDATE: Final = re.compile("INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH")
_BEFORE_A_GRAPH: Final = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_BEGINNING: Final = re.compile(
    rf"{GAP}(?:(?:BASE|PREFIX\s+[\w.-]*:)\s*<[^<>\s]*>{GAP})*+(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"(?<![?$:])FROM")
_NAME: Final = rf"[{IN_NAME}.-]*+:(?:\\.|[^\s{{#<\\])*+"
_CALL: Final = re.compile(
    rf"SERVICE{GAP}(?:SILENT{GAP})?(<[^<>]*>|[?$][{IN_NAME}]++|{_NAME}){GAP}\{{", re.IGNORECASE
)
_RUN: Final = re.compile(rf"{_NAME}|[{IN_NAME}.-]*+")


@dataclass(frozen=True)
class DatasetClause:
    """The dataset a request names (SPARQL 1.1 Protocol, 2.1.4); empty means the union of all."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inspected:
    """What the scan learnt: the form (None if it found none: the parser will say why), and the
    dataset the query itself names."""

    form: QueryForm | None
    dataset: DatasetClause

    def over(self, asked: DatasetClause) -> DatasetClause:
        """The dataset that holds: one given with the request replaces FROM and FROM NAMED
        (SPARQL 1.1 Protocol, 2.1.4)."""
        return asked if asked != DatasetClause() else self.dataset


def inspect(query: str, settings: Settings = Settings()) -> Inspected:
    """Scan a query from outside, by the length and the endpoints that settings allow.

    Raises QueryTooLarge (too long), UpdateRefused (update forms, LOAD) and QueryRefused
    (SERVICE to an endpoint that is not allowed, brackets nested deeper than DEPTH).
    """
    if len(query) > settings.query_length:
        raise QueryTooLarge(
            f"The query has {len(query):,} characters; at most {settings.query_length:,} are "
            "allowed.",
            remedy="Shorten it, or download the data and query it on your own machine.",
        )
    if (plain := _plain(query)) is not None:
        return plain
    found = tokens(query)
    _refuse_deep(found)
    names = Names.of(found)
    form = _form(found)
    _refuse_services(query, found, settings.allow_service)
    return Inspected(form, _dataset(found, names))


def _plain(query: str) -> Inspected | None:
    """What there is to learn of a query that begins as the grammar has it, has too few brackets to
    nest deep, and nowhere a word that calls out or names a dataset: most are found so, twenty
    times as fast. None for all others."""
    upper = query.upper()
    if "SERVICE" in upper or "\\U" in upper or ("FROM" in upper and _FROM.search(upper)):
        return None
    beginning = _BEGINNING.match(query)
    brackets = query.count("{") + query.count("(") + query.count("[")
    if beginning is None or brackets > DEPTH:
        return None
    return Inspected(FORMS[beginning[1].upper()], DatasetClause())


@dataclass(frozen=True)
class Names:
    """The prefixes and the base that a query declares; our own count besides."""

    prefixes: dict[str, str]
    base: str

    @classmethod
    def of(cls, found: Sequence[Token]) -> Names:
        prefixes, base = dict[str, str](), BASE
        for index, token in enumerate(found[:-1]):
            follower = found[index + 1]
            if token.upper == "BASE" and follower.kind == "iri":
                base = _joined(base, follower)
            elif token.upper == "PREFIX" and index + 2 < len(found):
                prefixes[follower.text[:-1]] = _joined(base, found[index + 2])
        return cls(prefixes, base)

    def resolve(self, token: Token) -> str | None:
        """The IRI that a token stands for, None if it is no IRI."""
        if token.kind == "iri":
            return _joined(self.base, token)
        if token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            namespace = self.prefixes.get(prefix) or PREFIXES.get(prefix, "")
            return namespace + local.replace("\\", "")
        return None


def _joined(base: str, token: Token) -> str:
    """The IRI that a token writes, seen from a base, by the same rules as all IRIs of the query.

    What is none stays as it is written: whoever takes it for one says where it stands.
    """
    try:
        written = parse(f"{token.text} a <>.", RdfFormat.TURTLE, base_iri=base)
        return next(str(quad.subject)[1:-1] for quad in written)
    except (SyntaxError, ValueError, StopIteration):
        return token.text[1:-1]


def undeclared(query: str) -> list[str]:
    """Our own prefixes that a query uses without declaring them."""
    found = tokens(query)
    used = {token.text.partition(":")[0] for token in found if token.kind == "prefixed"}
    return sorted((used - Names.of(found).prefixes.keys()) & PREFIXES.keys())


def _form(found: Sequence[Token]) -> QueryForm | None:
    for token in found:
        if token.kind != "word":
            continue
        if match := _FORM.match(token.upper):
            return FORMS[match[0]]
        if _UPDATE.match(token.upper):
            raise UpdateRefused(
                f"{token.upper} would change the data; this address answers queries only "
                "(SELECT, ASK, CONSTRUCT, DESCRIBE).",
                remedy="To propose a correction, see how to contribute to the data files.",
            )
    return None


def _refuse_services(query: str, found: Sequence[Token], allowed: Sequence[str]) -> None:
    """Raise QueryRefused where the query calls an endpoint that is not allowed.

    The engine reads keywords without a space after them (`trueSERVICE<x>`, `SERVICEe:x`), so a
    word counts that contains SERVICE. Only a whole IRI can be allowed: a prefix could be
    declared in a way that the scan misses.
    """
    if "SERVICE" not in query.upper():
        return
    for endpoint in [_endpoint(found, at) for at in range(len(found)) if _calls(found, at)]:
        if endpoint[:1] != "<" or endpoint[1:-1] not in allowed:
            raise _refused(endpoint)
    end = 0
    for start in sorted(_other_places(query, found)):
        if start < end and end not in (start + len("SERVICE"), start + len("SERVICESILENT")):
            continue  # it is part of a name that was read to its end
        if match := _CALL.match(query, start):
            raise _refused(match[1])
        if run := _RUN.match(query, start):
            end = run.end()


def _other_places(query: str, found: Sequence[Token]) -> Iterator[int]:
    """Where SERVICE stands if a `<` is read otherwise than in the tokens that were found."""
    main = {token.start for token in found}
    for token in every_reading(query):
        inside = token.upper.find("SERVICE")
        if token.start not in main and token.kind in ("word", "prefixed") and inside >= 0:
            yield token.start + inside


def _calls(found: Sequence[Token], index: int) -> bool:
    token = found[index]
    if token.kind == "word":
        return "SERVICE" in token.upper
    if token.kind != "prefixed" or "SERVICE" not in token.upper.partition(":")[0]:
        return False
    before = found[index - 1].upper if index else ""
    after = found[index + 1].text if index + 1 < len(found) else ""
    return after == "{" and before not in _BEFORE_A_GRAPH


def _endpoint(found: Sequence[Token], index: int) -> str:
    if found[index].kind == "prefixed":
        return found[index].text
    rest = [token for token in found[index + 1 : index + 3] if token.upper != "SILENT"]
    return rest[0].text if rest else "nothing"


def _refused(endpoint: str) -> QueryRefused:
    return QueryRefused(
        f"SERVICE is not allowed here: the query asks this server to call {endpoint}.",
        remedy="Run the federated query on your own machine and call this server "
        "from there with SERVICE.",
    )


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
    if any(depth > DEPTH for _, depth in nested(found, "([{", ")]}")):
        raise QueryRefused(
            f"The query nests brackets more than {DEPTH} deep.", remedy="Write it flatter."
        )
