"""The pages for people: home, lists, and the page of every thing."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph.browse.lists import rows
from hsgraph.describe.about import about
from hsgraph.describe.citation import Citation, citation, within_quotes
from hsgraph.describe.dataset import contents, members
from hsgraph.describe.documents.incoming import incoming_links
from hsgraph.describe.entity.provenance import statements
from hsgraph.describe.shared import listing
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Labels, words
from hsgraph.engine.runners.client import GuardedEngine
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import capital, interface, later, told
from hsgraph.server.http.representation import attached, cached, page
from hsgraph.server.http.request_args import check_page, page_number, thing_of, word
from hsgraph.server.markup.markup import for_reader, names_for_reader, short_name
from hsgraph.server.site import current, once_a_version

pages: Final = Blueprint("pages", __name__)
FIGURES: Final = ("project", "organisation", "country", "intervention", "source")
LINK_PAGE: Final = 100
_contents: Final = once_a_version(lambda graph: contents(graph.engine))
_CITATIONS: Final = {
    "bibtex": (Citation.bibtex, "application/x-bibtex", "bib"),
    "ris": (Citation.ris, "application/x-research-info-systems", "ris"),
    "text": (Citation.text, "text/plain", "txt"),
}

pages.add_app_template_filter(wording.clip)
pages.add_app_template_filter(wording.date)
pages.add_app_template_filter(short_name)
pages.add_app_template_filter(within_quotes)
pages.add_app_template_filter(capital)
pages.add_app_template_filter(for_reader)
pages.add_app_template_filter(names_for_reader)


@pages.app_template_filter()
def kind_words(kind: str) -> str:
    class_ = listing.CLASSES.get(kind, "")
    if not class_:
        return words(kind).capitalize()
    return Labels.fetch(current().engine, [class_]).ref(class_).label


@pages.get("/")
def home() -> Response:
    """What this is, what is in here, and ways in."""
    if not current().of_programmes:
        return page("contents.html", view=_contents())
    ready = not current().graph.asker.preparing
    return page("home.html", whole=ready, **_figures(), asked=_asked() if ready else ())


@pages.get("/things")
def things() -> Response:
    """All things of a class, whatever class it is; with an empty one those that have none."""
    named = "" if request.args.get("class") == "" else thing_of("class")
    view = members(current().engine, named, page_number())
    check_page(view.page, view.pages)
    wholes = listing.wholes(current().engine, [each.iri for each in view.things])
    return page("members.html", view=view, wholes=wholes)


@once_a_version
def _asked(graph: KnowledgeGraph) -> tuple[tuple[str, str], ...]:
    own = graph.engine.own if isinstance(graph.engine, GuardedEngine) else graph.engine
    asker = graph.asker
    return tuple((q, asker.ask(q, by=own).text) for q in asker.examples(interface()))


@once_a_version
def _figures(graph: KnowledgeGraph) -> dict[str, Any]:
    engine = graph.engine
    labels = Labels.fetch(engine, [listing.CLASSES[kind] for kind in FIGURES])
    return {
        "figures": [
            (kind, number, label if number == 1 else wording.many(label))
            for kind in FIGURES
            for number in (listing.count(engine, kind),)
            for label in (labels.ref(listing.CLASSES[kind]).label,)
        ],
        "about_line": about(engine).line,
        "dimensions": listing.concepts(engine, "dimension", graph.shared),
        "latest": rows(engine, graph.shared.order(5)),
    }


@pages.get("/cite")
def cite() -> Response:
    """How to cite the page about a thing: `?of=`, and `&as=` bibtex, ris or text."""
    form = word("as", _CITATIONS, "text")
    site = current()
    found = citation(site.engine, thing_of("of"), site.address())
    write, media_type, suffix = _CITATIONS[form]
    response = cached(write(found), f"{media_type}; charset=utf-8")
    if form == "text":
        return response
    return attached(response, f"{found.key.replace(':', '-')}.{suffix}")


@pages.get("/statements")
def all_statements() -> Response:
    """Every statement in the document about a thing, with its graph and evidence."""
    iri = thing_of("of")
    found = statements(current().engine, iri, page=page_number(), size=100)
    check_page(found.page, found.pages)
    return page("statements.html", view=found, name=short_name(iri))


@pages.get("/links")
def all_links() -> Response:
    """Everything that points to a thing with one property: `?to=` and `&by=`."""
    engine, iri, by, number = current().engine, thing_of("to"), thing_of("by"), page_number()
    start = (number - 1) * LINK_PAGE
    found = incoming_links(engine, NamedNode(iri), LINK_PAGE, offset=start, only=by)
    if not found or not found[0].subjects:
        raise NotFound(told(later("Nothing here points to that thing in that way.")))
    labels = Labels.fetch(engine, [iri, by, *found[0].subjects])
    return page(
        "links.html",
        about=labels.ref(iri),
        property=labels.property(by),
        things=[labels.ref(subject) for subject in found[0].subjects],
        total=found[0].count,
        page=number,
        pages=max(1, -(-found[0].count // LINK_PAGE)),
        name=short_name(iri),
    )
