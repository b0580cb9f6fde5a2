"""Compact JSON-LD straight from statements, with the part of our context that it uses inside.

A context named by its address would be fetched by every reader, and many refuse to; so the
document carries what it needs, and nothing here ever loads a context from anywhere.

Our statements are flat and our context has one plain term for a property, so compaction needs none
of the algorithm for nested, framed or scoped documents: a term, a prefix or the whole IRI is a
look-up. A test holds the result equal, as a graph, to what went in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from hsgraph import resources
from hsgraph.namespaces import PREFIXES, RDF, XSD

_FILE: Final = "context.jsonld"
_STRING: Final = XSD + "string"
_LANGUAGE_STRING: Final = RDF + "langString"
_TYPE: Final = RDF + "type"
_GEN_DELIMS: Final = ":/?#[]@"

Json = dict[str, Any]


@dataclass(frozen=True)
class _Term:
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

    @cached_property
    def properties(self) -> dict[str, _Term]:
        """The term of each property or class IRI, the first in the context where it has two."""
        found: dict[str, _Term] = {}
        for name, definition in self.definitions.items():
            if name.startswith("@") or name in self._prefixes.values():
                continue
            if isinstance(definition, str):
                found.setdefault(self.expand(definition), _Term(name))
            elif set(definition) <= {"@id", "@type", "@container"}:
                kind = definition.get("@type", "")
                term = _Term(
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

    def iri(self, iri: str) -> str:
        """An IRI with its prefix, or whole."""
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

    def needed(self, used: set[str]) -> Json:
        """The part of the context that defines the used names, and what those definitions use."""
        needed: set[str] = set()
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


def write(statements: Iterable[Triple | Quad]) -> bytes:
    """The statements, without their graphs, as one compact document (JSON-LD 1.1).

    Things, properties and values are sorted, so the same statements give the same bytes.
    Raises ValueError for statements about statements, which JSON-LD 1.1 cannot say.
    """
    things: dict[str, dict[str, list[Any]]] = {}
    misleading = False
    known = context()
    for _, statement in sorted({_key(each): each for each in statements}.items()):
        terms = (statement.subject, statement.predicate, statement.object)
        if any(isinstance(term, Triple) for term in terms):
            raise ValueError("JSON-LD 1.1 has no statements about statements.")
        for term in terms:
            misleading = misleading or (isinstance(term, NamedNode) and known.misleads(term.value))
        subject, predicate, value = terms
        things.setdefault(_id(subject), {}).setdefault(predicate.value, []).append(value)
    return _document(things, Context({}) if misleading else known)


def _document(things: dict[str, dict[str, list[Any]]], known: Context) -> bytes:
    used: set[str] = set()
    nodes = [_node(iri, properties, known, used) for iri, properties in things.items()]
    body: Json = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
    document = {"@context": known.needed(used), **body}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _node(iri: str, properties: dict[str, list[Any]], known: Context, used: set[str]) -> Json:
    node: Json = {"@id": _use(known.iri(iri), used)}
    written: Json = {}
    for predicate, values in properties.items():
        if predicate == _TYPE and all(isinstance(value, NamedNode) for value in values):
            names = [_use(known.name(value.value), used) for value in values]
            node["@type"] = names[0] if len(names) == 1 else names
            continue
        term = known.properties.get(predicate)
        plain = _use(known.iri(predicate), used)
        for value in values:
            _add(written, term, plain, value, known, used)
    return {**node, **{key: _single(written[key]) for key in sorted(written)}}


def _add(
    written: Json, term: _Term | None, plain: str, value: Any, known: Context, used: set[str]
) -> None:
    """Add one value under the term if the term can say it, else under the compact IRI."""
    language = getattr(value, "language", None)
    if term and term.by_language and language and not getattr(value, "direction", None):
        by_language = written.setdefault(_use(term.name, used), {})
        by_language.setdefault(language, []).append(value.value)
        return
    fitting = _fitting(term, value, known, used)
    if term and fitting is not None:
        written.setdefault(_use(term.name, used), []).append(fitting)
    else:
        written.setdefault(plain, []).append(_value(value, known, used))


def _fitting(term: _Term | None, value: Any, known: Context, used: set[str]) -> Any:
    """The value as the term writes it; None when the term would change its meaning."""
    if term is None or term.by_language:
        return None
    if not term.type:
        return _value(value, known, used)
    if term.type == "@id":
        return None if isinstance(value, Literal) else _use(known.iri(_id(value)), used)
    if isinstance(value, Literal) and not value.language and value.datatype.value == term.type:
        return value.value
    return None


def _value(value: Any, known: Context, used: set[str]) -> Any:
    if not isinstance(value, Literal):
        return {"@id": _use(known.iri(_id(value)), used)}
    if value.language:
        direction = getattr(value, "direction", None)
        extra = {"@direction": str(direction)} if direction else {}
        return {"@language": value.language, **extra, "@value": value.value}
    if value.datatype.value == _STRING:
        return value.value
    return {"@type": _use(known.name(value.datatype.value), used), "@value": value.value}


def _single(values: Any) -> Any:
    if isinstance(values, dict):
        return {language: _single(texts) for language, texts in values.items()}
    return values[0] if len(values) == 1 else values


def _id(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _key(statement: Triple | Quad) -> str:
    return f"{statement.subject} {statement.predicate} {statement.object}"


def _use(name: str, used: set[str]) -> str:
    used.add(name)
    used.add(name.partition(":")[0])
    return name


def _words(value: Any) -> Iterator[str]:
    """Every term and prefix that a definition uses; a few too many do no harm."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _words(name)
            yield from _words(member)
    elif isinstance(value, str):
        yield value
        yield value.partition(":")[0]
