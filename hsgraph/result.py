"""The answer to a query as Python wants it: rows of values, a DataFrame, a table in a notebook."""

from __future__ import annotations

import datetime
import decimal
import html
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse,
    parse_query_results,
)

from hsgraph.engine.protocol import Answer, Limits, Term
from hsgraph.engine.writing import write
from hsgraph.errors import HsgraphError
from hsgraph.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, called
from hsgraph.literals import WHOLE_NUMBERS, is_value
from hsgraph.namespaces import XSD

if TYPE_CHECKING:
    import pandas

SHOWN_ROWS: Final = 50
"""How many rows a notebook shows; `len()` and `to_dataframe()` have them all."""

Value = str | int | float | bool | decimal.Decimal | datetime.date | None

_CONVERTERS: Final[dict[str, Callable[[str], Value]]] = {
    **dict.fromkeys(WHOLE_NUMBERS, int),
    XSD + "decimal": decimal.Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: {"true": True, "1": True, "false": False, "0": False}[text],
    XSD + "date": datetime.date.fromisoformat,
    XSD + "dateTime": datetime.datetime.fromisoformat,
}


def value_of(term: Term | Triple | None) -> Value:
    """The Python value of a term: numbers, dates and truth values by datatype, otherwise text.

    A literal that is no value of its datatype (`"soon"^^xsd:date`) stays text.
    """
    if term is None:
        return None
    if isinstance(term, Literal):
        convert = _CONVERTERS.get(term.datatype.value)
        if convert is None or not is_value(term.value, term.datatype.value):
            return term.value
        try:
            return convert(term.value.strip())
        except (ValueError, KeyError, decimal.InvalidOperation):
            return term.value
    if isinstance(term, (NamedNode, BlankNode)):
        return term.value
    return str(term)


class Row(tuple[Value, ...]):
    """One row: a tuple of Python values that also answers to the names of the variables.

    `row["budget"]` is a value, `row.term("budget")` the RDF term with its language and datatype.
    """

    terms: tuple[Term | Triple | None, ...]
    variables: tuple[str, ...]

    @classmethod
    def of(cls, variables: tuple[str, ...], terms: tuple[Term | Triple | None, ...]) -> Row:
        row = cls(value_of(term) for term in terms)
        row.variables = variables
        row.terms = terms
        return row

    @overload  # type: ignore[override]
    def __getitem__(self, key: slice) -> tuple[Value, ...]: ...
    @overload
    def __getitem__(self, key: int | str) -> Value: ...
    def __getitem__(self, key: int | str | slice) -> Value | tuple[Value, ...]:
        if isinstance(key, str):
            return super().__getitem__(self._position(key))
        return super().__getitem__(key)

    def term(self, variable: str) -> Term | Triple | None:
        """The RDF term of a variable; `None` where it is not bound."""
        return self.terms[self._position(variable)]

    def to_dict(self) -> dict[str, Value]:
        return dict(zip(self.variables, self, strict=True))

    def _position(self, variable: str) -> int:
        try:
            return self.variables.index(variable.lstrip("?$"))
        except ValueError:
            raise KeyError(variable) from None


class Result:
    """The answer to one query.

    SELECT: iterate it, or index `rows`. ASK: `boolean`, or its truth value. CONSTRUCT and
    DESCRIBE: `triples`. `write()` gives any of them in a standard format.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.form = answer.form

    @cached_property
    def _solutions(self) -> tuple[tuple[str, ...], tuple[Row, ...]]:
        variables: tuple[str, ...] = ("subject", "predicate", "object")
        if self.form in ("construct", "describe"):
            terms = ((t.subject, t.predicate, t.object) for t in self.triples)
            return variables, tuple(Row.of(variables, row) for row in terms)
        parsed = self._parsed()
        if isinstance(parsed, QueryBoolean):
            return (), ()
        variables = tuple(variable.value for variable in parsed.variables)
        return variables, tuple(
            Row.of(variables, tuple(solution[name] for name in variables)) for solution in parsed
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the query."""
        return self._solutions[0]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows; for CONSTRUCT and DESCRIBE subject, predicate and object of each triple."""
        return self._solutions[1]

    @property
    def boolean(self) -> bool | None:
        """The answer to ASK; `None` for the other forms."""
        return bool(self._parsed()) if self.form == "ask" else None

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """The triples of CONSTRUCT and DESCRIBE; none for the other forms."""
        rdf = self._answer.format.rdf
        if rdf is None:
            return ()
        return tuple(quad.triple for quad in parse(self._answer.body, format=rdf))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        """True when ASK says yes, and when any other query found something."""
        return bool(self.boolean) if self.form == "ask" else len(self) > 0

    def __getitem__(self, position: int) -> Row:
        return self.rows[position]

    def __repr__(self) -> str:
        if self.form == "ask":
            return f"<Result: {self.boolean}>"
        return f"<Result: {len(self)} rows of {', '.join(self.variables)}>"

    def to_dicts(self) -> list[dict[str, Value]]:
        """The rows as dictionaries by variable name."""
        return [row.to_dict() for row in self.rows]

    def to_dataframe(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame. Raises `HsgraphError` where pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise HsgraphError(
                "A DataFrame needs pandas, which is not installed.", remedy="pip install pandas"
            ) from error
        return pandas.DataFrame([tuple(row) for row in self.rows], columns=list(self.variables))

    def write(self, format: str | None = None, to: str | Path | None = None) -> str:
        """The answer in a format, by name (`csv`, `tsv`, `json`, `xml`; `ttl`, `nt`, `jsonld`,
        `rdf` for triples); also written to the file `to`, whose suffix chooses when no format
        is given. Raises `NotAcceptable` for a format that this form of query does not have, and
        for one that cannot hold what was found.
        """
        triples = self.form in ("construct", "describe")
        if format is None:
            default = "ttl" if triples else "csv"
            format = Path(to).suffix.lstrip(".") if to is not None else default
        offered = ("triples", GRAPH_FORMATS) if triples else ("a table", RESULT_FORMATS)
        text = self._serialized(called(format, *offered)).decode("utf-8")
        if to is not None:
            Path(to).write_text(text, encoding="utf-8", newline="")
        return text

    def _serialized(self, format: Format) -> bytes:
        if format == self._answer.format:
            return self._answer.body
        found = self._parsed() if format.rdf is None else self.triples
        return write(found, self.form, {self.form: format}, Limits(inf, sys.maxsize)).body

    def _parsed(self) -> QuerySolutions | QueryBoolean:
        assert self._answer.format.results is not None
        return parse_query_results(self._answer.body, format=self._answer.format.results)

    def _repr_html_(self) -> str:
        """The table a notebook shows: all text escaped, only http(s) IRIs are links."""
        if self.form == "ask":
            return f"<p>{'yes' if self.boolean else 'no'}</p>"
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.variables)
        body = "".join(
            "<tr>" + "".join(f"<td>{_cell(term)}</td>" for term in row.terms) + "</tr>"
            for row in self.rows[:SHOWN_ROWS]
        )
        cut = f"first {SHOWN_ROWS} of {len(self)} rows" if len(self) > SHOWN_ROWS else ""
        note = f"<p>{cut}</p>" if cut else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cell(term: Any) -> str:
    if term is None:
        return ""
    text = html.escape(str(value_of(term)))
    if isinstance(term, NamedNode) and term.value.startswith(("http://", "https://")):
        return f'<a href="{text}">{text}</a>'
    return text
