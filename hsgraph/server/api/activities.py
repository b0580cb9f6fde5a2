"""Programmes for the International Aid Transparency Initiative: one, or all in one file."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from hsgraph.errors import UnknownEntity
from hsgraph.graph import KnowledgeGraph
from hsgraph.iati.activities import activities
from hsgraph.iati.document import document, fits
from hsgraph.namespaces import ID
from hsgraph.server.http.representation import cached
from hsgraph.server.site import current

iati: Final = Blueprint("iati", __name__)
_TYPE: Final = "application/xml; charset=utf-8"


@iati.get("/project/<slug:slug>.iati.xml")
def programme(slug: str) -> Response:
    """One programme as an IATI activity; 404 for one that is not there or has no date."""
    found = activities(current().engine, f"{ID}project/{slug}")
    if not found or not found[0].titles:
        raise UnknownEntity(f"There is no programme {slug!r} in this graph.")
    if not fits(found[0]):
        raise NotFound("IATI asks for a date, and no source seen gives one for this programme.")
    return cached(document(found, date.today()), _TYPE)


@iati.get("/data/hsgraph.iati.xml")
def whole() -> Response:
    """All programmes that IATI can hold."""
    graph = current().graph
    return cached(_whole(graph, graph.version, date.today()), _TYPE)


@lru_cache(maxsize=2)
def _whole(graph: KnowledgeGraph, version: str, today: date) -> bytes:
    """Kept, since it is asked of the whole graph; `version` tells when it is out of date."""
    return document(activities(graph.engine), today)
