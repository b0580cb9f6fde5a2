"""/quality: what is missing or doubtful in the data, with file and line, and how full it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from hsgraph.build.check.report import SEVERITIES
from hsgraph.build.snapshot import Snapshot
from hsgraph.describe import quality as describe
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import later, told
from hsgraph.server.http.representation import page
from hsgraph.server.http.request_args import check_page, page_number, word
from hsgraph.server.site import current, once_a_version

checked: Final = Blueprint("quality", __name__)


@checked.get("/quality")
def overview() -> Response:
    """How full the data is, what the checks found, what sources disagree on."""
    return page("quality.html", view=_overview())


@checked.get("/quality/findings")
def findings() -> Response:
    """What the checks found, one by one, by severity, check or file."""
    asked = request.args
    found = describe.findings(
        _checked().report(),
        shape_words(),
        severity=word("severity", SEVERITIES),
        check=asked.get("check", ""),
        file=asked.get("file", ""),
        page=page_number(),
        size=current().settings.page_size,
    )
    check_page(found.page, found.pages)
    chosen = {name: asked[name] for name in ("severity", "check", "file") if asked.get(name)}
    return page("findings.html", view=found, chosen=chosen)


@once_a_version
def shape_words(graph: KnowledgeGraph) -> Mapping[str, str]:
    """What the shapes say, in the reader's language."""
    return describe.shape_words(graph.engine)


@once_a_version
def _overview(graph: KnowledgeGraph) -> describe.Quality:
    snapshot = _checked()
    found = snapshot.report(), snapshot.coverage()
    return describe.quality(graph.engine, *found, checked=snapshot.metadata is not None)


def _checked() -> Snapshot:
    """The data served, which checks were made of. Raises NotFound where they were not."""
    if (snapshot := current().graph.snapshot) is None:
        sentence = later("Only data that was built here is checked; this server shows another’s.")
        raise NotFound(told(sentence))
    return snapshot
