"""What literals say to people: whether a text is a value of its datatype, and markup, formulas."""

from __future__ import annotations

import html
import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from math import inf, isfinite, isnan, nan
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
NUMBERS: Final = WHOLE_NUMBERS | {XSD + "decimal", XSD + "double", XSD + "float"}
_YEAR: Final = r"(?P<year>-?(?:[1-9][0-9]{4,}|[0-9]{4}))"
_MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
_DAY: Final = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKUP: Final = frozenset({RDF + "HTML", RDF + "XMLLiteral"})
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_REAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_OF_CALENDAR: Final[Mapping[str, re.Pattern[str]]] = {
    XSD + "date": re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?"),
    XSD + "dateTime": re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?"),
    XSD + "dateTimeStamp": re.compile(rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}"),
    XSD + "time": re.compile(rf"{_TIME}{_ZONE}?"),
    XSD + "gYear": re.compile(rf"{_YEAR}{_ZONE}?"),
    XSD + "gYearMonth": re.compile(rf"{_YEAR}-{_MONTH}{_ZONE}?"),
    XSD + "gMonthDay": re.compile(rf"--{_MONTH}-{_DAY}{_ZONE}?"),
    XSD + "gMonth": re.compile(rf"--{_MONTH}{_ZONE}?"),
    XSD + "gDay": re.compile(rf"---{_DAY}{_ZONE}?"),
}
_MONTHS: Final = r"(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?"
_SECONDS: Final = r"T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?"
_OF_DURATIONS: Final[Mapping[str, re.Pattern[str]]] = {
    XSD + "duration": re.compile(rf"-?P(?=[0-9T])(?:{_MONTHS})?(?:[0-9]+D)?(?:{_SECONDS})?"),
    XSD + "yearMonthDuration": re.compile(rf"-?P{_MONTHS}"),
    XSD + "dayTimeDuration": re.compile(rf"-?P(?=[0-9T])(?:[0-9]+D)?(?:{_SECONDS})?"),
}
_WRITTEN: Final[Mapping[str, re.Pattern[str]]] = {
    **dict.fromkeys(WHOLE_NUMBERS, _WHOLE),
    XSD + "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    XSD + "double": _REAL,
    XSD + "float": _REAL,
    XSD + "boolean": re.compile(r"true|false|1|0"),
    XSD + "language": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"),
    XSD + "hexBinary": re.compile(r"(?:[0-9A-Fa-f]{2})*"),
    XSD + "base64Binary": re.compile(
        r"(?:(?:[A-Za-z0-9+/]\s*){4})*"
        r"(?:(?:[A-Za-z0-9+/]\s*){2}[AEIMQUYcgkosw048]\s*=|[A-Za-z0-9+/]\s*[AQgw]\s*=\s*=)?"
    ),
    **_OF_CALENDAR,
    **_OF_DURATIONS,
}
TEMPORAL: Final = frozenset((*_OF_CALENDAR, *_OF_DURATIONS))
"""The types of dates, times and durations."""
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
