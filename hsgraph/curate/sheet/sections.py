"""Divides the lines of a document into what stands under each heading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from hsgraph.curate.reading.lines import Document, Line, Style
from hsgraph.curate.sheet.amounts import find_sums, header_currency, read_number
from hsgraph.curate.sheet.guess import guess_fact, guess_text
from hsgraph.curate.words import either, heading_code

PROSE: Final = frozenset(
    ("objectives", "beneficiaries", "indirect", "background", "activities", "overview", "results")
)
_SAME: Final = {"threats": "background", "interventions": "activities"}
"""What is a list of concepts in a table is prose in a document."""
SUMS: Final = ("budget", "contribution", "cofunding", "amount")
_WITHIN: Final = re.compile(r"^\s+[a-h]\.\s")
"""How an item of a list within another begins."""
_BULLET: Final = r"[•●▪◦‣·*\uf0b7–-]"
_ITEM: Final = re.compile(rf"^\s*(?:{_BULLET}|\(?[a-h]\))\s+")
_NUMBERED: Final = re.compile(
    r"^\s*(?:\(?(?:\d{1,2}(?:\.\d)?|[ivx]{1,4}|[IVX]{1,4})[.)]|\d\.\d"
    rf"|(?:{either('numbered')})\s+"
    r"(?:n[o°]\.?\s*)?(?:\d{1,2}|[IVX]{1,4})\s*[.:)–—-])\s+",
    re.I,
)
_MARKS: Final = re.compile(r"^[#*_|\s]+|[*_|\s]+$")
_LABELLED: Final = re.compile(
    r"^(?P<head>[^:：\t|]{2,90}?)\s*(?:[:：|]\**|\t+|\s[–—]\s|\s{3,}|\.{3,}:?|\s\.\.\s)\s*(?P<rest>.*)$"
)
_NAMES: Final = frozenset(("lead", "agencies", "partners", "funder"))
_AREAS: Final = frozenset(("country", "place", "title"))
"""What a name in a list of organisations may look like, as in Municipality of Kandi."""
_LONGEST_HEADING: Final = 9
_LONGEST_LABEL: Final = 14
_SHORTEST_WRAPPED: Final = 25
_FULL: Final = 60
"""How long a line is, at least, whose sentence goes on in the next one."""


@dataclass
class Section:
    """What stands under one heading: its code in words.ttl, or none if it is not known."""

    code: str | None
    heading: str
    line: int
    inline: bool
    """Whether its value stands on the line of its heading, as in a list of facts."""
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it on one line; the items of a list of facts with semicolons between them."""
        items = self.items if self.inline and self.code not in PROSE else []
        if items and items[0].number == self.lines[0].number:
            return "; ".join(item.text for item in items)
        wrapped = any(
            len(t := line.text.rstrip()) > _FULL and t[-1].isalpha() for line in self.lines[:-1]
        )
        if self.code in SUMS and not wrapped and all(find_sums(line.text) for line in self.lines):
            return "; ".join(" ".join(line.text.split()) for line in self.lines)
        return " ".join(" ".join(line.text.split()) for line in self.lines).strip()

    @property
    def running(self) -> str:
        """All of it, its items on lines of their own."""
        if self.inline and self.code not in PROSE:
            return self.text
        parts = [(line, " ".join(line.text.split())) for line in self.lines]
        return "".join(("\n" if _is_item(line) else " ") + text for line, text in parts).strip()

    @property
    def items(self) -> list[Line]:
        """Its items, marks taken away, each with the lines on which it goes on.

        Those of a list within an item are no part of it.
        """
        found: list[Line] = []
        for line in self.lines:
            if _is_item(line):
                text = _NUMBERED.sub("", _ITEM.sub("", line.text)).strip()
                found.append(Line(line.number, " ".join(text.split()), "item"))
            elif _WITHIN.match(line.text):
                continue
            elif found and line.text.strip() and found[-1].number == line.number - 1:
                joined = f"{found[-1].text} {' '.join(line.text.split())}"
                found[-1] = Line(line.number, joined, "item")
        return [item for item in found if item.text]


