"""Puts right what the parser of RDF/XML does otherwise than XML asks."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

_ASIDE: Final = re.compile(
    r"(?s)<!--(?P<comment>.*?)-->|<!\[CDATA\[(?P<text>.*?)\]\]>|<!(?:--|\[CDATA\[).*"
)
"""A comment, a section of characters, or the rest from one on that has no end."""
_LONG: Final = re.compile(r"(?s)((?:<!--(?>.*?-->)[^<]*+)++)(</[^<>\s]++)?|<!--.*")
"""Comments and the text after each, with the end of an element; or the rest from one on."""
_COMMENT: Final = re.compile("(?s)<!--.*?-->")
_ENTITY: Final = re.compile(r"(<!ENTITY\s+[^\s'\"]+\s+)'([^']*)'")
_START: Final = re.compile(r"""<[^!?/](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_ATTRIBUTE: Final = re.compile(r"""\s([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")


def in_one_piece(text: str) -> str:
    """An XML text without what parts the texts in it, which the parser reads in one piece only.

    Its entities stand between double quotes, the only ones that the parser takes. Sections of
    characters become characters, and comments nothing. Those of several lines leave their line
    feeds in the tag that ends the text, so that all lines after it stay where they are.
    """
    text = _ENTITY.sub(_in_double_quotes, text)
    return _LONG.sub(_with_lines_in_tag, _ASIDE.sub(_as_characters, text))


def _in_double_quotes(entity: re.Match[str]) -> str:
    return entity[1] + '"' + entity[2].replace('"', "&#34;") + '"'


def _as_characters(found: re.Match[str]) -> str:
    comment, text = found["comment"], found["text"]
    if text is not None:
        return escape(text)
    return found[0] if comment is None or "\n" in comment else ""


def _with_lines_in_tag(found: re.Match[str]) -> str:
    if not found[2]:
        return found[0]
    text = _COMMENT.sub("", found[1])
    return text + found[2] + "\n" * (found[1].count("\n") - text.count("\n"))


def declared_once(literal: str) -> str:
    """Markup of an XML literal whose start tags have each attribute once.

    The parser adds the namespaces around a literal, also where an element declares them itself.
    """
    return _START.sub(_with_each_once, literal)


def _with_each_once(tag: re.Match[str]) -> str:
    met: set[str] = set()

    def first(found: re.Match[str]) -> str:
        again = found[1] in met
        met.add(found[1])
        return "" if again else found[0]

    return _ATTRIBUTE.sub(first, tag[0])
