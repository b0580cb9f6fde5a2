"""For who adds programmes: /contribute, a form made from our shapes; /validate checks Turtle."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, UnsupportedMediaType

from hsgraph import resources, serialize
from hsgraph.build.check.report import Report
from hsgraph.curate.checking import LARGEST, check_text
from hsgraph.curate.form import form_parts, form_shapes
from hsgraph.describe.quality import translated
from hsgraph.errors import BadRequest, SourceError
from hsgraph.formats import HTML, JSON, SARIF, TURTLE, Format, called
from hsgraph.languages import later, told
from hsgraph.server.http.bounded import one_of
from hsgraph.server.http.negotiation import negotiate
from hsgraph.server.http.representation import cached, not_stored, page
from hsgraph.server.pages.quality import shape_words
from hsgraph.server.site import current, once_a_version

validating: Final = Blueprint("validating", __name__)
_WRITERS: Final = {JSON: Report.to_json, TURTLE: Report.to_turtle, SARIF: Report.to_sarif}
_FORM_OVERHEAD: Final = 100_000
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_AT_ONCE: Final = BoundedSemaphore(1)
"""A check takes a processor for seconds, so each serving process runs one at a time."""


@validating.get("/validate")
def form() -> Response:
    """The page to paste or upload Turtle."""
    return _page(None, "", "")


@validating.post("/validate")
def check() -> Response:
    """The report on Turtle, against our shapes or shapes given along; for people or programs."""
    request.max_content_length = 3 * LARGEST + _FORM_OVERHEAD
    request.max_form_memory_size = 3 * LARGEST + _FORM_OVERHEAD
    chosen = _wanted()
    text, shapes = _given()
    shown = text.decode("utf-8", "replace"), shapes.decode("utf-8", "replace")
    try:
        with one_of(_AT_ONCE, 0, "Another text is being checked.", 5):
            report = check_text(text, shapes if shapes.strip() else None, resources.root())
    except SourceError as error:
        if chosen is not HTML:
            raise BadRequest(f"{error.place}: {error.message}", remedy=error.remedy) from None
        return _page(None, *shown, problem=error)
    if chosen is HTML:
        return _page(report, *shown)
    return not_stored(Response(_WRITERS[chosen](report), content_type=chosen.content_type))


def _wanted() -> Format:
    offered = (HTML, *_WRITERS)
    if name := request.values.get("format"):
        return called(name, "a report", offered)
    return negotiate(request.headers.get("Accept"), offered).format


def _given() -> tuple[bytes, bytes]:
    """The Turtle and the shapes, as they were pasted or uploaded, or the body as it is."""
    if request.mimetype == TURTLE.media_type:
        text, shapes = request.get_data(), b""
    elif request.mimetype in ("", *_FORMS):
        text, shapes = _field("turtle"), _field("shapes")
    else:
        raise UnsupportedMediaType(
            f"Content-Type: {request.mimetype[:100]}; send {TURTLE.media_type}, or a form"
            f" ({' or '.join(_FORMS)})."
        )
    if max(len(text), len(shapes)) > LARGEST:
        sentence = later("Up to {1} bytes are checked; this has more.")
        raise RequestEntityTooLarge(told(sentence, f"{LARGEST:,}"))
    if not text.strip():
        raise BadRequest(
            told(later("There is no Turtle to check.")),
            remedy=later("Paste it, or choose a file."),
        )
    return text, shapes


def _field(name: str) -> bytes:
    uploaded = request.files.get(f"{name}_file")
    content = uploaded.read(LARGEST + 1) if uploaded else b""
    return content or request.form.get(name, "").replace("\r\n", "\n").encode()


def _page(
    report: Report | None, text: str, shapes: str, problem: SourceError | None = None
) -> Response:
    if report:
        report = Report(translated(report.findings, shape_words()))
    shown = {"report": report, "text": text, "shapes": shapes, "problem": problem}
    return page("validate.html", whole=False, most=LARGEST, **shown)


@validating.get("/contribute")
def contribute() -> Response:
    """The page with the form; it stores nothing here."""
    site = current()
    parts, target = form_parts(site.engine), site.settings.contribute_url
    return page("contribute.html", parts=parts, target=target)


@validating.get("/contribute.ttl")
def shapes() -> Response:
    """The shapes that the form is made from, with the things that can be chosen."""
    if not (text := _shapes()):
        raise NotFound("There are no shapes of programmes here to make a form of.")
    return cached(text, TURTLE.content_type)


_shapes: Final = once_a_version(lambda graph: serialize.write(form_shapes(graph.engine), TURTLE))
