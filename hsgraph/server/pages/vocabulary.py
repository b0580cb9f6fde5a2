"""The definitions: /ontology, /shapes, /rules and /vocab as pages and as RDF, and the context."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, send_file
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from hsgraph import serialize
from hsgraph.describe.entity import reference
from hsgraph.formats import DATASET_FORMATS, DOCUMENT_FORMATS, HTML, JSONLD, RDF_FORMATS, Format
from hsgraph.jsonld_context import context_file
from hsgraph.namespaces import BASE, DCTERMS, GRAPH, HS, OWL, RDF, SKOS, VOCAB
from hsgraph.server.api.documents import about
from hsgraph.server.api.graphs import statements
from hsgraph.server.http.addresses import named_node
from hsgraph.server.http.negotiation import Negotiated
from hsgraph.server.http.representation import CACHE_CONTROL, asked, represent, see_other, suffixed
from hsgraph.server.site import current

vocabulary: Final = Blueprint("vocabulary", __name__)

OFFERED: Final = (HTML, *RDF_FORMATS)
GRAPHS: Final = {
    "ontology": GRAPH + "ontology/hsgraph",
    "shapes": GRAPH + "ontology/shapes",
    "rules": GRAPH + "ontology/rules",
}
_SCHEMES: Final = f"""
CONSTRUCT {{ ?scheme ?property ?value }} WHERE {{
  ?scheme a <{SKOS}ConceptScheme> ; ?property ?value
  FILTER(?property IN (<{RDF}type>, <{SKOS}prefLabel>, <{DCTERMS}description>))
}}
"""


def definitions(name: str) -> Response:
    """What the terms, shapes or rules are, for people or as RDF."""
    return _definitions(name, asked(OFFERED))


def definitions_in(name: str, suffix: str) -> Response:
    """What the terms, shapes or rules are, in the format of the suffix."""
    return _definitions(name, suffixed(suffix, OFFERED))


for _name in GRAPHS:
    _given = {"name": _name}
    vocabulary.add_url_rule(f"/{_name}", _name, definitions, defaults=_given)
    vocabulary.add_url_rule(
        f"/{_name}.<suffix:suffix>", f"{_name}_in", definitions_in, defaults=_given
    )


@vocabulary.get("/ontology/<version>")
def ontology_version(version: str) -> Response:
    """Sends from the IRI of the version that is served to the ontology; no other is kept."""
    served = {"version": named_node(f"{HS[:-1]}/{version}")}
    if not current().engine.ask(f"ASK {{ ?ontology <{OWL}versionIRI> $version }}", served):
        raise NotFound(f"There is no version {version[:20]} of the ontology here.")
    return see_other("/ontology", asked(OFFERED))


def _definitions(name: str, chosen: Negotiated) -> Response:
    iri = HS[:-1] if name == "ontology" else BASE + name

    def body() -> str | bytes:
        if chosen.format is HTML:
            view = reference.reference(current().engine, GRAPHS[name], iri)
            return render_template(f"{name}.html", view=view, formats=_links(f"/{name}"))
        return _graph(GRAPHS[name], chosen.format)

    return represent(f"/{name}", chosen, OFFERED, body, canonical=iri)


@vocabulary.get("/vocab")
def schemes() -> Response:
    """The vocabularies."""
    return _schemes(asked(OFFERED))


@vocabulary.get("/vocab.<suffix:suffix>")
def schemes_in(suffix: str) -> Response:
    """The vocabularies, in the format of the suffix."""
    return _schemes(suffixed(suffix, OFFERED))


def _schemes(chosen: Negotiated) -> Response:
    def body() -> str | bytes:
        engine = current().engine
        if chosen.format is HTML:
            found = reference.schemes(engine)
            return render_template("vocabulary.html", schemes=found, formats=_links("/vocab"))
        return serialize.write(engine.construct(_SCHEMES), chosen.format)

    return represent("/vocab", chosen, OFFERED, body)


@vocabulary.get("/vocab/<slug:name>")
def scheme(name: str) -> Response:
    """A vocabulary as a tree, or as RDF."""
    return _scheme(name, asked(OFFERED))


@vocabulary.get("/vocab/<slug:name>.<suffix:suffix>")
def scheme_in(name: str, suffix: str) -> Response:
    """A vocabulary, in the format of the suffix."""
    return _scheme(name, suffixed(suffix, OFFERED))


def _scheme(name: str, chosen: Negotiated) -> Response:
    path = f"/vocab/{name}"

    def body() -> str | bytes:
        view = reference.scheme(current().engine, name)
        if chosen.format is HTML:
            return render_template("scheme.html", view=view, formats=_links(path))
        return _graph(GRAPH + "ontology" + path, chosen.format)

    return represent(path, chosen, OFFERED, body, canonical=VOCAB + name)


@vocabulary.get("/vocab/<slug:name>/<slug:slug>")
def concept(name: str, slug: str) -> Response:
    """A concept's IRI is that of its document: answered in place, without a 303."""
    return about(_concept(name, slug), f"/vocab/{name}/{slug}", asked(DOCUMENT_FORMATS))


@vocabulary.get("/vocab/<slug:name>/<slug:slug>.<suffix:suffix>")
def concept_in(name: str, slug: str, suffix: str) -> Response:
    """A concept, in the format of the suffix."""
    chosen = suffixed(suffix, DOCUMENT_FORMATS)
    return about(_concept(name, slug), f"/vocab/{name}/{slug}", chosen)


def _concept(name: str, slug: str) -> NamedNode:
    return NamedNode(f"{VOCAB}{name}/{slug}")


@vocabulary.get("/context.jsonld")
def context() -> Response:
    """The JSON-LD context, for those who write JSON-LD with our terms."""
    if not context_file().is_file():
        raise NotFound("This server has no JSON-LD context.")
    response = send_file(context_file(), mimetype=JSONLD.media_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _graph(iri: str, format: Format) -> bytes:
    return serialize.write(
        statements(NamedNode(iri), with_graphs=format in DATASET_FORMATS), format
    )


def _links(path: str) -> tuple[tuple[str, str], ...]:
    """Label and address of every RDF format, as the foot of a page lists them."""
    return tuple((format.label, f"{path}.{format.suffix}") for format in RDF_FORMATS)
