"""Versions of the data: what the one served has, and files and documents of those still kept."""

from __future__ import annotations

import re
from threading import BoundedSemaphore
from typing import Final

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from hsgraph.build.snapshot import Snapshot
from hsgraph.describe.documents.document import Document
from hsgraph.describe.documents.versions import archived, beside, can_be_read, rows_of
from hsgraph.formats import PAGE_FORMATS
from hsgraph.namespaces import ID, VOCAB
from hsgraph.server.api import downloads
from hsgraph.server.http import addresses
from hsgraph.server.http.bounded import one_of
from hsgraph.server.http.representation import (
    forms_of,
    page_or_rdf,
    represent,
    requested,
    see_other,
)
from hsgraph.server.site import current

_PLACES: Final = BoundedSemaphore(1)
_WAIT: Final = 1.0
_NAME: Final = re.compile(
    r"(?P<id>id/)?(?P<name>(?:vocab/)?[a-z0-9-]+/[a-z0-9-]+)(?:\.(?P<suffix>[a-z]{2,6}))?"
)


def snapshot_of(version: str) -> Snapshot:
    """A version beside the one served. Raises `NotFound` saying where else it may be."""
    served = current().graph.snapshot
    if served and (found := beside(served, version)):
        return found
    raise NotFound(
        f"Version {version} is not kept here; version {current().version} is served. Every version "
        "can be made again from the history of the project: hsgraph build at its commit."
    )


def part(of: Snapshot, rest: str) -> Response:
    """A file or the document about a thing out of a version that is kept, by its address there.

    Raises `NotFound` for anything else, such as lists and queries, which need the whole graph.
    """
    if rest.startswith("data/"):
        name = rest.removeprefix("data/")
        packed = name.endswith(".gz")
        return downloads.file(name.removesuffix(".gz"), packed=packed, of=of)
    found = _NAME.fullmatch(rest)
    if found is None or not can_be_read(of):
        raise NotFound(
            f"Of version {of.version} this server keeps the files and the documents about things: "
            f"/version/{of.version}/data/hsgraph.nq.gz is all of it."
        )
    path = f"/version/{of.version}/{found['name']}"
    if found["id"]:
        return see_other(path, requested(PAGE_FORMATS))
    return _document(of, _iri(found["name"]), path, found["suffix"] or "")


def _iri(name: str) -> str:
    return VOCAB + name.removeprefix("vocab/") if name.startswith("vocab/") else ID + name


def _document(of: Snapshot, iri: str, path: str, suffix: str) -> Response:
    def found() -> Document:
        with one_of(_PLACES, _WAIT, "Others are reading versions of before just now."):
            return archived(of, iri)

    body = page_or_rdf(lambda: _page(found(), path), lambda: found().whole)
    response = represent(path, PAGE_FORMATS, suffix, body, canonical=iri)
    latest = request.script_root + (addresses.local_path(iri) or "/")
    response.headers.add("Link", f'<{latest}>; rel="latest-version"')
    return response


def _page(found: Document, path: str) -> str:
    return render_template(
        "archived.html",
        about=found.labels.ref(found.iri),
        rows=[(*row[:2], row[2] and _address(row[2], found.version)) for row in rows_of(found)],
        of_version=found.version,
        now=addresses.href(found.iri, request.script_root),
        formats=forms_of(path),
    )


def _address(iri: str, version: str) -> str | None:
    """Things and concepts are shown as they were, all else as it is."""
    prefix = request.script_root
    if iri.startswith((ID, VOCAB)):
        prefix += f"/version/{version}"
    return addresses.href(iri, prefix)
