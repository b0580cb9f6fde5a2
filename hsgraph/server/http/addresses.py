"""Where things are: from their IRIs to addresses on this server, and back."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode
from werkzeug.routing import BaseConverter

from hsgraph.describe.values import is_described
from hsgraph.errors import HsgraphError, UnknownEntity
from hsgraph.languages import later, told
from hsgraph.namespaces import DOCUMENTS, ID, PATHS
from hsgraph.server.site import current


class SlugConverter(BaseConverter):
    """A part of an address that names a kind or a thing."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class SuffixConverter(BaseConverter):
    """The suffix of a format."""

    regex = r"[a-z]{2,6}"


class GraphPathConverter(BaseConverter):
    """The path of a graph: that of its file, without the suffix."""

    part_isolating = False
    regex = r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*?"


def local_path(iri: str) -> str | None:
    """The path on this server of what an IRI of ours names; None for the IRIs of others.

    A slash after the namespace is no name of ours: `//` would begin the address of another server.
    """
    if iri in DOCUMENTS:
        return DOCUMENTS[iri]
    for namespace, path in PATHS:
        if iri.startswith(namespace) and not iri.startswith(("/", "\\"), len(namespace)):
            return path + quote(iri.removeprefix(namespace), safe="/#.-_~")
    return None


@lru_cache(maxsize=20_000)
def href(iri: str, prefix: str = "") -> str | None:
    """What a link to an IRI points to.

    A path on this server (after `prefix`) for IRIs of ours, the IRI itself for other http and
    https IRIs, None for all others: those are shown as text, since `javascript:` is an IRI too.
    Kept, since most links of a page stand on the one before it.
    """
    path = local_path(iri)
    if path is not None:
        return prefix + path
    return iri if iri.lower().startswith(("http://", "https://")) else None


def link(iri: str, prefix: str = "") -> str | None:
    """What a link to an IRI points to; None for what is shown as text.

    In anybody's data no IRI is of ours, so what is described here leads to `/describe`. In ours,
    IRIs of others lead to the others.
    """
    address = href(iri, prefix)
    if address is not None and address != iri:
        return address
    try:
        NamedNode(iri)
    except ValueError:
        return None
    site = current()
    if not site.of_programmes and is_described(site.engine, iri):
        return f"{prefix}/describe?iri={quote(iri, safe='')}"
    return address


def thing(kind: str, slug: str) -> NamedNode:
    """The thing that the document at /{kind}/{slug} is about."""
    return NamedNode(f"{ID}{kind}/{slug}")


def named_node(iri: str, wrong: type[HsgraphError] = UnknownEntity) -> NamedNode:
    """An IRI from a request as a term. Raises what is `wrong` if it is no IRI."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise wrong(told(later("“{1}” is not an IRI."), iri[:200])) from error
