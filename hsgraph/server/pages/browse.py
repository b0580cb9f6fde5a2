"""Lists: programmes narrowed by facets, as a page or a file; all other kinds simply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from hsgraph.browse import drawing
from hsgraph.browse.choice import RELEVANCE, SORTS, Choice, facet, year_range, years
from hsgraph.browse.export import export_lines, to_csv, to_json, to_turtle, to_xlsx
from hsgraph.browse.filtering import ChosenList, chosen
from hsgraph.browse.lists import Chip, facet_view, list_view
from hsgraph.browse.sparql import MOST_NAMED
from hsgraph.build.index.facets import FACETS
from hsgraph.describe.shared import listing
from hsgraph.describe.shared.listing import FIRST, Counted, counted
from hsgraph.describe.words.labels import Labels
from hsgraph.errors import BadRequest, ResultTooLarge
from hsgraph.explore.worldmap import world
from hsgraph.formats import JSON, RESULTS_CSV, TURTLE
from hsgraph.languages import later, told
from hsgraph.languages import translated as _
from hsgraph.server.http.representation import attached, cached, no_form, page
from hsgraph.server.http.request_args import check_page, only_known_parameters, page_number, word
from hsgraph.server.markup.markup import short_name
from hsgraph.server.site import current

browsing: Final = Blueprint("browse", __name__)
VIEWS: Final = {"table": later("Table"), "map": later("Map"), "time": later("Time line")}
LIST: Final = "/browse/project"
_MOST_ABOUT: Final = 4
_PARAMETERS: Final = (
    *("q", "about", *(f.name for f in FACETS)),
    *("from", "to", "all", "sort", "view", "page"),
)
_FILES: Final = {
    "csv": RESULTS_CSV.content_type + "; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": JSON.content_type,
    "ttl": TURTLE.content_type,
    "rq": "application/sparql-query; charset=utf-8",
}


@browsing.get("/browse/<slug:kind>")
def browse(kind: str) -> Response:
    """A list of everything of a kind; of programmes, those that fit what is chosen."""
    if kind != "project":
        return _simple(kind)
    asked, site, view = chosen_list(), current(), word("view", VIEWS, "table")
    number, size = page_number(), site.settings.page_size
    shown = list_view(site.engine, asked, page=number, size=size)
    check_page(number, shown.pages)
    return page(
        "browse.html",
        view=shown,
        **_common(asked, view),
        chips=[*_other_chips(asked.choice), *shown.chips],
        map=drawing.map_view(site.engine, asked, world()) if view == "map" else None,
        years=drawing.years(asked) if view == "time" else (),
        sorts=_sorts(asked.choice),
    )


@browsing.get("/browse/project/values/<slug:name>")
def values(name: str) -> Response:
    """All values of a facet that a list of programmes can be narrowed by, with their counts."""
    about, asked = facet(name), chosen_list()
    labels = Labels.fetch(current().engine, [about.about])
    return page(
        "browse_values.html",
        facet=facet_view(about, asked.found, asked.choice, labels, all=True),
        total=asked.found.total,
        **_common(asked, word("view", VIEWS, "table")),
    )


@browsing.get("/browse/project/query")
def query() -> Response:
    """The SPARQL query that gives a list of programmes."""
    asked = chosen_list()
    return page(
        "browse_query.html",
        sparql=asked.sparql,
        total=asked.found.total,
        left_aside=bool(asked.choice.text) and len(asked.best) > MOST_NAMED,
        **_common(asked, word("view", VIEWS, "table")),
    )


def chosen_list() -> ChosenList:
    """What the address of this request asks for. Raises BadRequest and UnknownEntity."""
    site = current()
    only_known_parameters(_PARAMETERS)
    named = list(filter(None, request.args.getlist("about")))
    if len(named) > _MOST_ABOUT:
        raise BadRequest(told(later("“about” can be given at most {1} times."), _MOST_ABOUT))
    about = [site.graph.resolve(name) for name in named]
    given = {f.name: request.args.getlist(f.name) for f in FACETS}
    first, last = (request.args.get(name, "").strip() for name in ("from", "to"))
    if first or last:
        given["year"] = [year_range(first, last)]
    choice = Choice.of(
        given,
        text=request.args.get("q", "")[:200],
        about=about,
        sort=request.args.get("sort", ""),
        every=request.args.getlist("all"),
    )
    return chosen(site.engine, site.graph.snapshot, site.graph.shared, site.graph.index, choice)


def address(choice: Choice, view: str = "", page: int = 1, path: str = LIST) -> str:
    pairs = _fields(choice, view) + ([("page", str(page))] if page > 1 else [])
    asked = "?" + urlencode(pairs, quote_via=quote, safe="/:") if pairs else ""
    return request.script_root + path + asked


def _common(asked: ChosenList, view: str) -> dict[str, Any]:
    return {
        "choice": asked.choice,
        "here": lambda choice, to=view, page=1: address(choice, to, page),
        "at": lambda path: address(asked.choice, path=LIST + path),
        "shown_as": view,
        "views": VIEWS,
        "hidden_fields": _fields(asked.choice, view, "q", "sort"),
        "fields_beside_years": _fields(asked.choice, view, "year"),
        "span": _span(asked.choice),
    }


def _fields(choice: Choice, view: str, *without: str) -> list[tuple[str, str]]:
    """What an address or a form must carry so that what it asks for is added to a choice."""
    kept = [("about", short_name(iri)) for iri in choice.about]
    kept += [pair for pair in choice.pairs() if pair[0] not in without]
    return kept + ([("view", view)] if view not in ("", "table") else [])


def _span(choice: Choice) -> tuple[str, str]:
    """The first and the last year of the range that is chosen, empty where it is open."""
    chosen = next((span for span in map(years, choice.of_facet("year")) if span), ("", ""))
    return chosen[0].replace("0000", ""), chosen[1].replace("9999", "")


def _other_chips(choice: Choice) -> list[Chip]:
    """Chips for words and for things that programmes have to do with."""
    labels = Labels.fetch(current().engine, choice.about)
    chips, sort = [], "" if choice.sort == RELEVANCE else choice.sort
    if choice.text:
        chips.append(Chip(_("Words"), choice.text, replace(choice, text="", sort=sort)))
    for iri in choice.about:
        rest = tuple(other for other in choice.about if other != iri)
        without = replace(choice, about=rest, sort=sort)
        chips.append(Chip(_("With"), labels.ref(iri).label, without))
    return chips


def _sorts(choice: Choice) -> list[tuple[str, Choice, bool]]:
    """The orders there are: name, choice, whether it holds."""
    names = {**({RELEVANCE: later("best match first")} if choice.text else {}), **SORTS}
    return [(_(label), choice.sorted_by(key), choice.order == key) for key, label in names.items()]


def _simple(kind: str) -> Response:
    site, number = current(), page_number()
    only_known_parameters(("type", "sort", "page") if kind in FIRST else ("page",))
    sort, shared, size = word("sort", ("name",)), site.graph.shared, site.settings.page_size
    found: Counted | listing.Listing = counted(
        site.engine,
        kind,
        shared,
        type=request.args.get("type", ""),
        by_name=bool(sort),
        page=number,
        size=size,
    ) or listing.listing(site.engine, kind, page=number, size=size, all_of_it=shared)
    check_page(number, found.pages)
    return page("browse_list.html", view=found)


@browsing.get("/browse/project.<suffix:suffix>")
def export(suffix: str) -> Response:
    """A whole list of programmes: csv, xlsx, json, ttl, or the query that gives it: rq."""
    if suffix not in _FILES:
        raise no_form(suffix, _FILES)
    asked = chosen_list()
    answer = cached(_file(asked, suffix), _FILES[suffix])
    answer.headers["X-Robots-Tag"] = "noindex"
    if suffix in ("json", "rq"):
        return answer
    return attached(answer, f"programmes-{current().version[:8]}.{suffix}")


def _file(asked: ChosenList, suffix: str) -> str | bytes:
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
    return to_xlsx(lines, _about_file(asked)) if suffix == "xlsx" else to_json(lines, asked.sparql)


def _about_file(asked: ChosenList) -> list[tuple[str, str]]:
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
