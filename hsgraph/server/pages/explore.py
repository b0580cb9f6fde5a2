"""/explore: a map, a time line, money, a matrix, a network, causes, programmes compared; as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from hsgraph.browse.choice import year_range, years
from hsgraph.browse.lists import rows
from hsgraph.describe.pages import Paged, window
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.values import is_described
from hsgraph.describe.words.labels import kind_of
from hsgraph.errors import BadRequest, UnknownEntity
from hsgraph.explore import causes, compare, matrix, money, network, tables, timeline, worldmap
from hsgraph.explore.counts import Counts, counts
from hsgraph.formats import RESULTS_CSV
from hsgraph.languages import later, told
from hsgraph.namespaces import VOCAB
from hsgraph.search.results import Hit
from hsgraph.search.search import programmes_meant
from hsgraph.server.http.representation import attached, cached, page
from hsgraph.server.http.request_args import check_page, number, page_number, word
from hsgraph.server.site import current

explore: Final = Blueprint("explore", __name__)
_CSV: Final = ".csv"
_ALL_LINKS: Final = 50_000
_LONGEST_NAME: Final = 200


@explore.get("/explore")
def index() -> Response:
    """The ways to explore, each with a small picture of what it shows."""
    engine, numbers = current().engine, _counts()
    return page(
        "explore.html",
        map=programmes_map(),
        time=timeline.timeline(engine, numbers),
        money=money.money(engine, "year"),
        matrix=matrix.matrix(engine, numbers),
        network=network.network(engine, numbers, most=network.SIZES[0]),
        causes=causes.between_types(engine, numbers, most=causes.DRAWN),
    )


@explore.get("/explore/map")
@explore.get("/explore/map.csv")
def by_country() -> Response:
    """Programmes by country, as a map and a table."""
    return _shown("explore_map.html", programmes_map())


@explore.app_template_global()
def programmes_map() -> worldmap.WorldMap:
    return worldmap.world_map(current().engine, _counts())


@explore.get("/explore/time")
@explore.get("/explore/time.csv")
def by_time() -> Response:
    """Programmes by the year they began, and on one time line."""
    first, last = (request.args.get(name, "").strip() for name in ("from", "to"))
    span = years(year_range(first, last)) if first or last else None
    found = timeline.timeline(current().engine, _counts(), page_number(), span)
    check_page(found.page, found.pages)
    return _shown("explore_time.html", found)


@explore.get("/explore/money")
@explore.get("/explore/money.csv")
def money_by() -> Response:
    """What the fund gave, by year, agency, country or dimension."""
    return _shown("explore_money.html", money.money(current().engine, word("by", money.BY, "year")))


@explore.get("/explore/money/left-out")
def left_out() -> Response:
    """The programmes that sums of money leave out."""
    what, by = word("what", money.LEFT_OUT, money.LEFT_OUT[0]), word("by", money.BY, "year")
    engine, size = current().engine, current().settings.page_size
    paged = Paged(getattr(money.money(engine, by), what), page_number(), size)
    start = (paged.page - 1) * size
    return _left_out(paged, money.left_out(engine, what, by, most=size, start=start), what, by)


@explore.get("/explore/matrix")
@explore.get("/explore/matrix.csv")
def by_type() -> Response:
    """Types of intervention that were tried against types of threat, in how many programmes."""
    opened = (_concept("threat", "threat-type"), _concept("intervention", "intervention-type"))
    return _shown("explore_matrix.html", matrix.matrix(current().engine, _counts(), *opened))


@explore.get("/explore/matrix/left-out")
def untried() -> Response:
    """The programmes that the matrix leaves out."""
    found = list(_counts().untried)
    paged = Paged(len(found), page_number(), current().settings.page_size)
    return _left_out(paged, window(found, paged.page, paged.size), "untried")


@explore.get("/explore/matrix/tried")
def tried() -> Response:
    """What was tried of one type of intervention against one type of threat."""
    threat = _concept("threat", "threat-type")
    intervention = _concept("intervention", "intervention-type")
    if not threat or not intervention:
        raise BadRequest(
            told(later("The address names no type of threat, or no type of intervention."))
        )
    engine, size, at = current().engine, current().settings.page_size, page_number()
    found = matrix.answers(engine, _counts(), threat, intervention, page=at, size=size)
    check_page(found.page, found.pages)
    return page("explore_tried.html", view=found)


@explore.get("/explore/network")
@explore.get("/explore/network.csv")
def together() -> Response:
    """Organisations that take part in the same programmes."""
    usual, most = (_ALL_LINKS,) * 2 if request.path.endswith(_CSV) else network.SIZES[1:]
    about, most = _thing("with"), number("most", usual, 1, most)
    return _shown("explore_network.html", network.network(current().engine, _counts(), about, most))


@explore.get("/explore/causes")
@explore.get("/explore/causes.csv")
def what_drives_what() -> Response:
    """What drives what, between types of threat or in one programme."""
    called, engine = request.args.get("of", "").strip(), current().engine
    bare = bool(called) and is_described(engine, f"{VOCAB}threat-type/{called}")
    about = _concept("of", "threat-type") if bare else _thing("of")
    if kind_of(about) == "project":
        found = causes.of_programme(engine, about)
    elif about and kind_of(about) != "threat-type":
        raise BadRequest(told(later("“of” must name a programme or a type of threat.")))
    else:
        every = _ALL_LINKS if request.path.endswith(_CSV) else causes.MOST
        found = causes.between_types(engine, _counts(), about, every)
    return _shown("explore_causes.html", found)


@explore.get("/explore/causes/said")
def said() -> Response:
    """Where it is said that one type of threat drives another."""
    cause, effect = _concept("cause", "threat-type"), _concept("effect", "threat-type")
    if not cause or not effect:
        raise BadRequest(told(later("The address names no cause, or no effect.")))
    engine, size, at = current().engine, current().settings.page_size, page_number()
    found = causes.driven(engine, _counts(), cause, effect, page=at, size=size)
    check_page(found.page, found.pages)
    return page("explore_driven.html", view=found)


@explore.get("/explore/compare")
def side_by_side() -> Response:
    """Two to four programmes, row by row."""
    asked = dict.fromkeys(name.strip() for name in request.args.getlist("p") if name.strip())
    if len(asked) > compare.MOST:
        sentence = later("At most {1} programmes can be compared at once.")
        raise BadRequest(told(sentence, compare.MOST))
    graph = current().graph
    views: dict[str, ProjectView] = {}
    unsure: dict[str, tuple[Hit, ...]] = {}
    for name in asked:
        meant = programmes_meant(graph.engine, graph.search, name[:_LONGEST_NAME])
        view = graph.describe(meant[0].iri) if len(meant) == 1 else None
        if isinstance(view, ProjectView):
            views[view.iri] = view
        else:
            unsure[name[:_LONGEST_NAME]] = meant
    shown = list(views.values())
    return page(
        "explore_compare.html",
        views=shown,
        rows=compare.compare(shown),
        unsure=unsure,
        most=compare.MOST,
    )


def _left_out(paged: Paged, programmes: Sequence[str], what: str, by: str = "") -> Response:
    """One page of the programmes that a way to explore leaves out."""
    check_page(paged.page, paged.pages)
    shown = rows(current().engine, programmes)
    return page("explore_left_out.html", what=what, by=by, paged=paged, rows=shown)


def _shown(template: str, view: object) -> Response:
    """The page, or its numbers as CSV where the address asks for that."""
    if not request.path.endswith(_CSV):
        return page(template, view=view)
    answer = cached(tables.to_csv(view), RESULTS_CSV.content_type + "; header=present")
    answer.headers["X-Robots-Tag"] = "noindex"
    name = request.path.rpartition("/")[2].removesuffix(_CSV)
    return attached(answer, f"hsgraph-{name}-{current().version[:8]}.csv")


def _counts() -> Counts:
    site = current()
    snapshot = site.graph.snapshot
    return counts(site.engine, snapshot.search if snapshot else None)


def _concept(name: str, scheme: str) -> str:
    """The IRI of a concept that a parameter names, by its slug alone too, or an empty string."""
    called = request.args.get(name, "").strip()
    if not called:
        return ""
    start, sentence = f"{VOCAB}{scheme}/", later("There is no concept “{1}” among these types.")
    iri = current().graph.resolve(called) if set(called) & {"/", ":"} else start + called
    return _known(iri if iri.startswith(start) else "", sentence, called)


def _thing(name: str) -> str:
    """The IRI of a thing that a parameter names, or an empty string."""
    called = request.args.get(name, "").strip()
    sentence = later("There is nothing called {1} in this graph.")
    return _known(current().graph.resolve(called), sentence, called) if called else ""


def _known(iri: str, sentence: str, called: str) -> str:
    if not is_described(current().engine, iri):
        raise UnknownEntity(told(sentence, called[:_LONGEST_NAME]))
    return iri
