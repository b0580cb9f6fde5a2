"""How dates, periods, figures and money are written on pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS: Final = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥"}
"""Currency codes (ISO 4217) that have a sign people know; others are written as their code."""


@dataclass(frozen=True)
class Money:
    """An amount twice: compact for lists ("US$ 2.86 m") and as the source gives it."""

    compact: str
    exact: str


def date(value: str, precision: str = "day") -> str:
    """A date (`2012-10-01`) no finer than its precision: "1 Oct 2012", "Oct 2012" or "2012"."""
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12 and day[:2].isdigit()):
        return value
    if precision == "year":
        return year
    name = MONTHS[int(month) - 1]
    return f"{name} {year}" if precision == "month" else f"{int(day[:2])} {name} {year}"


def period(start: str, end: str) -> str:
    """Two written dates as a period; either may be empty."""
    if start and end:
        return start if start == end else f"{start} – {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def number(value: str) -> str:
    """A figure with thousands set apart: 2859659 becomes 2,859,659; other text stays as it is."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount.adjusted()) > 30:
        return value
    whole = amount == amount.to_integral_value()
    return f"{amount.quantize(Decimal(1)):,}" if whole else f"{amount.normalize():,f}"


def money(value: str, currency: str, *, approximate: bool = False) -> Money:
    """An amount in a currency (its ISO 4217 code); `approximate` puts "about" before it."""
    sign = SIGNS.get(currency, currency)
    about = "about " if approximate else ""
    exact = f"{about}{sign} {number(value)}".strip()
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return Money(exact, exact)
    for size, letter in ((10**9, "bn"), (10**6, "m")):
        if abs(amount) >= size:
            digits = f"{amount / size:.2f}".rstrip("0").rstrip(".")
            return Money(f"{about}{sign} {digits} {letter}", exact)
    return Money(exact, exact)


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 programme", "2 programmes"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
