"""From what people type for a thing (IRI, prefixed name, kind/slug, slug) to its IRI."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from hsgraph.describe.values import first_of, is_mentioned, per_version, values_of
from hsgraph.engine.protocol import Engine
from hsgraph.errors import UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import BASE, ID, PREFIXES, RDF, VOCAB
from hsgraph.search.addresses import iris

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIXED: Final = re.compile(r"([A-Za-z][\w.-]*|):([^/\s][^\s<>\"{}|\\^`]*)?")
_KINDS: Final = """SELECT DISTINCT ?kind WHERE {
  ?thing a ?class FILTER(STRSTARTS(STR(?thing), $start))
  BIND(STRBEFORE(STRAFTER(STR(?thing), $start), "/") AS ?kind)
}"""
_TYPE: Final = RDF + "type"


def resolve(engine: Engine, name: str) -> str:
    """The IRI that `name` stands for; the graph need not say anything of it.

    Accepts `https://…` and `<https://…>`, also spelt otherwise than in the graph where it has no
    such thing, and the address of a page about a thing here; `hs:Project`,
    `project/serbia-southwest-sandzak`, `dimension/economic` or `vocab/dimension/economic`, and a
    bare slug when just one thing has it, or no thing and just one concept. Raises
    `UnknownEntity` for anything else.
    """
    iri = _resolved(engine, name.strip().removeprefix("<").removesuffix(">"))
    try:
        return NamedNode(iri).value
    except ValueError:
        raise _unknown(name) from None


def _resolved(engine: Engine, name: str) -> str:
    if ":/" in name or name.startswith("urn:"):
        return first_of(engine, iris(name)) or name
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed and prefixed[1] not in PREFIXES and is_mentioned(engine, name):
        return name
    if prefixed and prefixed[1] in PREFIXES:
        return PREFIXES[prefixed[1]] + (prefixed[2] or "")
    if prefixed:
        raise UnknownEntity(
            told(later("There is no prefix “{1}”."), prefixed[1]),
            remedy=told(later("The prefixes are: {1}"), ", ".join(PREFIXES)),
        )
    if _SLUG.fullmatch(name):
        return _by_slug(engine, name)
    path = name.strip("/")
    if path.startswith(("id/", "vocab/", "graph/", "query/")):
        return BASE + path
    if path.count("/") == 1:
        return VOCAB + path if is_mentioned(engine, VOCAB + path) else ID + path
    raise _unknown(name)


def _by_slug(engine: Engine, slug: str) -> str:
    for start in (ID, VOCAB):
        asked = [f"{start}{kind}{slug}" for kind in _kinds(engine, start)]
        found = [iri for iri, said in values_of(engine, asked, (_TYPE,)).items() if said.get(_TYPE)]
        if len(found) > 1:
            raise UnknownEntity(
                told(later("{1} things are called “{2}”."), len(found), slug),
                remedy=told(
                    later("Name one: {1}"), ", ".join(iri.removeprefix(start) for iri in found)
                ),
            )
        if found:
            return found[0]
    raise _unknown(slug)


@per_version(4)
def _kinds(engine: Engine, start: str) -> Sequence[str]:
    """What stands between a namespace and the slugs of its things: "project/", or nothing."""
    rows = engine.select(_KINDS, {"start": Literal(start)}).rows
    return sorted(kind and f"{kind}/" for kind in (row["kind"].value for row in rows))


def _unknown(name: str) -> UnknownEntity:
    return UnknownEntity(
        told(later("'{1}' names nothing in this graph."), name),
        remedy=later("Give an IRI, a prefixed name such as hs:Project, or kind/slug; or search."),
    )
