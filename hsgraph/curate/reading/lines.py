"""The lines of a document: what every kind of file is read into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["", "heading", "item", "cell"]


@dataclass(frozen=True)
class Line:
    """A line as printed: its number from 1, and what the file says that it is."""

    number: int
    text: str
    style: Style = ""


@dataclass(frozen=True)
class Document:
    """The lines of a file, and the language it says it has, as in `en`."""

    name: str
    lines: tuple[Line, ...]
    language: str | None = None

    @property
    def wrapped(self) -> bool:
        """Whether a sentence goes on from line to line, as in plain text and in a PDF."""
        return not self.name.lower().endswith((".html", ".htm", ".docx"))


def numbered(rows: list[tuple[str, Style]]) -> tuple[Line, ...]:
    """Lines numbered from 1; a text with line breaks is several lines."""
    lines: list[Line] = []
    for text, style in rows:
        for part in text.split("\n"):
            lines.append(Line(len(lines) + 1, part.rstrip(), style))
    return tuple(lines)
