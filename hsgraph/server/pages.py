"""The pages for people: home, lists, and the page of every thing."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from hsgraph.describe import listing
from hsgraph.describe.concept import SharedView
from hsgraph.describe.document import incoming_links
from hsgraph.describe.entity import EntityView
from hsgraph.describe.labels import Labels, compact, words
from hsgraph.describe.project import ProjectView
from hsgraph.describe.statements import statements
from hsgraph.errors import BadRequest
from hsgraph.formats import HTML, JSON, RDF_FORMATS
from hsgraph.names import resolve
from hsgraph.server import addresses
from hsgraph.server.markup import Parts, clip, short_name
from hsgraph.server.representation import page as answer
from hsgraph.server.schema_org import schema_org
from hsgraph.server.site import current

pages: Final = Blueprint("pages", __name__)
FIGURES: Final = ("project", "organisation", "place", "source", "claim")
LINK_PAGE: Final = 100
STATEMENTS: Final = 100
LAST_PAGE: Final = 100_000


pages.add_app_template_filter(clip)
pages.add_app_template_filter(compact, "curie")
pages.add_app_template_filter(short_name)


@pages.app_context_processor
def _parts() -> dict[str, Parts]:
    return {"parts": Parts(request.script_root)}


@pages.app_template_filter()
def kind_words(kind: str) -> str:
    """A kind in words, with a capital."""
    return words(kind).capitalize()


@pages.get("/")
def home() -> Response:
    """What this is, what is in here, and ways in."""
    engine = current().engine
    figures = [(kind, listing.count(engine, kind)) for kind in FIGURES]
    labels = Labels.fetch(engine, [listing.CLASSES[kind] for kind in FIGURES])
    html = render_template(
        "home.html",
        figures=[(kind, number, labels.ref(listing.CLASSES[kind])) for kind, number in figures],
        dimensions=listing.concepts(engine, "dimension", current().graph.shared),
        latest=listing.latest(engine, 5),
    )
    return answer(html)


@pages.get("/statements")
def all_statements() -> Response:
    """Every statement in the document about a thing, with its graph and evidence."""
    iri = _thing(request.args.get("of", ""))
    found = statements(current().engine, iri, page=_page_number(), size=STATEMENTS)
    return answer(render_template("statements.html", view=found, name=_name(iri)))


@pages.get("/links")
def all_links() -> Response:
    """Everything that points to a thing with one property."""
    engine, iri = current().engine, _thing(request.args.get("to", ""))
    by, number = _thing(request.args.get("by", "")), _page_number()
    thing = addresses.named_node(iri)
    start = (number - 1) * LINK_PAGE
    found = incoming_links(engine, thing, LINK_PAGE, offset=start, only=by)
    if not found or not found[0].subjects:
        raise NotFound("Nothing here points to that thing in that way.")
    labels = Labels.fetch(engine, [iri, by, *found[0].subjects])
    html = render_template(
        "links.html",
        about=labels.ref(iri),
        property=labels.property(by),
        things=[labels.ref(subject) for subject in found[0].subjects],
        total=found[0].count,
        page=number,
        pages=max(1, -(-found[0].count // LINK_PAGE)),
        name=_name(iri),
    )
    return answer(html)


def entity_page(view: EntityView) -> str:
    """The page of a thing."""
    path = addresses.local_path(view.iri) or "/describe"
    if isinstance(view, ProjectView):
        template = "project.html"
    else:
        template = "shared.html" if isinstance(view, SharedView) else "thing.html"
    html = render_template(
        template,
        view=view,
        name=_name(view.iri),
        permalink=view.iri,
        formats=_formats(path),
        schema_org=schema_org(view, current().address()),
    )
    return _without_indentation(html)


def _without_indentation(html: str) -> str:
    """A sixth of a long page would be indentation; no text of these pages has spaces that count."""
    return "\n".join(filter(None, map(str.strip, html.split("\n"))))


def _formats(path: str) -> tuple[tuple[str, str], ...]:
    """Label and address of every format of a document, as the foot of its page lists them."""
    if path == "/describe" or "#" in path:
        return ()
    formats = (format for format in (*RDF_FORMATS, JSON) if format is not HTML)
    return tuple((f.label, f"{request.script_root}{path}.{f.suffix}") for f in formats)


def _page_number() -> int:
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:7]) <= LAST_PAGE):
        raise BadRequest(f"“page” must be a number from 1 to {LAST_PAGE:,}.")
    return int(asked)


def _thing(name: str) -> str:
    """The IRI that a parameter names: `project/…`, `vocab/…`, or an IRI."""
    if not name:
        raise BadRequest("The address names no thing.")
    return addresses.named_node(resolve(current().engine, name)).value


def _name(iri: str) -> str:
    return short_name(iri)
