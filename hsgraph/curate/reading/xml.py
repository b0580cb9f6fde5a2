"""Reads an XML file into nested lists; runs in the confined process only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from hsgraph.curate.reading.kinds import XML, content_of, kind_of, refuse_doctype
from hsgraph.errors import Place, SourceError

Node = tuple[str, dict[str, str], str, int, list[Any]]
"""Tag, attributes, text, line, and the elements inside."""
_DEEPEST: Final = 60
_MOST: Final = 1_000


def read_xml(path: Path) -> Node:
    """The root element; SourceError when it is not well-formed or has entities of its own."""
    from lxml import etree

    content = content_of(path, kind_of(path, XML))
    refuse_doctype(content, str(path))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise SourceError(
            f"{error.msg}.", place=Place(str(path), line, column), remedy="Fetch or save it anew."
        ) from None

    if (count := len(root)) > _MOST:
        raise SourceError(
            f"The file has {count:,} activities; up to {_MOST:,} are read.",
            place=Place(str(path)),
            remedy="Take out those that are not wanted.",
        )
    return _node(root, 0, str(path))


def _node(element: Any, depth: int, name: str) -> Node:
    if depth > _DEEPEST:
        raise SourceError(
            f"Elements lie more than {_DEEPEST} deep in one another.",
            place=Place(name, element.sourceline),
            remedy="This is no file of activities.",
        )
    children = [_node(child, depth + 1, name) for child in element]
    text = (element.text or "").strip()
    return element.tag, dict(element.attrib), text, element.sourceline or 0, children
