"""Reads text, HTML, PDF and Word files into lines; runs in the confined process only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from hsgraph.build.read import source_text
from hsgraph.curate.reading.kinds import DOCUMENTS, content_of, kind_of
from hsgraph.curate.reading.lines import Document, Style, numbered
from hsgraph.curate.reading.pages import read_pdf
from hsgraph.curate.reading.print import Rows
from hsgraph.curate.reading.word import read_docx
from hsgraph.curate.words import heading_code
from hsgraph.errors import Place, SourceError

_BLOCKS: Final = re.compile(
    r"p|div|li|d[ltd]|t[dhr]|h[1-6]|section|article|main|table|[uo]l|[bh]r|header|blockquote|pre"
    r"|figcaption|caption|address"
)
_LEFT_OUT: Final = re.compile(r"script|style|noscript|nav|footer|form|iframe|svg|template")
_LIGATURES: Final = str.maketrans(
    {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "", "\u00a0": " "}
)
_LONGEST: Final = 500_000
_LONGEST_LINE: Final = 50_000
_WIDEST: Final = 100
_GAP: Final = re.compile(rf"[^\S\n]{{{_WIDEST + 1},}}")
"""What is read of a gap: expressions that look for its end would begin at each of its blanks."""
_LONGEST_VALUE: Final = 300
_BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_document(path: Path) -> Document:
    """The lines of a document; SourceError when it has none or cannot be read."""
    kind = kind_of(path, DOCUMENTS)
    content = content_of(path, kind)
    language = None
    try:
        if kind == "html":
            rows, language = _html(content, str(path))
        else:
            rows = _READERS[kind](content, str(path))
    except (SourceError, MemoryError):
        raise
    except Exception as error:  # the libraries raise anything on a damaged file
        raise SourceError(
            f"The file is damaged and cannot be read as {kind}: {type(error).__name__}: {error}.",
            place=Place(str(path)),
            remedy="Open and save it anew, or save it as text.",
        ) from None
    if not any(text.strip() for text, _ in rows):
        raise SourceError(
            "The file has no text; perhaps it is a scanned picture.",
            place=Place(str(path)),
            remedy="Run character recognition on it, or copy its text into a .txt file.",
        )
    length = sum(len(text) for text, _ in rows)
    if length > _LONGEST or max(len(text) for text, _ in rows) > _LONGEST_LINE:
        raise SourceError(
            f"The text has {length:,} characters, or a line of more than {_LONGEST_LINE:,}.",
            place=Place(str(path)),
            remedy="Save just the part about the programme, in paragraphs.",
        )
    lines = numbered([(_GAP.sub(" " * _WIDEST, text.translate(_LIGATURES)), s) for text, s in rows])
    return Document(path.name, lines, language)


def _text(content: bytes, name: str) -> Rows:
    text = source_text.decode(content, name)
    if found := _BINARY.search(text):
        raise SourceError(
            f"The character U+{ord(found[0]):04X} is in no text: this is another kind of file.",
            place=Place(name, text.count("\n", 0, found.start()) + 1),
            remedy="Save it as plain text.",
        )
    return [(line, "") for line in re.split(r"\r\n?|\n|\f", text)]


def _html(content: bytes, name: str) -> tuple[Rows, str | None]:
    from lxml import html

    if len(content) > 5_000_000:
        raise SourceError(
            "The page has more than 5 MB.", place=Place(name), remedy="Save just its text."
        )
    if _BINARY.search(content.decode("latin-1")):
        raise SourceError(
            "The file has characters that are in no page: this is another kind of file.",
            place=Place(name),
            remedy="Save the page anew.",
        )
    parser = html.HTMLParser(encoding=_encoding(content), no_network=True, remove_comments=True)
    tree = html.document_fromstring(content, parser=parser)
    body = tree.find(".//main") if tree.find(".//main") is not None else tree.find("body")
    rows: Rows = []
    _Page(rows).walk(body if body is not None else tree)
    language = (tree.get("lang") or "")[:2].lower() or None
    return [(" ".join(text.split()), style) for text, style in rows], language


def _encoding(content: bytes) -> str:
    """UTF-8 where the bytes are, else what the page declares."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        found = re.search(rb"charset=[\"']?([\w-]{2,20})", content[:2000])
        return found[1].decode() if found else "windows-1252"
    return "utf-8"


