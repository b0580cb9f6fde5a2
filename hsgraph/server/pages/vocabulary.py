"""The definitions: /ontology, /shapes, /rules and /vocab as pages and as RDF, and the context."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, send_file
from pyoxigraph import NamedNode, Quad, Triple
from werkzeug.exceptions import NotFound

from hsgraph.describe.entity import reference, vocabularies
from hsgraph.describe.entity.model import model
from hsgraph.describe.shared import listing
from hsgraph.describe.values import batches, per_version
from hsgraph.engine.protocol import Engine
from hsgraph.explore.charts.model import model_chart
from hsgraph.formats import JSONLD, PAGE_FORMATS
from hsgraph.jsonld import context_file
from hsgraph.languages import later, told
from hsgraph.namespaces import BASE, DCTERMS, GRAPH, HS, NAMING, OWL, RDF, SKOS, VOCAB
from hsgraph.server.api.documents import about
from hsgraph.server.api.graphs import statements
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.representation import forms_of, kept, page_or_rdf, represent, see_other
from hsgraph.server.markup.markup import without_indentation
from hsgraph.server.site import current

vocabulary: Final = Blueprint("vocabulary", __name__)

GRAPHS: Final = {
    "ontology": GRAPH + "ontology/hsgraph",
    "shapes": GRAPH + "ontology/shapes",
    "rules": GRAPH + "ontology/rules",
}
_CONCEPT: Final = SKOS + "Concept"
_TREES: Final = 10
"""Vocabularies of others that are shown whole."""
_LINKS: Final = ("broader", "narrower", "inScheme", "topConceptOf", "hasTopConcept", "member")
_TOLD: Final = (RDF + "type", *NAMING, DCTERMS + "description", SKOS + "definition")
_TOLD_OF_OTHERS: Final = (*_TOLD, *(SKOS + name for name in _LINKS))
_SCHEMES: Final = """
CONSTRUCT { ?scheme ?property ?value } WHERE {
  VALUES ?scheme { $schemes } VALUES ?property { $properties } ?scheme ?property ?value
}
"""


def definitions(name: str, suffix: str = "") -> Response:
    """What the terms, shapes or rules are, for people or as RDF."""
    iri = HS[:-1] if name == "ontology" else BASE + name

    def page() -> str:
        engine = current().engine
        cards = model(engine, GRAPHS[name]) if name == "ontology" else ()
        html = render_template(
            f"{name}.html",
            view=reference.reference(engine, GRAPHS[name], iri),
            cards=cards,
            general=next((card for card in cards if card.general), None),
            chart=model_chart(cards),
            formats=forms_of(f"/{name}"),
        )
        return without_indentation(html)

    body = page_or_rdf(page, lambda: statements(NamedNode(GRAPHS[name])))
    return represent(f"/{name}", PAGE_FORMATS, suffix, body, canonical=iri)


for _name in GRAPHS:
    for _rule in (f"/{_name}", f"/{_name}.<suffix:suffix>"):
        vocabulary.add_url_rule(_rule, _name, definitions, defaults={"name": _name})


@vocabulary.get("/ontology/<version>")
def ontology_version(version: str) -> Response:
    """Sends from the IRI of the version that is served to the ontology; no other is kept."""
    served = {"version": named_node(f"{HS[:-1]}/{version}")}
    if not current().engine.ask(f"ASK {{ ?ontology <{OWL}versionIRI> $version }}", served):
        sentence = later("There is no version {1} of the ontology here.")
        raise NotFound(told(sentence, version[:20]))
    return see_other("/ontology", PAGE_FORMATS)


@vocabulary.get("/vocab")
@vocabulary.get("/vocab.<suffix:suffix>")
def schemes(suffix: str = "") -> Response:
    """The vocabularies."""
    engine = current().engine
    named = _listed(engine)

    def page() -> str:
        formats = forms_of("/vocab") if named else ()
        return render_template("vocabulary.html", schemes=_shown(engine), formats=formats)

    def triples() -> list[Triple]:
        if not named:
            raise NotFound(told(later("This graph has no vocabularies.")))
        told_of = _TOLD if current().of_programmes else _TOLD_OF_OTHERS
        properties = [NamedNode(each) for each in told_of]
        asked = ({"schemes": some, "properties": properties} for some in batches(named))
        return [triple for each in asked for triple in engine.construct(_SCHEMES, each)]

    response = represent("/vocab", PAGE_FORMATS, suffix, page_or_rdf(page, triples))
    if not named:
        response.headers.remove("Link")  # there are no other forms of nothing
    return response


def _shown(engine: Engine) -> tuple[vocabularies.ConceptView, ...]:
    """The vocabularies; those of others as trees, with the concepts of none."""
    found = vocabularies.schemes(engine)
    if current().of_programmes:
        return found
    trees = (vocabularies.scheme(engine, each.iri) for each in found[:_TREES])
    return (*trees, *found[_TREES:], *vocabularies.loose_concepts(engine))


@per_version(4)
def _listed(engine: Engine) -> list[str]:
    """The vocabularies and concepts that the page shows."""
    return sorted(vocabularies.iris_in(_shown(engine)) - {_CONCEPT})


@vocabulary.get("/vocab/<slug:name>")
@vocabulary.get("/vocab/<slug:name>.<suffix:suffix>")
def scheme(name: str, suffix: str = "") -> Response:
    """A vocabulary as a tree, or as RDF."""
    site, path = current(), f"/vocab/{name}"

    def page() -> str:
        view = vocabularies.scheme(site.engine, name)
        ours = site.of_programmes
        used = listing.concepts(site.engine, name, site.graph.shared) if ours else ()
        counts = {each.ref.iri: each.count for each in used}
        return render_template("scheme.html", view=view, counts=counts, formats=forms_of(path))

    def quads() -> list[Quad]:
        vocabularies.scheme(site.engine, name)
        return statements(NamedNode(GRAPH + "ontology" + path))

    return represent(path, PAGE_FORMATS, suffix, page_or_rdf(page, quads), canonical=VOCAB + name)


@vocabulary.get("/vocab/<slug:name>/<slug:slug>")
@vocabulary.get("/vocab/<slug:name>/<slug:slug>.<suffix:suffix>")
def concept(name: str, slug: str, suffix: str = "") -> Response:
    """A concept's IRI is that of its document: answered in place, without a 303."""
    return about(NamedNode(f"{VOCAB}{name}/{slug}"), f"/vocab/{name}/{slug}", suffix)


@vocabulary.get("/context.jsonld")
def context() -> Response:
    """The JSON-LD context, for those who write JSON-LD with our terms."""
    return kept(send_file(context_file(), mimetype=JSONLD.media_type))
