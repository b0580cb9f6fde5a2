"""Puts terms in the place of the `$name` parameters of our own queries, for any engine.

A parameter is a `$name` outside strings, IRIs and comments; variables are written `?name`.
Terms are written in their N-Triples form, so no text of a term can become SPARQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from hsgraph.engine.lexer import pieces
from hsgraph.engine.protocol import Parameters, Term


def bind(query: str, parameters: Parameters = {}) -> str:
    """The query with each `$name` replaced by its term, or by its terms with spaces between.

    A list serves `VALUES ?x { $xs }`. Raises ValueError for a `$name` without a value and for a
    value without a `$name`, TypeError for a value that is no IRI or literal: a blank node would
    be a variable in SPARQL.
    """
    out: list[str] = []
    used: set[str] = set()
    for piece in pieces(query):
        if piece.kind == "variable" and piece.text.startswith("$"):
            name = piece.text[1:]
            if name not in parameters:
                raise ValueError(f"The query has a parameter ${name} that was given no value.")
            used.add(name)
            out.append(_text(name, parameters[name]))
        else:
            out.append(piece.text)
    unknown = sorted(set(parameters) - used)
    if unknown:
        raise ValueError(f"The query has no parameter ${', $'.join(unknown)}.")
    return "".join(out)


def _text(name: str, value: Term | Sequence[Term]) -> str:
    terms = [value] if isinstance(value, NamedNode | Literal | BlankNode) else list(value)
    for term in terms:
        if not isinstance(term, NamedNode | Literal):
            raise TypeError(f"${name} must be an IRI or a literal, not {term!r}.")
    return " ".join(str(term) for term in terms)
