"""How dates, periods, figures and money are written on pages."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as calendar_date
from decimal import Decimal
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_NUMBER: Final = re.compile(r"([+-]?)0*([0-9]{1,40})(?:\.([0-9]*?)0*)?")
SIGNS: Final = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥"}
"""Currency codes (ISO 4217) that have a sign people know; others are written as their code."""


_UNCOUNTED: Final = ("Evidence", "Quoted words")


@dataclass(frozen=True)
class Money:
    """An amount twice: compact for lists ("US$ 2.86 m") and as the source gives it."""

    compact: str
    exact: str


def day(value: str) -> tuple[int, int, int] | None:
    """Year, month and day of an ISO date (`2012-10-01`), or None where it is no such date."""
    found = _DATE.match(value)
    if not found:
        return None
    year, month, number = (int(part) for part in found.groups())
    with suppress(ValueError):
        calendar_date(year, month, number)
        return year, month, number
    return None


def date(value: str, precision: str = "day") -> str:
    """A date (`2012-10-01`) no finer than its precision: "1 Oct 2012", "Oct 2012" or "2012".

    What is no ISO date is given back as it is.
    """
    found = day(value)
    if found is None:
        return value
    year, month, number = found
    if precision == "year":
        return f"{year:04d}"
    name = MONTHS[month - 1]
    return f"{name} {year}" if precision == "month" else f"{number} {name} {year}"


def order(value: str) -> int:
    """A place in an order; what is no whole number comes last."""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 10**9


def period(start: str, end: str) -> str:
    """Two written dates as a period; either may be empty."""
    if start and end:
        return start if start == end else f"{start} – {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def number(value: str) -> str:
    """A figure with thousands set apart: 2859659 becomes 2,859,659; other text stays as it is."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        return value
    sign, whole, part = found.groups()
    return f"{sign.strip('+')}{int(whole):,}" + (f".{part}" if part else "")


def money(value: str, currency: str, *, approximate: bool = False) -> Money:
    """An amount in a currency (its ISO 4217 code); `approximate` puts "about" before it."""
    sign = SIGNS.get(currency, currency)
    about = "about " if approximate else ""
    written = number(value)
    tenths = re.search(r"[.][0-9]$", written)
    exact = f"{about}{sign} {written}{'0' if tenths else ''}".strip()
    if not _NUMBER.fullmatch(value):
        return Money(exact, exact)
    amount = Decimal(value)
    for size, letter in ((10**9, "bn"), (10**6, "m")):
        if abs(amount) >= size:
            digits = f"{amount / size:.2f}".rstrip("0").rstrip(".")
            return Money(f"{about}{sign} {digits} {letter}", exact)
    return Money(exact, exact)


def many(label: str) -> str:
    """What many things of a class are called: "Agencies", "Places in a document"."""
    if " or " in label:
        return " or ".join(many(noun) for noun in label.split(" or "))
    noun, between, rest = label.partition(" of " if " of " in label else " in ")
    if noun in _UNCOUNTED:
        return label
    if re.search(r"[^aeiou]y$", noun):
        noun = noun[:-1] + "ies"
    else:
        noun += "es" if re.search(r"(?:s|x|ch|sh)$", noun) else "s"
    return noun + between + rest
