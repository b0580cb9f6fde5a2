"""What the graph is and holds, as a named graph of its own: VoID statistics and a DCAT catalogue.

It counts and describes all graphs but itself, and says only what they do not say: so its numbers
stay true when it joins them, and no statement stands in two graphs because of it. Version, lengths
and digests are those of the dumps, which leave it out for the same reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from hsgraph import namespaces as ns
from hsgraph.build.artifacts.dumps import FORMATS, NAME, PACKED
from hsgraph.build.quads.statistics import ClassCount, PropertyCount, Statistics
from hsgraph.build.queries import construct, query
from hsgraph.build.snapshot import Download
from hsgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format

GRAPH: Final = ns.GRAPH + "metadata"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
CATALOG: Final = ns.BASE + "data/catalog"
_FILE_TYPE: Final = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPE: Final = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES: Final = {
    TURTLE: "RDF_TURTLE",
    NTRIPLES: "RDF_N_TRIPLES",
    NQUADS: "RDF_N_QUADS",
    TRIG: "RDF_TRIG",
    JSONLD: "JSON_LD",
    RDFXML: "RDF_XML",
}
"""The names of our formats in the EU's authority table of file types, which DCAT-AP asks for."""
_ALWAYS: Final = Path(__file__).with_name("catalogue.ttl")
"""What is said whatever the data are, the titles of the files among it, and the prefixes of all
that is said in Turtle here."""
_DISTRIBUTION: Final = "dataset#distribution-"
_TYPE: Final = NamedNode(ns.RDF + "type")


def metadata(
    store: Store, counts: Statistics, downloads: Sequence[Download], version: str
) -> list[Quad]:
    """The description of a graph as quads, sorted; the store holds the graph."""
    parts = (_counts(counts), _linksets(counts), _catalogue(downloads, version))
    text = "\n".join((_ALWAYS.read_text("utf-8"), *chain.from_iterable(parts)))
    said = {quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=ns.BASE)}
    typed = {t.subject for t in said if t.predicate == _TYPE}
    said = {t for t in said if t.subject in typed or _DISTRIBUTION not in str(t.subject)}
    known = Store()
    known.extend(Quad(*each) for each in (*said, *construct(store, query("described_dataset"))))
    said.update(construct(known, query("catalogue")))
    return sorted(
        (
            Quad(t.subject, t.predicate, t.object, NamedNode(GRAPH))
            for t in said
            if not any(store.quads_for_pattern(t.subject, t.predicate, t.object, None))
        ),
        key=str,
    )


def _counts(counts: Statistics) -> Iterator[str]:
    yield f"""<dataset> void:triples {counts.triples} ; void:entities {counts.entities} ;
        void:distinctSubjects {counts.subjects} ; void:distinctObjects {counts.objects} ;
        void:properties {len(counts.properties)} ; void:classes {len(counts.classes)} ."""
    for name, count in counts.properties.items():
        yield _property("dataset", f"dataset#property-{_slug(name)}", name, count)
    for name, members in counts.classes.items():
        yield from _class(name, members)


def _class(name: str, members: ClassCount) -> Iterator[str]:
    part = f"dataset#class-{_slug(name)}"
    yield f"""<dataset> void:classPartition <{part}> . <{part}> a void:Dataset ;
        void:class <{name}> ; void:entities {members.entities} ; void:triples {members.triples} ."""
    for predicate, count in sorted(members.properties.items()):
        inner = f"{part}-property-{_slug(predicate)}"
        yield _property(part, inner, predicate, count)
        for kind, triples in sorted(count.classes.items()):
            yield f"""<{inner}> void:classPartition <{inner}-to-{_slug(kind)}> .
                <{inner}-to-{_slug(kind)}> void:class <{kind}> ; void:triples {triples} ."""
        for kind, triples in sorted(count.datatypes.items()):
            yield f"""<{inner}> ext:datatypePartition <{inner}-as-{_slug(kind)}> .
                <{inner}-as-{_slug(kind)}> ext:datatype <{kind}> ; void:triples {triples} ."""


