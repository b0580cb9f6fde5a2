"""Reads questions from .rq files: a comment header, an empty line, the query."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph import resources
from hsgraph.errors import Place, SourceError
from hsgraph.questions.question import KINDS, Form, Parameter, Question, Value

_FIELDS: Final = ("title", "description", "theme", "keywords")
_LINE: Final = re.compile(r"#\s*(?:(?P<name>[a-z]+):\s*(?P<value>.*?)|may be empty)\s*")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORMS: Final[dict[str, Form]] = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
_FORM: Final = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_USED: Final = re.compile(r"\$(\w+)")


def question_files(folder: Path) -> list[Path]:
    """The .rq files of a folder in the order of their names; none where there is no folder."""
    return sorted(folder.glob("*.rq"))


def questions(folder: Path | None = None) -> tuple[Question, ...]:
    """All questions of a folder, by default those of the project, in the order of their slugs."""
    folder = resources.data_dir() / "queries" if folder is None else folder
    return tuple(read_question(path) for path in question_files(folder))


def read_question(path: Path, name: str | None = None) -> Question:
    """Read one question; `name` stands for the file in messages.

    Raises SourceError with the line where the header is wrong or the query does not fit it.
    """
    return _Header(path, name or path.name).question()


class _Header:
    """One file while it is read."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.values: dict[str, str] = {}
        self.parameters: list[Parameter] = []
        self.may_be_empty = False
        try:
            head, _, self.query = path.read_text("utf-8-sig").partition("\n\n")
        except UnicodeDecodeError as error:
            raise SourceError(f"The file is not UTF-8: {error}", place=Place(name)) from None
        self.lines = head.splitlines()

    def question(self) -> Question:
        for number, line in enumerate(self.lines, start=1):
            self._take(number, line)
        missing = [field for field in _FIELDS if not self.values.get(field)]
        if missing:
            raise self._error(f"The header lacks “# {missing[0]}: …”.", 1)
        if not _SLUG.fullmatch(self.path.stem):
            raise self._error("The name of the file is no slug (a-z, 0-9, single hyphens).", 1)
        self._check_names()
        return Question(
            slug=self.path.stem,
            title=self.values["title"],
            description=self.values["description"],
            theme=self.values["theme"],
            keywords=_listed(self.values["keywords"]),
            parameters=tuple(self.parameters),
            suits=_listed(self.values.get("suits", "")),
            may_be_empty=self.may_be_empty,
            form=self._form(),
            query=self.query,
        )

    def _take(self, number: int, line: str) -> None:
        found = _LINE.fullmatch(line)
        if not found:
            raise self._error("A line of the header is “# name: value”.", number)
        name, value = found["name"], found["value"]
        if name is None:
            self.may_be_empty = True
        elif name == "parameter":
            self.parameters.append(self._parameter(number, value))
        elif name not in (*_FIELDS, "suits") or name in self.values:
            raise self._error(f"“{name}” is not expected here.", number)
        else:
            self.values[name] = value

    def _parameter(self, number: int, text: str) -> Parameter:
        parts = [part.strip() for part in text.split("|")]
        if len(parts) != 4 or not all(parts):
            raise self._error("A parameter is “name | kind | default | label”.", number)
        name, kind, default, label = parts
        kind, _, scheme = kind.partition(" ")
        if kind not in KINDS or (kind == "concept") != bool(scheme):
            raise self._error(
                f"The kind of a parameter is one of {', '.join(KINDS)}; "
                "a concept also names its scheme.",
                number,
            )
        return Parameter(name, kind, self._value(number, default), label, scheme or None)

    def _value(self, number: int, text: str) -> Value:
        if text.isdecimal():
            return Literal(int(text))
        try:
            if text.startswith("<") and text.endswith(">"):
                return NamedNode(text[1:-1])
        except ValueError:
            pass
        raise self._error("A default is an IRI in <…> or a whole number.", number)

    def _check_names(self) -> None:
        declared = {parameter.name for parameter in self.parameters}
        used = set(_USED.findall(self.query))
        for name in sorted(declared ^ used):
            said = "is not declared in the header" if name in used else "is not in the query"
            raise self._error(f"The parameter ${name} {said}.", 1)

    def _form(self) -> Form:
        found = _FORM.search(self.query)
        if not found:
            raise self._error("The query is no SELECT, ASK or CONSTRUCT.", len(self.lines) + 2)
        return _FORMS[found[1]]

    def _error(self, message: str, line: int) -> SourceError:
        return SourceError(
            message,
            place=Place(self.name, line),
            remedy="See data/queries/README.md for the form of these files.",
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
