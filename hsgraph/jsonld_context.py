"""The project's JSON-LD context: short names for IRIs, looked up, never fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from hsgraph import resources
from hsgraph.namespaces import PREFIXES

_FILE: Final = "context.jsonld"
_GEN_DELIMS: Final = ":/?#[]@"
_REMEMBERED: Final = 50_000


@dataclass(frozen=True)
class Term:
    """How the context writes one property: its name, and which values fit that name."""

    name: str
    type: str = ""
    by_language: bool = False


class Context:
    """The terms and prefixes of a JSON-LD context, looked up by IRI."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions
        self._prefixes = {
            value: name
            for name, value in definitions.items()
            if isinstance(value, str) and value[-1:] in _GEN_DELIMS and ":" in value[:-1]
        }
        self.iri: Callable[[str], str] = lru_cache(_REMEMBERED)(self._iri)
        """An IRI with its prefix, or whole."""

    @cached_property
    def properties(self) -> dict[str, Term]:
        """The term of each property or class IRI, the first in the context where it has two."""
        found: dict[str, Term] = {}
        for name, definition in self.definitions.items():
            if name.startswith("@") or name in self._prefixes.values():
                continue
            if isinstance(definition, str):
                found.setdefault(self.expand(definition), Term(name))
            elif set(definition) <= {"@id", "@type", "@container"}:
                kind = definition.get("@type", "")
                term = Term(
                    name,
                    kind if kind.startswith("@") else self.expand(kind),
                    definition.get("@container") == "@language",
                )
                found.setdefault(self.expand(definition["@id"]), term)
        return found

    def expand(self, name: str) -> str:
        """The IRI of a compact IRI."""
        prefix, colon, rest = name.partition(":")
        namespace = self.definitions.get(prefix)
        return namespace + rest if colon and isinstance(namespace, str) else name

    def _iri(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefixes.get(iri[:cut])
        local = iri[cut:]
        return f"{prefix}:{local}" if prefix and local else iri

    def name(self, iri: str) -> str:
        """A class or datatype by its term, else like any IRI."""
        term = self.properties.get(iri)
        return term.name if term and not term.type and not term.by_language else self.iri(iri)

    def misleads(self, iri: str) -> bool:
        """Whether a whole IRI would be read as a compact one (`geo:45,20` with a prefix `geo`)."""
        return iri.partition(":")[0] in self.definitions and self.iri(iri) == iri

    def needed(self, used: set[str]) -> dict[str, Any]:
        """The part of the context that defines the used names, and what those definitions use."""
        needed: set[str] = set()
        used = used | {name.partition(":")[0] for name in used}
        waiting = {name for name in self.definitions if name in used or name.startswith("@")}
        while waiting:
            name = waiting.pop()
            needed.add(name)
            words = set(_words(self.definitions[name]))
            waiting |= {word for word in words if word in self.definitions} - needed
        return {name: self.definitions[name] for name in self.definitions if name in needed}


def context_file() -> Path:
    """Where the project's context is."""
    return resources.ontology_dir() / _FILE


@lru_cache(maxsize=1)
def context() -> Context:
    """The project's JSON-LD context, or its prefixes where there is no context."""
    file = context_file()
    if not file.is_file():
        return Context(PREFIXES)
    return Context(json.loads(file.read_text(encoding="utf-8"))["@context"])


def _words(value: Any) -> Iterator[str]:
    """Every term and prefix that a definition uses; a few too many do no harm."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _words(name)
            yield from _words(member)
    elif isinstance(value, str):
        yield value
        yield value.partition(":")[0]
