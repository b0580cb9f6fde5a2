"""What literals say to people: whether a text is a value of its datatype, and markup, formulas."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from math import isfinite, isnan, nan
from typing import Final

from hsgraph.namespaces import RDF, XSD

WHOLE_NUMBERS: Final = frozenset(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "nonPositiveInteger"),
        *("positiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKUP: Final = frozenset({RDF + "HTML", RDF + "XMLLiteral"})
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_REAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_WRITTEN: Final[Mapping[str, re.Pattern[str]]] = {
    **dict.fromkeys(WHOLE_NUMBERS, _WHOLE),
    XSD + "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    XSD + "double": _REAL,
    XSD + "float": _REAL,
    XSD + "boolean": re.compile(r"true|false|1|0"),
    XSD + "date": re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?"),
}
_EMPTY: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters, as far as Unicode goes, that show nothing."""
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "u", "var", "wbr"}
)
_TAG: Final = re.compile(
    r"(?is)<!--(?:(?!-->).)*+(?:-->)?"
    r"|<!\[CDATA\[(?P<data>(?:(?!\]\]>).)*+)(?:\]\]>)?"
    r"|<(?P<silent>script|style|template)\b(?:(?!</(?P=silent)).)*+"
    r"|</?(?:[\w.-]+:)?(?P<name>[a-z][\w.-]*)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>"
    r"|<[!?][^<>]*+>"
)
"""A piece of markup; each way takes what it has looked at, so that the time is that of one look."""


def is_value(text: str, datatype: str) -> bool:
    """Whether a text is written as values of its datatype are; true of datatypes not known here."""
    written = _WRITTEN.get(datatype)
    return written is None or written.fullmatch(text.strip(" \t\r\n")) is not None


def real(text: str, otherwise: float) -> float:
    """The number that a text is, or another where it is none that is finite."""
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise


def has_sign(text: str) -> bool:
    """Whether there is anything to be seen in a text."""
    return any(
        sign.isprintable()
        and not sign.isspace()
        and sign not in _EMPTY
        and unicodedata.category(sign) != "Mn"
        for sign in text
    )


def plain(text: str, datatype: str) -> str:
    """The text of a literal: of HTML and XML what they say without their tags."""
    if datatype not in _MARKUP:
        return text
    return " ".join(html.unescape(_TAG.sub(_between, text)).split())


def _between(found: re.Match[str]) -> str:
    """What stands in the place of a tag: the text of CDATA, else a space between blocks."""
    if found["data"] is not None:
        return html.escape(found["data"])
    block = found["silent"] or (found["name"] or "span").lower() not in _INLINE
    return " " if block else ""


def no_formula(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) and isnan(real(cell, nan)) else cell
