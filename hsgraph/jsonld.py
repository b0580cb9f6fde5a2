"""Compact JSON-LD straight from statements, with the part of our context that it uses inside.

A context named by its address would be fetched by every reader, and many refuse to; so the
document carries what it needs, and nothing here ever loads a context from anywhere.

Our statements are flat and our context has one plain term for a property, so compaction needs none
of the algorithm for nested, framed or scoped documents: a term, a prefix or the whole IRI is a
look-up. A test holds the result equal, as a graph, to what went in.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from hsgraph import resources
from hsgraph.namespaces import RDF, XSD

_STRING: Final = XSD + "string"
_TYPE: Final = RDF + "type"
_GEN_DELIMS: Final = ":/?#[]@"
_REMEMBERED: Final = 50_000
_IN_MEMORY: Final = 16_000_000
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode

Json = dict[str, Any]


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
    return resources.ontology_dir() / "context.jsonld"


@lru_cache(maxsize=1)
def context() -> Context:
    """The project's JSON-LD context."""
    return Context(json.loads(context_file().read_text(encoding="utf-8"))["@context"])


def write(statements: Iterable[Triple | Quad]) -> bytes:
    """The statements, without their graphs, as one compact document (JSON-LD 1.1).

    Things, properties and values are sorted, so the same statements give the same bytes; each
    property is a line. Raises ValueError for statements about statements, which JSON-LD 1.1
    cannot say.
    """
    once = {each.triple if isinstance(each, Quad) else each for each in statements}
    if any(isinstance(end, Triple) for each in once for end in (each.subject, each.object)):
        raise ValueError("JSON-LD 1.1 has no statements about statements.")
    ordered = sorted(once, key=str)
    output = BytesIO()
    write_sorted(lambda: ordered, output)
    return output.getvalue()


def write_sorted(read: Callable[[], Iterable[Triple | Quad]], output: IO[bytes]) -> None:
    """Write the same document from statements that may be more than fit into memory.

    `read` gives them once each, in the order of N-Quads, from the first one whenever it is called.
    Things wait in a file, because the context before them defines what they use.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as nodes:
        try:
            start, end = _Writer(context()).nodes(read(), nodes)
        except _MisleadingError:
            nodes.truncate(nodes.seek(0))
            start, end = _Writer(Context({})).nodes(read(), nodes)
        output.write(start.encode())
        nodes.seek(0)
        shutil.copyfileobj(nodes, output)
    output.write(end.encode())


class _MisleadingError(Exception):
    """The context would give an IRI another meaning."""


class _Writer:
    """Writes one document; `used` gathers the names that its context must define."""

    def __init__(self, known: Context) -> None:
        self._known = known
        self._used: set[str] = set()
        plain = (f"{scheme}:" for scheme in ("http", "https") if scheme not in known.definitions)
        self._plain = tuple(plain)

    def nodes(self, statements: Iterable[Triple | Quad], output: IO[bytes]) -> tuple[str, str]:
        """Write sorted statements as the members of a graph; give what stands before and after.

        A single thing is the document itself. The encoder of C is used by line, since it cannot
        indent.
        """
        only = ""
        for count, (thing, found) in enumerate(groupby(statements, attrgetter("subject")), start=1):
            properties: dict[Any, list[Any]] = {}
            for statement in found:
                value = statement.object
                if self._misled(value):
                    raise _MisleadingError
                properties.setdefault(statement.predicate, []).append(value)
            if any(map(self._misled, (thing, *properties))):
                raise _MisleadingError
            node = self._node(thing, properties)
            only = f",\n {_members(node, 1)}\n}}\n" if count == 1 else ""
            output.write(f"{',' if count > 1 else ''}\n  {_lines(node, 3)}".encode())
        start = f'{{\n "@context": {_lines(self._known.needed(self._used), 2)}'
        if only:
            output.truncate(output.seek(0))
            return start, only
        return f'{start},\n "@graph": [', "\n ]\n}\n"

    def _misled(self, term: object) -> bool:
        if not isinstance(term, NamedNode):
            return False
        iri = term.value
        return not iri.startswith(self._plain) and self._known.misleads(iri)

    def _node(self, thing: Any, properties: dict[Any, list[Any]]) -> Json:
        node: Json = {"@id": self._iri(thing)}
        written: Json = {}
        for predicate, values in properties.items():
            if predicate.value == _TYPE and all(isinstance(value, NamedNode) for value in values):
                names = [self._use(self._known.name(value.value)) for value in values]
                node["@type"] = names[0] if len(names) == 1 else names
                continue
            term = self._known.properties.get(predicate.value)
            for value in values:
                self._add(written, term, predicate.value, value)
        return {**node, **{key: _single(written[key]) for key in sorted(written)}}

    def _add(self, written: Json, term: Term | None, predicate: str, value: Any) -> None:
        """Add one value under the term if the term can say it, else under the compact IRI."""
        if term and term.by_language:
            language = getattr(value, "language", None)
            if language and not getattr(value, "direction", None):
                by_language = written.setdefault(self._use(term.name), {})
                by_language.setdefault(language, []).append(value.value)
                return
        fitting = self._fitting(term, value)
        if term and fitting is not None:
            written.setdefault(self._use(term.name), []).append(fitting)
        else:
            plain = self._use(self._known.iri(predicate))
            written.setdefault(plain, []).append(self._value(value))

    def _fitting(self, term: Term | None, value: Any) -> Any:
        """The value as the term writes it; None when the term would change its meaning."""
        if term is None or term.by_language:
            return None
        if not term.type:
            return self._value(value)
        literal = isinstance(value, Literal)
        if term.type == "@id":
            return None if literal else self._iri(value)
        if literal and not value.language and value.datatype.value == term.type:
            return value.value
        return None

    def _value(self, value: Any) -> Any:
        if not isinstance(value, Literal):
            return {"@id": self._iri(value)}
        if value.language:
            direction = getattr(value, "direction", None)
            extra = {"@direction": str(direction)} if direction else {}
            return {"@language": value.language, **extra, "@value": value.value}
        datatype = value.datatype.value
        if datatype == _STRING:
            return value.value
        return {"@type": self._use(self._known.name(datatype)), "@value": value.value}

    def _iri(self, node: Any) -> str:
        return self._use(self._known.iri(node.value if isinstance(node, NamedNode) else str(node)))

    def _use(self, name: str) -> str:
        """Note a name as used: a term, or the prefix before it."""
        self._used.add(name if name in self._known.definitions else name.partition(":")[0])
        return name


def _lines(members: Json, indent: int) -> str:
    """An object with one member a line; its closing brace is one space less indented."""
    before = "\n" + " " * indent
    return f"{{{before}{_members(members, indent)}{before[:-1]}}}" if members else "{}"


def _members(members: Json, indent: int) -> str:
    between = ",\n" + " " * indent
    return between.join(f"{_encode(name)}: {_encode(value)}" for name, value in members.items())


def _single(values: Any) -> Any:
    if isinstance(values, dict):
        return {language: _single(texts) for language, texts in values.items()}
    return values[0] if len(values) == 1 else values


def _words(value: Any) -> Iterator[str]:
    """Every term and prefix that a definition uses; a few too many do no harm."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _words(name)
            yield from _words(member)
    elif isinstance(value, str):
        yield value
        yield value.partition(":")[0]
