"""Programmes for the International Aid Transparency Initiative: one, or all in one file."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from hsgraph.describe.values import per_version
from hsgraph.engine.protocol import Engine
from hsgraph.errors import UnknownEntity
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
    return cached(_whole(current().engine, date.today()), _TYPE)


@per_version(2)
def _whole(engine: Engine, today: date) -> bytes:
    return document(activities(engine), today)
