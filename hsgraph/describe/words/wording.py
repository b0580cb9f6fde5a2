"""How dates, periods, figures and money are written on pages."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as calendar_date
from decimal import Decimal
from pathlib import Path
from typing import Final

from hsgraph.languages import DEFAULT, interface, later
from hsgraph.languages import translated as _

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_NUMBER: Final = re.compile(r"([+-]?)0*([0-9]{1,40})(?:\.([0-9]*?)0*)?")
SIGNS: Final = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥"}
"""Currency codes (ISO 4217) that have a sign people know; others are written as their code."""

_PLURALS: Final = tomllib.loads(Path(__file__).with_name("plurals.toml").read_text("utf-8"))
"""How words of the labels of classes end, and what many of them are called."""
_FROM: Final = (later("from {1}"), later("from the {1}"))
_UNTIL: Final = (later("until {1}"), later("until the {1}"))
"""Sentences of a period that is open, without and with an article before the date."""
SHORT: Final = 280
"""Characters of a text in a line, unless a template says otherwise."""
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
    if (language := interface()) != DEFAULT:
        from babel.dates import format_date

        pattern = "MMM y" if precision == "month" else "d MMM y"
        return format_date(calendar_date(*found), pattern, locale=language)
    name = MONTHS[month - 1]
    return f"{name} {year}" if precision == "month" else f"{number} {name} {year}"


def order(value: str) -> int:
    """A place in an order; what is no whole number comes last."""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 10**9


def period(start: str, end: str) -> str:
    """Two written dates as a period; either may be empty."""
    if start and end:
        return start if start == end else f"{start} – {end}"
    if start:
        return _(_FROM[_articled(start)]).replace("{1}", start)
    return _(_UNTIL[_articled(end)]).replace("{1}", end) if end else ""


def _articled(date: str) -> bool:
    """Whether a written date has an article in the reader's language: days in French, Spanish."""
    return interface() != DEFAULT and bool(re.match(r"[0-9]{1,2} ", date))


def number(value: str) -> str:
    """A figure with thousands set apart: 2859659 becomes 2,859,659; other text stays as it is."""
    found = _NUMBER.fullmatch(value)
    if found is None:
        return value
    if (language := interface()) != DEFAULT:
        from babel.numbers import format_decimal

        return format_decimal(Decimal(value), locale=language, decimal_quantization=False)
    sign, whole, part = found.groups()
    return f"{sign.strip('+')}{int(whole):,}" + (f".{part}" if part else "")


def filled(sentence: str, *numbers: float) -> str:
    """A sentence of the catalogue with its numbers, which stand for `{1}`, `{2}` …"""
    for place, value in enumerate(numbers, 1):
        sentence = sentence.replace(f"{{{place}}}", number(str(value)))
    return sentence


def clip(text: str, length: int = SHORT) -> str:
    """A text no longer than `length`, cut at a word where there is one."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + " …"


def figure(value: float) -> str:
    """A count as pages in other languages than English write it."""
    return number(str(value))


def money(value: str, currency: str, *, approximate: bool = False) -> Money:
    """An amount in a currency (its ISO 4217 code); `approximate` puts "about" before it."""
    about = _("about") + " " if approximate else ""
    if interface() != DEFAULT and currency and _NUMBER.fullmatch(value):
        return _money_abroad(Decimal(value), currency, about)
    sign = SIGNS.get(currency, currency)
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


def _money_abroad(amount: Decimal, currency: str, about: str) -> Money:
    """An amount as French and Spanish write it: "2 859 659 $US", "2,86 M US$"."""
    from babel.numbers import format_compact_currency, format_currency

    language = interface()
    digits = "#,##0 ¤" if amount == amount.to_integral_value() else "#,##0.00 ¤"
    exact = about + format_currency(
        amount, currency, digits, locale=language, currency_digits=False
    )
    if abs(amount) < 10**6:
        return Money(exact, exact)
    compact = format_compact_currency(amount, currency, locale=language, fraction_digits=2)
    return Money(about + compact, exact)


def many(label: str) -> str:
    """What many things of a class are called: "Agencies", "Places in a document"."""
    if interface() != DEFAULT:
        return re.sub(_PLURALS["nouns"], lambda n: " ".join(map(_several, n[0].split(" "))), label)
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


def _several(word: str) -> str:
    """The plural of a French or Spanish noun or adjective."""
    rules = _PLURALS[interface()].items()
    ending, plural = next((e, p) for e, p in rules if re.search(e, word))
    return re.sub(ending, plural, word)