def sections_of(document: Document) -> list[Section]:
    """The sections in order; the first has no heading."""
    found = [Section(None, "", 1, False)]
    blank = False
    for number, line in enumerate(document.lines):
        text = line.text.strip()
        if not text:
            blank = True
            continue
        current = found[-1]
        whole = _heading_of_two_lines(current, line, blank)
        started = None if whole else _started(line, text, current, blank)
        if not whole and (started is None or started.code is None):
            ahead = [each for each in document.lines[number + 1 : number + 3] if each.text.strip()]
            started = _guessed(line, started, found, blank, ahead[:1]) or started
        if whole:
            found[-1] = whole
        elif started:
            found.append(started)
        elif _closed(current, line, blank):
            found.append(Section(None, "", line.number, False, [line]))
        else:
            current.lines.append(line)
        blank = False
    for section in found if document.wrapped else ():
        if not section.inline or section.code in PROSE:
            section.lines = _unwrapped(section.lines)
    return found


def _heading_of_two_lines(current: Section, line: Line, blank: bool) -> Section | None:
    """The section whose heading in capitals goes on in this line, and is known as a whole."""
    text = line.text.strip()
    if blank or current.code or current.lines or not (current.heading + text).isupper():
        return None
    whole = f"{current.heading} {text}"
    code = code_of(whole)
    return Section(code, whole, current.line, code not in PROSE) if code else None


def _unwrapped(lines: list[Line]) -> list[Line]:
    """The lines with each that goes on from the one before joined to it."""
    found: list[Line] = []
    last = 0
    for line in lines:
        before = found[-1].text.rstrip() if found else ""
        open_end = len(before) >= _SHORTEST_WRAPPED and not before.endswith(
            (".", ":", ";", "!", "?")
        )
        begins = line.style or _is_item(line) or _WITHIN.match(line.text)
        if found and last == line.number - 1 and open_end and not begins:
            found[-1] = Line(found[-1].number, f"{before} {line.text.strip()}", found[-1].style)
        else:
            found.append(line)
        last = line.number
    return found


def _is_item(line: Line) -> bool:
    return bool(line.style == "item" or _ITEM.match(line.text) or _NUMBERED.match(line.text))


def _closed(section: Section, line: Line, blank: bool) -> bool:
    """Whether the value of a heading has ended: with a cell of a table, or at a blank line."""
    if not section.inline or section.code in PROSE or _goes_on(section, line.text):
        return False
    last = section.lines[-1].style if section.lines else ""
    return bool(section.lines) and (blank or (last == "cell" and line.style != "item"))


def code_of(heading: str) -> str | None:
    """The code of what stands under a heading of a document, or None."""
    code = heading_code(heading)
    return _SAME.get(code, code) if code else None


def _started(line: Line, text: str, current: Section, blank: bool) -> Section | None:
    """The section that a line begins, if it is a heading."""
    bare = _MARKS.sub("", text)
    labelled = _LABELLED.match(bare)
    if labelled and not _ITEM.match(text):
        head, rest = labelled["head"].strip(" *_"), labelled["rest"].strip(" *_")
        code = code_of(head)
        if code == "amount":
            code = guess_fact(head, rest) or code
        if not code and not blank and (_goes_on(current, bare) or _awaits(current)):
            return None
        column = code_of(rest)
        if column in SUMS and rest[0].isupper():
            return Section(column, rest, line.number, True)
        if code or (current.inline and not blank and len(head.split()) <= 6 and rest):
            rows = [Line(line.number, rest, line.style)] if rest else []
            return Section(code, head, line.number, True, rows)
    code = code_of(bare)
    if code == "title" and not blank and current.code in _NAMES and current.lines:
        return None
    if code and len(bare.split()) <= _LONGEST_HEADING and not bare.endswith((".", ";", ",")):
        return Section(code, bare, line.number, code not in PROSE)
    if _looks_like_heading(line, bare):
        return Section(None, bare, line.number, False)
    return None