class _Page:
    """Walks over the elements of a page and gathers a line for each block."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._line: list[str] = []
        self._style: Style = ""

    def walk(self, top: Any) -> None:
        for event, element in _events(top):
            tag = element.tag
            if event == "text":
                self._line.append(element.text or "")
            elif event == "tail":
                self._line.append(element.tail or "")
            elif tag in ("td", "th") and event == "end":
                self._cell(element)
            elif tag == "br" and _in_value(element):
                self._line.append("; " if event == "start" else "")
            elif event == "end" and (tag == "dt" or _is_label(element) or self._is_known(element)):
                self._line.append(": ")
                self._style = "cell"
            elif tag in ("td", "th") or (tag == "dd" and event == "start" and self._line):
                continue
            elif _BLOCKS.fullmatch(tag):
                self._flush()
                if event == "start":
                    self._style = _style(tag)
        self._flush()

    def _is_known(self, element: Any) -> bool:
        """Whether a line begins with an element that is a heading, before another beside it."""
        text, beside = element.text or "", element.getnext()
        return (
            beside is not None
            and beside.tag == element.tag
            and not _BLOCKS.fullmatch(element.tag)
            and "".join(self._line).strip() == text.strip()
            and not (element.tail or "").strip()
            and heading_code(text) is not None
        )

    def _cell(self, element: Any) -> None:
        count = sum(1 for _ in element.itersiblings("td", "th", preceding=True))
        more = any(True for _ in element.itersiblings("td", "th"))
        self._line.append((": " if count == 0 else "; ") if more else "")
        if count == 0 and more:
            self._style = "cell"

    def _flush(self) -> None:
        text = "".join(self._line)
        if text.strip():
            text = re.sub(r":\s*:\s", ": ", text.rstrip(": ") if text.strip() == ":" else text)
            self._rows.append((text, self._style))
        self._line, self._style = [], ""


def _in_value(element: Any) -> bool:
    """Whether a line breaks in the short value beside a heading, in a row of two cells."""
    cell = element.getparent()
    heading = cell.getprevious()
    return (
        cell.tag in ("td", "dd")
        and heading is not None
        and heading.getprevious() is None
        and cell.getnext() is None
        and max(len(heading.text_content()) * 5, len(cell.text_content())) <= _LONGEST_VALUE
    )


def _is_label(element: Any) -> bool:
    """Whether an element is the first of two in a block that has nothing else: a card of a fact."""
    block, value = element.getparent(), element.getnext()
    alone = value is not None and len(block) == 2 and not _BLOCKS.fullmatch(element.tag)
    texts = (block.text, element.tail, value.tail) if alone else ("x",)
    return (
        alone
        and bool(_BLOCKS.fullmatch(block.tag))
        and not any((each or "").strip() for each in texts)
    )


def _style(tag: str) -> Style:
    if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return "heading"
    return "item" if tag == "li" else ""


def _events(element: Any) -> Iterator[tuple[str, Any]]:
    """Start, text, end and tail of every element, without recursion."""
    stack: list[tuple[str, Any]] = [("visit", element)]
    while stack:
        event, node = stack.pop()
        if event != "visit":
            yield event, node
            continue
        if not isinstance(node.tag, str) or _LEFT_OUT.fullmatch(node.tag):
            continue
        yield "start", node
        yield "text", node
        stack.append(("end", node))
        for child in reversed(node):
            stack += [("tail", child), ("visit", child)]


_READERS: Final[dict[str, Callable[[bytes, str], Rows]]] = {
    "text": _text,
    "pdf": read_pdf,
    "docx": read_docx,
}
