"""A figure rests on the words that print it, in digits of any kind or spelt out."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.data.test_real_data import SMALLEST_TELLING, THOUSANDS, Data, local

SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "mil": 1e3,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "m": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "millones": 1e6,
    "млн": 1e6,
    "億": 1e8,
}
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
SCALED = re.compile(rf"(\d+(?:[.,]\d+)?)[ -]*({SCALE})(?![a-z])", re.IGNORECASE)
RUN = re.compile(rf"((?:{SCALED.pattern}\s*)+)(\d+(?:\.\d+)?)?", re.IGNORECASE)
SPELT = {
    "cinco mil": 5000,
    "más de mil": 1000,
    "cent-vingt": 120,
    "doscientos cuarenta y ocho": 248,
    "almost a million": 1_000_000,
}
RECKONED_OR_MISPRINTED = {
    "bih-herzegovina-ethnic-harmony-total",
    "nicaragua-alto-wangki-bocay-number",
    "solomon-islands-ex-combatants-works-total",
    "somalia-bosasso-idps-beneficiaries",
    "sudan-nuba-safe-motherhood-midwives-trained",
}
"""Sums of two figures, a half of one, and two that the page breaks by a space or a comma."""


def number(digits: str) -> float:
    return float(digits.replace(",", "."))


def printed(quote: str) -> set[float]:
    """The numbers of a quotation: those in digits, and those with words such as “million” or 万."""
    plain = THOUSANDS.sub("", quote)
    digits = [number(found) for found in re.findall(r"\d+(?:\.\d+|,\d{1,2}\b)?", plain)]
    scaled = [
        sum(number(found) * SCALES[scale.lower()] for found, scale in SCALED.findall(run[1]))
        + number(run[4] or "0")
        for run in RUN.finditer(plain)
    ]
    spelt = [float(value) for words, value in SPELT.items() if words in plain.lower()]
    return {*digits, *(round(value, 2) for value in scaled), *spelt}


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("2,194,426.40 US dollars", 2194426.40),
        ("257 342,49 USD", 257342.49),
        ("119万4,426.40ドル", 1194426.40),
        ("約3億3,800万円", 338_000_000),
        ("US$6.1 Million project", 6_100_000),
        ("10 mil 566 indígenas y 2 mil 625", 2625),
        ("11万5千266.82米ドル", 115_266.82),
        ("約3千家族計、1.9万人", 3000),
        ("more than 330 thousand refugees", 330_000),
        ("cent-vingt jeunes", 120),
    ],
)
def test_numbers_are_read_as_they_are_printed(quote: str, value: float) -> None:
    assert value in printed(quote)


def test_a_figure_is_in_the_words_it_rests_on(root: Path) -> None:
    rests_on: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part, value, quote in Data(root).rows("""SELECT ?part ?value ?quote WHERE {
        ?part hs:count|hs:amount|hs:figure ?value ; hs:evidence ?evidence
        OPTIONAL { ?evidence oa:hasSelector/oa:exact ?quote } }"""):
        rests_on[local(part), value].append(quote)
    assert {
        part: quotes
        for (part, value), quotes in rests_on.items()
        if float(value) >= SMALLEST_TELLING
        and all(quotes)
        and not any(float(value) in printed(quote) for quote in quotes)
        and part not in RECKONED_OR_MISPRINTED
    } == {}