def _guessed(
    line: Line, section: Section | None, found: list[Section], blank: bool, ahead: list[Line]
) -> Section | None:
    """The section of a heading whose words are not known as a whole, by its words and its value."""
    bare = _MARKS.sub("", line.text.strip())
    if line.style == "heading":
        bare = bare.rstrip(": ")
    labelled = _LABELLED.match(bare)
    if labelled and "|" in bare and not any(each.heading or each.lines for each in found):
        return None
    other_money = (
        labelled
        and line.style == "cell"
        and " " in labelled["head"]
        and guess_fact(labelled["head"], labelled["rest"]) in ("contribution", "cofunding")
    )
    goes_on = not other_money and _goes_on(found[-1], bare)
    if not blank and (goes_on or _awaits(found[-1])):
        return None
    if labelled and not _is_item(line):
        head, rest = labelled["head"].strip(" *_"), labelled["rest"].strip(" *_")
        value = rest or (ahead[0].text.strip() if ahead else "")
        code = guess_fact(head, value) if len(head.split()) <= _LONGEST_LABEL else None
        if code:
            rows = [Line(line.number, rest, line.style)] if rest else []
            return Section(code, head, line.number, True, rows)
    if not ahead or not _may_be_heading(bare, line.style) or line.style == "item":
        return None
    value = ahead[0].text.strip()
    if code_of(value) or (_is_item(ahead[0]) and _is_item(line)):
        return None
    inner = _LABELLED.match(value)
    part = inner is None or (bool(re.search(r"\d", value)) and code_of(inner["head"]) is None)
    code = guess_fact(bare, value, alone=True) if part and not _is_item(ahead[0]) else None
    if code and not (found[-1].code in _NAMES and code in _AREAS):
        return Section(code, bare, line.number, True)
    before = found[-1].lines[-1].text.rstrip() if found[-1].lines else ""
    apart = blank or before.endswith((".", "!", "?"))
    alone = apart and (_is_item(ahead[0]) or len(value) > _SHORTEST_WRAPPED)
    if any(each.heading for each in found) and (section or alone):
        return Section(guess_text(bare), bare, line.number, False)
    return None


def _awaits(section: Section) -> bool:
    """Whether the value of a heading is still to come."""
    return section.inline and section.code not in (None, "ignored") and not section.lines


def _may_be_heading(bare: str, style: Style) -> bool:
    """Whether a line can be a heading: short, begun large, and no sentence."""
    text = _NUMBERED.sub("", bare)
    return (
        0 < len(text.split()) <= (_LONGEST_LABEL if style == "heading" else _LONGEST_HEADING)
        and (text[0].isupper() or text[0] in "¿¡")
        and not re.search(r"\d|[.;,:]$", text)
    )


def _goes_on(section: Section, text: str) -> bool:
    """Whether a line has a part of the money that its heading speaks of: UNDP, 500,000."""
    _, _, rest = text.strip().partition(":")
    if section.code not in SUMS or not rest:
        return False
    told = bool(find_sums(rest)) or read_number(rest) is not None
    return told or (not section.lines and header_currency(rest) is not None)


def _looks_like_heading(line: Line, bare: str) -> bool:
    longest = _LONGEST_LABEL if line.style == "heading" else _LONGEST_HEADING
    if not bare or len(bare.split()) > longest or bare.endswith((".", ";", ",", ":")):
        return False
    return (
        (line.style == "heading" and line.number > 1)
        or (bare.isupper() and " " in bare and not re.search(rf"\d|^{_BULLET}", bare))
        or (bare.endswith("?") and bare[0].isupper())
    )
