"""Well-known JSON-LD contexts put in the place of their addresses, since nothing is fetched.

`contexts.json` holds what is needed of each: where its terms are, and those that lie elsewhere.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from hsgraph.build.read.source_text import DEEPEST, too_deep

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')
_SCHEME: Final = re.compile(r"https?://")
_BRACKET: Final = re.compile(r"[\[\]{}]")


def with_contexts(text: str, name: str) -> str:
    """A JSON-LD text with known contexts written out. Raises SourceError if it nests too deep."""
    _refuse_deep(text, name)
    addresses, _ = _known()
    if not any(f"://{address}" in text for address in addresses):
        return text
    try:
        return json.dumps(_replaced(json.loads(text), inside=False), ensure_ascii=False)
    except ValueError:
        return text


def _replaced(node: Any, *, inside: bool) -> Any:
    if isinstance(node, dict):
        return {
            key: _replaced(value, inside=inside or key == "@context") for key, value in node.items()
        }
    if isinstance(node, list):
        return [_replaced(each, inside=inside) for each in node]
    addresses, contexts = _known()
    known = addresses.get(_stem(node)) if inside and isinstance(node, str) else None
    return contexts[known] if known else node


def _stem(address: str) -> str:
    """An address without what people leave out or write in two ways."""
    return _SCHEME.sub("", address).rstrip("/")


def _refuse_deep(text: str, name: str) -> None:
    plain = _TEXT.sub('""', text)
    depth = 0
    for found in _BRACKET.finditer(plain):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            line = plain.count("\n", 0, found.start()) + 1
            raise too_deep("JSON", name, line)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, Any]]:
    content = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    addresses = {_stem(address): name for address, name in content["addresses"].items()}
    return addresses, content["contexts"]
