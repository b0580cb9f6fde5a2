"""The namespaces and kinds of things that the code names, and the prefixes of the dataset."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
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
PATHS: Final = (
    (ID, "/"),
    (VOCAB, "/vocab/"),
    (GRAPH, "/graph/"),
    (QUERY, "/query/"),
    (HS, "/ontology#"),
    (HS[:-1] + "/", "/ontology/"),
    (SHAPES, "/shapes#"),
    (RULES, "/rules#"),
)
"""Where a server shows the things of a namespace of ours, by the beginning of its IRIs."""
DOCUMENTS: Final = {
    BASE: "/",
    CONTEXT: "/context.jsonld",
    DATASET: "/data",
    HS[:-1]: "/ontology",
    SHAPES[:-1]: "/shapes",
    RULES[:-1]: "/rules",
    VOCAB[:-1]: "/vocab",
}
"""Where it shows what has no name within one."""

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


def expanded(name: str) -> str:
    """The IRI of a prefixed name, else the text as it is."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def _told(file: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))


@dataclass(frozen=True)
class Kind:
    """What is done with the things of a kind that our IRIs tell: see kinds.toml."""

    type: str = ""
    worth: float | None = None
    counted: str | None = None
    part: bool = False
    unsearched: bool = False


KINDS: Final = {name: Kind(**told) for name, told in _told("kinds.toml").items()}
"""The kinds by the names that stand in IRIs, those first that are looked for most."""
_NAMING: Final = {
    about: tuple(map(expanded, names)) for about, names in _told("naming.toml").items()
}
NAMING: Final = _NAMING["naming"]
"""The properties that name a thing, the first that is there; other people's data use them all."""
OTHER_NAMES: Final = _NAMING["other_names"]
"""The properties that give a thing other names."""
CODES: Final = _NAMING["codes"]
"""The properties that give a thing a code."""
IDENTIFIED: Final = _NAMING["identified"]
"""The properties that give a thing an identifier that may be a thing itself, with its code."""
CODES_OF_IDENTIFIERS: Final = CODES + _NAMING["codes_of_identifiers"]
DESCRIPTIONS: Final = _NAMING["descriptions"]
"""The properties that describe a thing, the first that is there."""
SAME: Final = _NAMING["same"]
"""The properties that lead to another IRI of the same thing."""
