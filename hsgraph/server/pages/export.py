"""Whole lists of programmes as files: CSV, spreadsheet, JSON, Turtle, and the query itself."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from hsgraph.browse.export import export_lines, to_csv, to_json, to_turtle, to_xlsx
from hsgraph.browse.filtering import ChosenList
from hsgraph.errors import ResultTooLarge
from hsgraph.formats import JSON, RESULTS_CSV, TURTLE
from hsgraph.languages import later, told
from hsgraph.languages import translated as _
from hsgraph.server.http.representation import attached, cached, no_form
from hsgraph.server.pages.browse import address, chosen_list
from hsgraph.server.site import current

exporting: Final = Blueprint("export", __name__)
TYPES: Final = {
    "csv": RESULTS_CSV.content_type + "; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": JSON.content_type,
    "ttl": TURTLE.content_type,
    "rq": "application/sparql-query; charset=utf-8",
}


@exporting.get("/browse/project.<suffix:suffix>")
def export(suffix: str) -> Response:
    """A whole list of programmes: csv, xlsx, json, ttl, or the query that gives it: rq."""
    if suffix not in TYPES:
        raise no_form(suffix, TYPES)
    asked = chosen_list()
    answer = cached(_body(asked, suffix), TYPES[suffix])
    answer.headers["X-Robots-Tag"] = "noindex"
    if suffix in ("json", "rq"):
        return answer
    return attached(answer, f"programmes-{current().version[:8]}.{suffix}")


def _body(asked: ChosenList, suffix: str) -> str | bytes:
    if suffix == "rq":
        return asked.sparql + "\n"
    site = current()
    most = site.settings.export_rows
    if asked.found.total > most:
        raise ResultTooLarge(
            told(
                later("The list has {1} programmes; at most {2} are given at once."),
                f"{asked.found.total:,}",
                f"{most:,}",
            ),
            remedy=later("Narrow the list, or download the whole graph."),
        )
    numbers = list(asked.ordered())
    if suffix == "ttl":
        return to_turtle(site.engine, [asked.catalogue.programmes[n].iri for n in numbers])
    lines = export_lines(site.engine, asked.catalogue, numbers)
    if suffix == "csv":
        return to_csv(lines)
    return to_xlsx(lines, _about(asked)) if suffix == "xlsx" else to_json(lines, asked.sparql)


def _about(asked: ChosenList) -> list[tuple[str, str]]:
    """What a file is, for whoever finds it later."""
    site = current()
    here = site.address().rstrip("/") + address(asked.choice).removeprefix(request.script_root)
    numbers = f"{asked.found.total:,}", f"{asked.catalogue.size:,}"
    rows = [
        (_("What"), told(later("Human security programmes: {1} of {2}"), *numbers)),
        (_("The list"), here),
        (_("Version of the data"), site.version),
        (_("Licence"), site.licence or ""),
        (_("Sums"), _("A total and a contribution are different kinds and must not be added up.")),
        (
            _("Dates"),
            _("Of a month or a year the cell shows no more; it holds the first or last day."),
        ),
        (_("The query (SPARQL)"), asked.sparql),
    ]
    return [(name, text) for name, text in rows if text]
