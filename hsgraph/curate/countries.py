"""The countries of the world: their names in several languages and their codes, from CLDR."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Final

_LANGUAGES: Final = ("en", "fr", "es", "pt", "de", "it", "ar", "ru")
_FIRST_OTHER: Final = "900"
"""M49 codes from here on are of no country."""


@cache
def territories() -> dict[str, tuple[str, ...]]:
    """Names of countries in several languages, by their two-letter code, from Unicode's CLDR."""
    from babel import Locale

    names: dict[str, list[str]] = defaultdict(list)
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                names[code].append(name)
    return {code: tuple(dict.fromkeys(listed)) for code, listed in names.items()}


@cache
def country_codes() -> dict[str, tuple[str, str]]:
    """The three-letter and the M49 code of each country by its two-letter code, from CLDR."""
    from babel.core import get_global

    letters: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and len(codes[0]) == 2:
            if re.fullmatch(r"[A-Z]{3}", alias):
                letters.setdefault(codes[0], alias)
            elif re.fullmatch(r"\d{3}", alias):
                numbers.setdefault(codes[0], alias)
    return {
        code: (letters[code], numbers[code])
        for code in letters
        if numbers.get(code, "999") < _FIRST_OTHER
    }
