"""Reads objectives: items under a heading, numbered phrases, or what a turn of phrase announces."""

from __future__ import annotations

import re
from typing import Final

from hsgraph.curate.model import Draft, Text, few
from hsgraph.curate.reading.lines import Line
from hsgraph.curate.sheet.sections import Section
from hsgraph.curate.words import either

SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"(])|\s*\n\s*")
MARK: Final = re.compile(r"\((?P<mark>[ivx]{1,4}|\d|[a-h])\)|(?<!\w)(?P<digit>\d)\)\s")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def find_objectives(draft: Draft, sections: list[Section]) -> None:
    """Objectives: items under their heading, numbered phrases, or items after a turn of phrase."""
    own = [number for number, section in enumerate(sections) if section.code == "objectives"]
    for number in own:
        marked = _numbered(sections[number : number + 3])
        items = [(item.text, item.number) for item in sections[number].items]
        for phrase, line in items if len(items) >= len(marked) else marked:
            _objective(draft, phrase, line)
    if draft.objectives:
        return
    for cue in either("cue-objectives").split("|"):
        for section in sections:
            if _after_cue(draft, section, cue):
                return
    for number in own:
        lines = [line for line in sections[number].lines if line.text.strip()]
        listed = len(lines) > 1 and all(line.text.rstrip()[-1] in ";," for line in lines[:-1])
        for each in lines if listed else ():
            _objective(draft, each.text, each.number)
        if listed:
            continue
        sentence = SENTENCE.split(sections[number].text)[0]
        if len(sentence.split()) > 3:
            _objective(draft, sentence, sections[number].line)


def _objective(draft: Draft, text: str, line: int) -> None:
    text = re.sub(r"^\(?[a-h]\)\s*", "", text.strip(" ;,."))
    if text and " " not in text:
        draft.miss(line, text, "the objective breaks off")
    elif text:
        draft.objectives.append(Text(text, few(text, line)))


def _phrases(text: str) -> list[str]:
    """The phrases of a list: between semicolons, or between commas where each is an infinitive."""
    joined = rf"(?:(?:{either('and')})\s+)?"
    split = rf";\s*{joined}" if ";" in text else rf",\s*{joined}(?=(?:{either('infinitive')})\s)"
    found = re.split(split, text.strip())
    return found if len(found) > 1 else []


def _numbered(sections: list[Section]) -> list[tuple[str, int]]:
    """Phrases marked (i), (ii) … in order, though another column may stand between them."""
    rows = [(" ".join(line.text.split()), line.number) for part in sections for line in part.lines]
    text, places = "", []
    for row, number in rows:
        places.append((len(text), number))
        text += row + "\n"
    found: list[tuple[str, int]] = []
    position, series = 0, None
    while True:
        wanted = _next_mark(series, len(found))
        match = next((m for m in MARK.finditer(text, position) if _mark(m) in wanted), None)
        if match is None:
            break
        series = series or ("roman" if _mark(match) == "i" else _mark(match))
        end = re.search(r"[;\n]|\.\s|(?=\((?:[ivx]+|\d|[a-h])\))", text[match.end() :])
        phrase = text[match.end() : match.end() + end.start() if end else None]
        line = max(number for start, number in places if start <= match.start())
        found.append((re.sub(rf"[;,\s]+(?:(?:{either('and')})\s*)?$", "", phrase), line))
        position = match.end()
    return found if len(found) > 1 else []


def _mark(match: re.Match[str]) -> str:
    return match["mark"] or match["digit"]


def _next_mark(series: str | None, number: int) -> tuple[str, ...]:
    if series is None:
        return ("i", "1", "a")
    if number >= len(_ROMAN):
        return ()
    return ({"roman": _ROMAN[number], "1": str(number + 1)}.get(series, "abcdefghij"[number]),)


def _after_cue(draft: Draft, section: Section, cue: str) -> bool:
    for number, line in enumerate(section.lines):
        begun = re.search(rf"\b(?:{cue})\b", line.text, re.I)
        if not begun:
            continue
        within = Line(line.number, line.text[begun.end() :])
        for phrase, _ in _numbered([Section(None, "", line.number, False, [within])]):
            _objective(draft, phrase, line.number)
        told = re.match(r"[^.:;]{0,30}:\s*([^:]+[;,][^.:]+)", within.text)
        for phrase in _phrases(told[1]) if told and not draft.objectives else ():
            _objective(draft, phrase, line.number)
        if draft.objectives:
            return True
        if not re.search(r"^[^.]*:\s*$", within.text):
            continue
        rest = Section(None, "", line.number, False)
        for following in section.lines[number + 1 :]:
            if following.text.rstrip().endswith(":"):
                break
            rest.lines.append(following)
        for item in rest.items:
            _objective(draft, item.text, item.number)
        if draft.objectives:
            return True
    return False
