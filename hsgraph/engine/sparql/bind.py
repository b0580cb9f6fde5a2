"""Puts terms in the place of the `$name` parameters of our own queries, for any engine.

A parameter is a `$name` outside strings, IRIs and comments; variables are written `?name`.
Terms are written in their N-Triples form, so no text of a term can become SPARQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode

from hsgraph.engine.lookups import Term
from hsgraph.engine.sparql.lexer import pieces

Parameters = Mapping[str, Term | Sequence[Term]]
"""Values for the `$name` parameters of a trusted query."""


def bind(query: str, parameters: Parameters = {}) -> str:
    """The query with each `$name` replaced by its term, or by its terms with spaces between.

    A list serves `VALUES ?x { $xs }`. Raises ValueError for a `$name` without a value and for a
    value without a `$name`, TypeError for a value that is no IRI or literal: a blank node would
    be a variable in SPARQL.
    """
    out: list[str] = []
    used: set[str] = set()
    for number, piece in enumerate(_split(query)):
        if number % 2 == 0:
            out.append(piece)
            continue
        if piece not in parameters:
            raise ValueError(f"The query has a parameter ${piece} that was given no value.")
        used.add(piece)
        out.append(_text(piece, parameters[piece]))
    unknown = sorted(set(parameters) - used)
    if unknown:
        raise ValueError(f"The query has no parameter ${', $'.join(unknown)}.")
    return "".join(out)


@lru_cache(maxsize=256)
def _split(query: str) -> tuple[str, ...]:
    """The text before the first parameter, its name, the text up to the next, and so on.

    Kept, since our queries are few and asked again and again.
    """
    out = [""]
    for piece in pieces(query):
        if piece.kind == "variable" and piece.text.startswith("$"):
            out += [piece.text[1:], ""]
        else:
            out[-1] += piece.text
    return tuple(out)


def _text(name: str, value: Term | Sequence[Term]) -> str:
    terms = [value] if isinstance(value, NamedNode | Literal | BlankNode) else list(value)
    for term in terms:
        if not isinstance(term, NamedNode | Literal):
            raise TypeError(f"${name} must be an IRI or a literal, not {term!r}.")
    return " ".join(str(term) for term in terms)
