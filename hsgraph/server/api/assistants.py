"""What programs that read for people are told of the site, at /llms.txt."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template

from hsgraph.server.http.representation import cached
from hsgraph.server.site import current

assistants: Final = Blueprint("assistants", __name__)


@assistants.get("/llms.txt")
def llms() -> Response:
    """How a program should read this site."""
    ours = current().of_programmes
    examples = current().graph.asker.examples() if ours else ()
    text = render_template("llms.txt", examples=examples, of_programmes=ours)
    return cached(text, "text/plain; charset=utf-8")
