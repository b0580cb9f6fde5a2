"""The RDF and result formats hsgraph reads and writes: one table for names, types and suffixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from hsgraph.errors import NotAcceptable


@dataclass(frozen=True)
class Format:
    """One format: `name` for `?format=`, `suffix` for addresses, media types, best first."""

    name: str
    label: str
    suffix: str
    media_types: tuple[str, ...]
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None

    @property
    def media_type(self) -> str:
        return self.media_types[0]

    @property
    def charset(self) -> bool:
        """Whether a `Content-Type` header tells the encoding: JSON and XML do so themselves."""
        return not self.media_type.endswith(("json", "xml"))

    @property
    def content_type(self) -> str:
        """The value of a `Content-Type` header."""
        return self.media_type + ("; charset=utf-8" if self.charset else "")


_TURTLE: Final = ("text/turtle", "application/x-turtle")
_TRIG: Final = ("application/trig", "application/x-trig")
_NTRIPLES: Final = ("application/n-triples", "text/plain")
_JSON: Final = ("application/sparql-results+json", "application/json")
_XML: Final = ("application/sparql-results+xml", "application/xml", "text/xml")

HTML: Final = Format("html", "HTML", "html", ("text/html",))
TURTLE: Final = Format("ttl", "Turtle", "ttl", _TURTLE, RdfFormat.TURTLE)
NTRIPLES: Final = Format("nt", "N-Triples", "nt", _NTRIPLES, RdfFormat.N_TRIPLES)
JSONLD: Final = Format("jsonld", "JSON-LD", "jsonld", ("application/ld+json",), RdfFormat.JSON_LD)
RDFXML: Final = Format("rdf", "RDF/XML", "rdf", ("application/rdf+xml",), RdfFormat.RDF_XML)
TRIG: Final = Format("trig", "TriG", "trig", _TRIG, RdfFormat.TRIG)
NQUADS: Final = Format("nq", "N-Quads", "nq", ("application/n-quads",), RdfFormat.N_QUADS)
JSON: Final = Format("json", "JSON", "json", ("application/json",))
SARIF: Final = Format("sarif", "SARIF", "sarif", ("application/sarif+json",))

_TSV: Final = ("text/tab-separated-values",)
RESULTS_JSON: Final = Format("json", "SPARQL JSON", "srj", _JSON, results=QueryResultsFormat.JSON)
RESULTS_XML: Final = Format("xml", "SPARQL XML", "srx", _XML, results=QueryResultsFormat.XML)
RESULTS_CSV: Final = Format("csv", "CSV", "csv", ("text/csv",), results=QueryResultsFormat.CSV)
RESULTS_TSV: Final = Format("tsv", "TSV", "tsv", _TSV, results=QueryResultsFormat.TSV)

GRAPH_FORMATS: Final = (TURTLE, NTRIPLES, JSONLD, RDFXML)
DATASET_FORMATS: Final = (TRIG, NQUADS)
RDF_FORMATS: Final = GRAPH_FORMATS + DATASET_FORMATS
PAGE_FORMATS: Final = (HTML, *RDF_FORMATS)
DOCUMENT_FORMATS: Final = (*PAGE_FORMATS, JSON)
RESULT_FORMATS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)


def called(name: str, what: str, offered: Sequence[Format], *others: str) -> Format:
    """The format of a name, suffix or media type. Raises `NotAcceptable`, which tells all names."""
    for format in offered:
        if name.lower() in (format.name, format.suffix, *format.media_types):
            return format
    known = (*others, *(format.name for format in offered))
    raise NotAcceptable(f"There is no format {name!r} for {what}.", available=known)
