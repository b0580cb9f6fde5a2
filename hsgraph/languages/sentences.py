"""The sentences of templates, found so that they can be said in other languages.

Templates are written in English and hold no marks for translators. A sentence is a run of text with
the elements and values within it: `Read <1>the ontology</1>, with {2} classes`. A
translator sees whole sentences and no addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

_JINJA: Final = r"\{\{.*?\}\}|\{%.*?%\}"
_VALUE: Final = rf'"(?:{_JINJA}|[^"])*"'
_TOKEN: Final = re.compile(
    r"(?P<opaque>\{#.*?#\}|<!--.*?-->|<(?P<raw>script|style|pre)\b.*?</(?P=raw)>|\{%.*?%\}|<![^>]*>)"
    r"|(?P<value>\{\{.*?\}\}|<code>.*?</code>)"
    rf"|(?P<tag><(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:{_VALUE}|{_JINJA}|[^<>\"])*>)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    rf"(?P<start>\b(?:aria-label|title|placeholder|alt|content|data-key|data-filter|data-said)=)(?P<value>{_VALUE})",
    re.DOTALL,
)
_INLINE: Final = frozenset(
    ["a", "abbr", "b", "bdi", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup"]
)
_WORD: Final = re.compile(r"(?:^|[\s(“‘])[(“‘]*[A-Za-z][\w’'-]+[,.;:?!…)”’]*(?=\s|$)")
_ENTITY: Final = re.compile(r"&#?\w+;")
_PLACE: Final = re.compile(r"\{(\d+)\}|<(/?)(\d+)>")
_MARKED: Final = re.compile(r"""\b(?:_|later)\(\s*(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")""")
"""A word in an expression, or in Python: `_('inferred')`."""
_EITHER: Final = re.compile(r"(?P<before>\{\{ | else )'(?P<word>[^'{}]*)'(?= if | \}\})")
"""A word that a value chooses: `{{ 'lesson' if count == 1 else 'lessons' }}`."""

Say = Callable[[str], str]


@dataclass
class _Node:
    """Text, a value, or an element with what is in it."""

    kind: str
    text: str
    end: str = ""
    inner: list[_Node] = field(default_factory=list)


def sentences(source: str) -> list[str]:
    """What is to be translated of a template, in its order."""
    found: list[str] = []

    def say(text: str) -> str:
        found.append(text)
        return text

    rewritten(source, say)
    return found + marked(source)


def marked(source: str) -> list[str]:
    """The words that expressions, or Python, give to `_`."""
    return [re.sub(r"\\(.)", r"\1", each[1] or each[2]) for each in _MARKED.finditer(source)]


def rewritten(source: str, say: Say) -> str:
    """A template with each of its sentences as `say` says it."""
    written: list[str] = []
    run: list[_Node] = []
    for node in _tokens(source):
        if node.kind == "opaque":
            written += [_said(_tree(run), say), _tag(node.text, say)]
            run = []
        else:
            run.append(node)
    return "".join([*written, _said(_tree(run), say)])


def _tokens(source: str) -> Iterator[_Node]:
    position = 0
    for found in _TOKEN.finditer(source):
        if found.start() > position:
            yield _Node("text", source[position : found.start()])
        if found["tag"] and found["name"] in _INLINE:
            yield _Node("close" if found["end"] else "open", found[0])
        else:
            yield _Node("value" if found["value"] else "opaque", found[0])
        position = found.end()
    if position < len(source):
        yield _Node("text", source[position:])


def _tree(run: list[_Node]) -> list[_Node]:
    """Elements with what is in them; a tag whose other half is elsewhere stands for itself."""
    open_: list[list[_Node]] = [[]]
    for node in run:
        if node.kind == "open":
            open_[-1].append(node)
            open_.append(node.inner)
        elif node.kind == "close" and len(open_) > 1:
            open_.pop()
            open_[-1][-1].end = node.text
        else:
            open_[-1].append(node)
    while len(open_) > 1:
        inner = open_.pop()
        lost = open_[-1][-1]
        lost.inner = []
        open_[-1] += inner
    return open_[0]


def _said(nodes: list[_Node], say: Say) -> str:
    """Nodes as one sentence where words stand among them, else each for itself."""
    parts: list[list[_Node]] = [[]]
    for node in nodes:
        if node.kind == "close" or (node.kind == "open" and not node.end):
            parts += [[node], []]
        else:
            parts[-1].append(node)
    return "".join(_sentence(part, say) for part in parts)


def _sentence(nodes: list[_Node], say: Say) -> str:
    if not any(node.kind == "text" and _worded(node.text) for node in nodes):
        return "".join(_one(node, say) for node in nodes)
    places: dict[int, _Node] = {}
    text = re.sub(r"\s+", " ", "".join(_marked_up(node, places) for node in nodes))
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    def filled(place: re.Match[str]) -> str:
        node = places[int(place[1] or place[3])]
        if place[1]:
            return _one(node, say)
        return node.end if place[2] else _tag(node.text, say)

    return before + _PLACE.sub(filled, say(text.strip())) + after


def _marked_up(node: _Node, places: dict[int, _Node]) -> str:
    if node.kind == "text":
        return node.text
    number = len(places) + 1
    places[number] = node
    if node.inner and any(each.kind == "text" and _worded(each.text) for each in node.inner):
        inner = "".join(_marked_up(each, places) for each in node.inner)
        return f"<{number}>{inner}</{number}>"
    return f"{{{number}}}"


def _one(node: _Node, say: Say) -> str:
    if node.kind == "open":
        return _tag(node.text, say) + _said(node.inner, say) + node.end
    if node.kind == "value":
        return _EITHER.sub(lambda e: f"{e['before']}'{_quoted(say, e['word'])}'", node.text)
    return node.text


def _quoted(say: Say, word: str) -> str:
    return say(word).replace("'", "’") if _worded(word) else word


def _tag(text: str, say: Say) -> str:
    if not text.startswith("<") or text.startswith(("<!", "<script", "<style", "<pre")):
        return text
    if text.startswith("<meta") and 'name="description"' not in text:
        return text
    return _ATTRIBUTE.sub(lambda a: f'{a["start"]}"{rewritten(a["value"][1:-1], say)}"', text)


def _worded(text: str) -> bool:
    """Whether there is a word in it: `/browse?kind=` and `class="story"` are none."""
    return bool(_WORD.search(_ENTITY.sub(" ", text)))