def _property(whole: str, part: str, name: str, count: PropertyCount) -> str:
    return f"""<{whole}> void:propertyPartition <{part}> . <{part}> a void:Dataset ;
        void:property <{name}> ; void:triples {count.triples} ;
        void:distinctSubjects {count.subjects} ; void:distinctObjects {count.objects} ."""


def _linksets(counts: Statistics) -> Iterator[str]:
    for (name, space), triples in counts.links.items():
        part = f"dataset#links-{_slug(name)}-{_slug(space)}"
        yield f"""<dataset> void:subset <{part}> . <{part}> a void:Linkset ;
            void:subjectsTarget <dataset> ; void:objectsTarget <{space}> ;
            void:linkPredicate <{name}> ; void:triples {triples} .
            <{space}> a void:Dataset ; void:uriSpace {Literal(space)} ."""


def _catalogue(downloads: Sequence[Download], version: str) -> Iterator[str]:
    release = f"version/{version}"
    yield f"""<graph/metadata> prov:wasDerivedFrom <{release}> .
        <dataset> dcat:version "{version}" ; dcat:hasCurrentVersion <{release}> .
        <{release}> a dcat:Dataset , prov:Entity ; dcat:isVersionOf <dataset> ;
            dcat:version "{version}" ."""
    by_name = {found.name: found for found in downloads}
    for format in FORMATS:
        if found := by_name.get(f"{NAME}.{format.suffix}"):
            yield from _distribution(found, format)
    if any(found.rows is not None for found in downloads):
        part = f"{_DISTRIBUTION}tables"
        yield _file(part, "data/tables/csv-metadata.json", "JSON", "application/csvm+json")
        yield f"<{part}> dcterms:conformsTo <https://www.w3.org/TR/tabular-metadata/> ."


def _distribution(found: Download, format: Format) -> Iterator[str]:
    """One file as it is, and once more packed."""
    packed, gzipped = found.name + PACKED, f" ; dcat:compressFormat <{_MEDIA_TYPE}application/gzip>"
    for name, size, digest, more in (
        (found.name, found.bytes, found.sha256, ""),
        (packed, found.packed_bytes, found.packed_sha256, gzipped),
    ):
        part = f"{_DISTRIBUTION}{_slug(name)}"
        yield _file(part, f"data/{name}", _FILE_TYPES[format], found.media_type)
        yield f"""<dataset> void:dataDump <data/{name}> .
            <{part}> dcat:byteSize "{size}"^^xsd:nonNegativeInteger{more} ;
                spdx:checksum <{part}-checksum> .
            <{part}-checksum> a spdx:Checksum ;
                spdx:algorithm spdx:checksumAlgorithm_sha256 ;
                spdx:checksumValue "{digest}"^^xsd:hexBinary ."""


def _file(part: str, address: str, kind: str, media_type: str) -> str:
    return f"""<dataset> dcat:distribution <{part}> .
        <{part}> a dcat:Distribution ;
            dcat:accessURL <data> ; dcat:downloadURL <{address}> ;
            dcterms:format <{_FILE_TYPE}{kind}> ; dcat:mediaType <{_MEDIA_TYPE}{media_type}> ."""


def namespaces_of_others(store: Store) -> Iterator[str]:
    """The namespaces of others that the dataset declares a prefix for (`sh:declare`)."""
    for quad in store.quads_for_pattern(None, NamedNode(ns.SH + "namespace"), None, None):
        if isinstance(quad.object, Literal) and not quad.object.value.startswith(ns.BASE):
            yield quad.object.value


def _slug(iri: str) -> str:
    """A name for a part of the dataset that stands for an IRI: its prefixed name, or a digest."""
    name = ns.compact(iri)
    if name != iri:
        return name.replace(":", "-")
    if re.fullmatch(r"[\w.-]+", iri):
        return iri.replace(".", "-")
    return hashlib.sha256(iri.encode()).hexdigest()[:12]
