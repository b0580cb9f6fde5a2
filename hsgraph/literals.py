"""What literals say to people: whether a text is a value of its datatype, and markup, formulas."""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from calendar import monthrange
from math import inf, isfinite, isnan, nan
from pathlib import Path
from string import Template
from typing import Final

from hsgraph.namespaces import RDF, XSD

_TOLD: Final = tomllib.loads(Path(__file__).with_name("datatypes.toml").read_text("utf-8"))
WHOLE_NUMBERS: Final = frozenset(XSD + name for name in _TOLD["whole"])
NUMBERS: Final = WHOLE_NUMBERS | {XSD + "decimal", XSD + "double", XSD + "float"}
TEMPORAL: Final = frozenset(XSD + name for name in _TOLD["temporal"])
"""The types of dates, times and durations."""
_WRITTEN: Final = {
    XSD + name: re.compile(Template(pattern).substitute(_TOLD["parts"]))
    for name, pattern in (
        dict.fromkeys(_TOLD["whole"], "$whole") | _TOLD["temporal"] | _TOLD["others"]
    ).items()
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKUP: Final = frozenset({RDF + "HTML", RDF + "XMLLiteral"})
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
_SHOWN: Final = re.compile(r"(?i)\salt=(?:\"([^\"<>]+)\"|'([^'<>]+)')")
"""What a picture is said to show."""


def is_value(text: str, datatype: str) -> bool:
    """Whether a text is written as values of its datatype are; true of datatypes not known here."""
    written = _WRITTEN.get(datatype)
    if written is None:
        return True
    found = written.fullmatch(text.strip(" \t\r\n"))
    return found is not None and _is_day(**found.groupdict())


def _is_day(year: str = "2000", month: str = "01", day: str = "01") -> bool:
    """Whether a month of a year has such a day; the calendar repeats every 400 years."""
    return int(day) <= monthrange(int(year) % 400 + 2000, int(month))[1]


def real(text: str, otherwise: float) -> float:
    """The number that a text is, or another where it is none that is finite."""
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if isfinite(number) else otherwise


def size(text: str, datatype: str) -> float:
    """How large a number is, to put values in order: infinite where the text is no number."""
    return real(text, inf) if datatype in NUMBERS else inf


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
    """What stands in the place of a tag: the text of CDATA or of a picture, or a space."""
    if found["data"] is not None:
        return html.escape(found["data"])
    if found["name"] and found["name"].lower() == "img" and (shown := _SHOWN.search(found[0])):
        return f" {shown[1] or shown[2]} "
    block = found["silent"] or (found["name"] or "span").lower() not in _INLINE
    return " " if block else ""


def no_formula(cell: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) and isnan(real(cell, nan)) else cell
