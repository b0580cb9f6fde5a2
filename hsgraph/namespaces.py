"""The namespaces that the code names, and the prefixes that the dataset declares."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from hsgraph import resources

BASE: Final = "https://w3id.org/hsgraph/"
HS: Final = BASE + "ontology#"
ID: Final = BASE + "id/"
VOCAB: Final = BASE + "vocab/"
GRAPH: Final = BASE + "graph/"
INFERRED: Final = GRAPH + "inferred/"
WIDER: Final = frozenset((INFERRED + "superclass", INFERRED + "superproperty"))
"""The graphs that say in wider terms what the graph says already: pages and tables pass them over.
"""
SHAPES: Final = BASE + "shapes#"
RULES: Final = BASE + "rules#"
QUERY: Final = BASE + "query/"
DATASET: Final = BASE + "dataset"
CONTEXT: Final = BASE + "context.jsonld"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SKOSXL: Final = "http://www.w3.org/2008/05/skos-xl#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"
OA: Final = "http://www.w3.org/ns/oa#"
ADMS: Final = "http://www.w3.org/ns/adms#"
SH: Final = "http://www.w3.org/ns/shacl#"
WGS84: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
SCHEMA: Final = "https://schema.org/"
VOID: Final = "http://rdfs.org/ns/void#"
DCAT: Final = "http://www.w3.org/ns/dcat#"

_DECLARED: Final = re.compile(r'sh:prefix "([\w-]+)" ;\s+sh:namespace "([^"]+)"')
# Read as text, so that a mistake elsewhere in the file is the build's to report.
PREFIXES: Final[dict[str, str]] = dict(
    _DECLARED.findall((resources.data_dir() / "dataset.ttl").read_text(encoding="utf-8"))
)
"""The prefixes that the dataset declares (`sh:declare`): queries need not declare them."""

_LOCAL_NAME: Final = re.compile(r"[\w.-]*\w")
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]")
_MEMBER: Final = re.compile(re.escape(RDF) + "_([1-9][0-9]{0,17})")


def compact(iri: str) -> str:
    """`hs:startDate` for an IRI in a namespace above, else the text as it is."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def local_name(iri: str) -> str:
    """What to call a thing without any label: the last part of its IRI, or the IRI itself."""
    name = iri.rstrip("/#")
    name = name[max(name.rfind("/"), name.rfind("#")) + 1 :]
    if "%" in name:
        written = unquote(name)
        is_text = _NO_TEXT.search(written) is None and not written.isspace()
        name = written if is_text and any(map(str.isprintable, written)) else name
    return name or iri


def member(iri: str) -> int:
    """The place of the members that a property of containers gives (`rdf:_1`), else 0."""
    found = _MEMBER.fullmatch(iri)
    return int(found[1]) if found else 0


NAMING: Final = (
    SKOS + "prefLabel",
    RDFS + "label",
    DCTERMS + "title",
    FOAF + "name",
    SCHEMA + "name",
    "http://schema.org/name",
    "http://purl.org/dc/elements/1.1/title",
    "http://www.w3.org/2006/vcard/ns#fn",
    "http://www.geonames.org/ontology#name",
    "http://usefulinc.com/ns/doap#name",
)
"""The properties that name a thing, the first that is there; other people's data use them all."""
OTHER_NAMES: Final = (
    SKOS + "altLabel",
    SKOS + "hiddenLabel",
    DCTERMS + "alternative",
    FOAF + "nick",
    SCHEMA + "alternateName",
    "http://schema.org/alternateName",
    "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym",
    "http://www.geonames.org/ontology#alternateName",
    "http://www.geonames.org/ontology#officialName",
)
"""The properties that give a thing other names."""
CODES: Final = (
    SKOS + "notation",
    DCTERMS + "identifier",
    "http://purl.org/dc/elements/1.1/identifier",
    SCHEMA + "identifier",
    "http://schema.org/identifier",
    ORG + "identifier",
    "http://www.geneontology.org/formats/oboInOwl#id",
)
"""The properties that give a thing a code."""
IDENTIFIED: Final = (ADMS + "identifier", SCHEMA + "identifier", "http://schema.org/identifier")
"""The properties that give a thing an identifier that may be a thing itself, with its code."""
CODES_OF_IDENTIFIERS: Final = (*CODES, SCHEMA + "value", "http://schema.org/value")
