"""From the rows of a table to drafts: columns in the curator's own words, mistakes by cell."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.curate.known import Graph
from hsgraph.curate.model import Ask, Concept, Doubt, Draft, Missed, Text, few
from hsgraph.curate.reading.confined import run_confined
from hsgraph.curate.reading.grids import FORMULA
from hsgraph.curate.reading.lines import Line
from hsgraph.curate.sheet import people
from hsgraph.curate.sheet.amounts import find_sums, read_number
from hsgraph.curate.sheet.desk import finish
from hsgraph.curate.sheet.facts import ROLES, Facts
from hsgraph.curate.sheet.money import read_sums
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import heading_code, plain, words
from hsgraph.errors import Place, SourceError

_CLOSE: Final = 0.8
_SUMS: Final = ("budget", "contribution", "cofunding")
_BRACKET: Final = re.compile(r"\s*\(([^)]*)\)\s*$")
_PARTS: Final = re.compile(r"\s*[;\n]\s*")


@dataclass(frozen=True)
class Column:
    """A column of the table: its letter, its name as written, and what we take it for."""

    letter: str
    name: str
    code: str | None
    currency: str = ""
    close: str | None = None
    """A code whose name is like this one, where none is the same."""


def read_columns(path: Path) -> tuple[list[Column], list[list[str]]]:
    """The columns and the rows below them."""
    grid: list[list[str]] = run_confined("table", path)
    columns = [_column(number, name) for number, name in enumerate(grid[0])]
    return columns, grid[1:]


def drafts_of_table(
    path: Path, columns: list[Column], rows: list[list[str]], graph: Graph, ask: Ask
) -> tuple[list[Draft], list[SourceError]]:
    """A draft for each good row, and the mistakes of the others, each with its cell."""
    named = [column.code for column in columns]
    if "title" not in named:
        raise SourceError(
            "No column is the title of the programme.",
            place=Place(str(path), 1),
            remedy="Name it Title; `hsgraph draft --template` writes an empty table.",
        )
    drafts: list[Draft] = []
    mistakes: list[SourceError] = []
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        drafting = _Row(path, number, columns, row, graph, ask)
        draft = drafting.draft()
        if drafting.mistakes:
            mistakes += drafting.mistakes
        else:
            drafts.append(draft)
    return drafts, mistakes


def _column(number: int, name: str) -> Column:
    letter = chr(ord("A") + number) if number < 26 else f"A{chr(ord('A') + number - 26)}"
    bracket = _BRACKET.search(name)
    inside = bracket[1].strip() if bracket else ""
    currency = inside if inside in words().currencies else ""
    bare = _BRACKET.sub("", name) if currency else name
    code = heading_code(bare)
    close = None
    if code is None:
        near = difflib.get_close_matches(plain(bare), list(words().headings), 1, _CLOSE)
        close = words().headings[near[0]] if near else None
    return Column(letter, name, code, currency, close)


class _Row:
    """Drafts one row."""

    def __init__(
        self,
        path: Path,
        number: int,
        columns: list[Column],
        row: list[str],
        graph: Graph,
        ask: Ask,
    ) -> None:
        self._path, self._number, self._graph = path, number, graph
        self._cells = [
            (column, row[place])
            for place, column in enumerate(columns)
            if column.code and place < len(row) and row[place]
        ]
        self._draft = Draft(path.name, own_words=True)
        self._facts = Facts(graph, self._draft, self._asked(ask))
        self.mistakes: list[SourceError] = []

    def draft(self) -> Draft:
        """The draft; it is not to be used when there are mistakes."""
        for column, value in self._cells:
            if value.startswith(FORMULA):
                self._mistake(column, value, "it has a formula", "Paste the value in its place.")
        if self.mistakes:
            return self._draft
        taken = [self._text(code) for code in ("title", "slug", "source", "description")]
        title, slug, source, description = taken
        if not title:
            place = Place(f"{self._path}!{self._number}", None)
            self.mistakes.append(
                SourceError("The row has no title.", place=place, remedy="Fill it in.")
            )
            return self._draft
        self._draft.title = Text(title, few(title, self._number))
        self._draft.slug = slug
        if source.startswith(("http://", "https://")):
            self._draft.url = source
        elif source:
            self._draft.file = source
        if description:
            self._draft.description = [Text(description, few(description, self._number))]
        for code in _ORDER:
            for column, value in self._cells:
                if column.code == code:
                    self._cell(column, value, _TAKERS[code])
        finish(self._draft, self._graph)
        return self._draft

    def _text(self, code: str) -> str:
        found = [value for column, value in self._cells if column.code == code]
        return found[0] if found else ""

    def _cell(self, column: Column, value: str, take: Callable[[_Row, Section], None]) -> None:
        """Take a cell; what is missed in it is a mistake, or a remark with its cell."""
        if column.code in _SUMS:
            value = self._with_currency(column, value)
        before = len(self._draft.missed)
        line = Line(self._number, value)
        take(self, Section(column.code, column.name, self._number, True, [line]))
        fresh = self._draft.missed[before:]
        del self._draft.missed[before:]
        for missed in fresh:
            if column.code in _STRICT:
                remedy = next(said for codes, said in _REMEDIES if column.code in codes)
                self._mistake(column, missed.text, missed.why, f"{remedy}, or leave it empty.")
            else:
                why = f"cell {column.letter}{self._number}: {missed.why}"
                self._draft.missed.append(Missed(missed.line, missed.text, why))

    def _with_currency(self, column: Column, value: str) -> str:
        currency = column.currency or self._text("currency")
        if find_sums(value) or not currency or read_number(value) is None:
            return value
        return f"{currency} {value}"

    def _mistake(self, column: Column, text: str, why: str, remedy: str) -> None:
        place = Place(f"{self._path}!{column.letter}{self._number}")
        self.mistakes.append(SourceError(f"{text}: {why}.", place=place, remedy=remedy))

    def _asked(self, ask: Ask) -> Ask:
        return lambda doubt: ask(
            Doubt(f"{doubt.question} (row {self._number})", doubt.choices, doubt.line, doubt.text)
        )

    def _objectives(self, section: Section) -> None:
        for part in _PARTS.split(section.lines[0].text):
            if part:
                self._draft.objectives.append(Text(part, few(part, self._number)))

    def _people(self, section: Section) -> None:
        for part in _PARTS.split(section.lines[0].text):
            before = len(self._draft.targets)
            told = {group for target in self._draft.targets for group in target.groups}
            people.read_target(self._facts, part, self._number)
            again = told & set(self._graph.named(part, "population-group"))
            if part and len(self._draft.targets) == before and not again:
                self._draft.miss(self._number, part, "no group of the vocabulary")

    def _concepts(self, section: Section) -> None:
        kind = "threat-type" if section.code == "threats" else "intervention-type"
        taken = self._draft.threats if section.code == "threats" else self._draft.interventions
        for part in _PARTS.split(section.lines[0].text):
            found = self._graph.named(part, kind)
            if len(found) == 1:
                taken.append(Concept(found[0], few(part, self._number)))
            elif part:
                self._draft.miss(self._number, part, f"no {kind.replace('-', ' ')} of this name")


_DATES: Final = ("start", "end", "duration", "approved", "announced")
_STRICT: Final = frozenset({"country", *_DATES, *_SUMS})
_REMEDIES: Final = (
    (_SUMS, "Write the sum with its currency, as in US$ 1,250,000"),
    (_DATES, "Write a day, month or year that there is, as in 2019-03-31, March 2019 or 2019"),
    (_STRICT, "Mend it"),
)
_TAKERS: Final[dict[str, Callable[[_Row, Section], None]]] = {
    "country": lambda row, section: row._facts.places(section),
    "place": lambda row, section: row._facts.places(section),
    **dict.fromkeys(
        ("duration", "start", "end", "approved", "announced"),
        lambda row, section: row._facts.period(section),
    ),
    **dict.fromkeys(ROLES, lambda row, section: row._facts.organisations(section)),
    **dict.fromkeys(_SUMS, lambda row, section: read_sums(row._facts, section)),
    "keywords": lambda row, section: row._facts.keywords(section),
    "objectives": _Row._objectives,
    "beneficiaries": _Row._people,
    "threats": _Row._concepts,
    "interventions": _Row._concepts,
}
_ORDER: Final = tuple(_TAKERS)
