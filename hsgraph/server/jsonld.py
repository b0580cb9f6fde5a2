"""Compact JSON-LD whose context is inside the document: only the terms that it uses.

A context named by its address would be fetched by every reader, and many refuse to; so the
document carries what it needs, and nothing here ever loads a context from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pyld import jsonld

from hsgraph import resources
from hsgraph.namespaces import PREFIXES, RDF

_FILE: Final = "context.jsonld"


def context_file() -> Path:
    return resources.ontology_dir() / _FILE


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The terms of the project's JSON-LD context, or its prefixes where there is no context."""
    file = context_file()
    if not file.is_file():
        return dict(PREFIXES)
    terms: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["@context"]
    return terms


def compacted(expanded: bytes) -> bytes:
    """Expanded JSON-LD made compact and readable."""
    nodes = [_with_types(node) for node in json.loads(expanded or b"[]")]
    document = jsonld.compact(nodes, context(), {"documentLoader": _refuse, "ordered": True})
    used = set(_words(document))
    document = {"@context": _needed(used), **{k: v for k, v in document.items() if k != "@context"}}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _with_types(node: dict[str, Any]) -> dict[str, Any]:
    """The node with its types as `@type`: the writer of the store gives them as a property."""
    types = [value["@id"] for value in node.pop(RDF + "type", ()) if "@id" in value]
    return {"@type": [*node.pop("@type", ()), *types], **node} if types else node


def _refuse(url: str, options: object = None) -> Any:
    raise jsonld.JsonLdError(f"{url} is not loaded", "jsonld.LoadDocumentError")


def _words(value: Any) -> Iterator[str]:
    """Every term and prefix that a compact document may use; a few too many do no harm."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "@context":
                yield from _words(name)
                yield from _words(member)
    elif isinstance(value, list):
        for member in value:
            yield from _words(member)
    elif isinstance(value, str):
        yield value
        yield value.partition(":")[0]


def _needed(used: set[str]) -> dict[str, Any]:
    """The part of the context that defines the used terms, and what those definitions use."""
    terms = context()
    needed: set[str] = set()
    waiting = {name for name in terms if name in used or name.startswith("@")}
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting |= {word for word in _words(terms[name]) if word in terms} - needed
    return {name: terms[name] for name in terms if name in needed}
