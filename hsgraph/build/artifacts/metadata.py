"""What the graph is and holds, as a named graph of its own: VoID statistics and a DCAT catalogue.

It counts and describes all graphs but itself, and says only what they do not say: so its numbers
stay true when it joins them, and no statement stands in two graphs because of it. Version, lengths
and digests are those of the dumps, which leave it out for the same reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from hsgraph import namespaces as ns
from hsgraph.build.artifacts.dumps import FORMATS, NAME, PACKED
from hsgraph.build.quads.statistics import ClassCount, PropertyCount, Statistics
from hsgraph.build.snapshot import Download
from hsgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE

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
"""What is said whatever the data are."""
_SERVICE: Final = NamedNode(ns.DCAT + "DataService")
_REPEATED: Final = ("title", "description", "publisher", "license", "language", "modified")

Object = NamedNode | Literal


class _Writer:
    """Collects triples about things, and knows what the graph says of them already."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.found: dict[Triple, None] = {}

    def say(self, subject: str, predicate: str, *values: Object | str) -> None:
        """Add statements; a value that is text stands for an IRI."""
        about, name = NamedNode(subject), NamedNode(predicate)
        for value in values:
            term = NamedNode(value) if isinstance(value, str) else value
            if not any(True for _ in self.store.quads_for_pattern(about, name, term, None)):
                self.found[Triple(about, name, term)] = None

    def known(self, subject: str, predicate: str) -> list[Object]:
        """What the graph says, sorted."""
        quads = self.store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, None)
        values = {quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)}
        return sorted(values, key=str)


def metadata(
    store: Store, counts: Statistics, downloads: Sequence[Download], version: str
) -> list[Quad]:
    """The description of a graph as quads, sorted; the store holds the graph."""
    about = _Writer(store)
    for quad in parse(path=_ALWAYS, format=RdfFormat.TURTLE, base_iri=ns.BASE):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        about.say(quad.subject.value, quad.predicate.value, quad.object)
    _totals(about, counts)
    for name, count in counts.properties.items():
        _property(about, ns.DATASET, "property", name, count, nested=False)
    for name, members in counts.classes.items():
        _class(about, name, members)
    _linksets(about, counts)
    _catalogue(about, downloads, version)
    quads = [Quad(t.subject, t.predicate, t.object, NamedNode(GRAPH)) for t in about.found]
    return sorted(quads, key=str)


def write_metadata(quads: Sequence[Quad], path: Path) -> None:
    """Write the description as sorted N-Quads."""
    path.write_bytes(b"".join(f"{quad} .\n".encode() for quad in quads))


def _totals(about: _Writer, counts: Statistics) -> None:
    dataset = ns.DATASET
    about.say(dataset, ns.VOID + "triples", _number(counts.triples))
    about.say(dataset, ns.VOID + "entities", _number(counts.entities))
    about.say(dataset, ns.VOID + "distinctSubjects", _number(counts.subjects))
    about.say(dataset, ns.VOID + "distinctObjects", _number(counts.objects))
    about.say(dataset, ns.VOID + "properties", _number(len(counts.properties)))
    about.say(dataset, ns.VOID + "classes", _number(len(counts.classes)))


def _class(about: _Writer, name: str, members: ClassCount) -> None:
    part = f"{ns.DATASET}#class-{_slug(name)}"
    about.say(ns.DATASET, ns.VOID + "classPartition", part)
    about.say(part, ns.RDF + "type", ns.VOID + "Dataset")
    about.say(part, ns.VOID + "class", name)
    about.say(part, ns.VOID + "entities", _number(members.entities))
    about.say(part, ns.VOID + "triples", _number(members.triples))
    for predicate, count in sorted(members.properties.items()):
        _property(about, part, f"class-{_slug(name)}-property", predicate, count, nested=True)


def _property(
    about: _Writer, whole: str, prefix: str, name: str, count: PropertyCount, *, nested: bool
) -> None:
    part = f"{ns.DATASET}#{prefix}-{_slug(name)}"
    about.say(whole, ns.VOID + "propertyPartition", part)
    about.say(part, ns.RDF + "type", ns.VOID + "Dataset")
    about.say(part, ns.VOID + "property", name)
    about.say(part, ns.VOID + "triples", _number(count.triples))
    about.say(part, ns.VOID + "distinctSubjects", _number(count.subjects))
    about.say(part, ns.VOID + "distinctObjects", _number(count.objects))
    if not nested:
        return
    for kind, triples in sorted(count.classes.items()):
        inner = f"{part}-to-{_slug(kind)}"
        about.say(part, ns.VOID + "classPartition", inner)
        about.say(inner, ns.VOID + "class", kind)
        about.say(inner, ns.VOID + "triples", _number(triples))
    for kind, triples in sorted(count.datatypes.items()):
        inner = f"{part}-as-{_slug(kind)}"
        about.say(part, VOID_EXT + "datatypePartition", inner)
        about.say(inner, VOID_EXT + "datatype", kind)
        about.say(inner, ns.VOID + "triples", _number(triples))


def _linksets(about: _Writer, counts: Statistics) -> None:
    for link in counts.links:
        part = f"{ns.DATASET}#links-{_slug(link.property)}-{_slug(link.namespace)}"
        about.say(ns.DATASET, ns.VOID + "subset", part)
        about.say(part, ns.RDF + "type", ns.VOID + "Linkset")
        about.say(part, ns.VOID + "subjectsTarget", ns.DATASET)
        about.say(part, ns.VOID + "objectsTarget", link.namespace)
        about.say(part, ns.VOID + "linkPredicate", link.property)
        about.say(part, ns.VOID + "triples", _number(link.triples))
        about.say(link.namespace, ns.RDF + "type", ns.VOID + "Dataset")
        about.say(link.namespace, ns.VOID + "uriSpace", Literal(link.namespace))


def _catalogue(about: _Writer, downloads: Sequence[Download], version: str) -> None:
    dataset, release = ns.DATASET, f"{ns.BASE}version/{version}"
    about.say(GRAPH, ns.PROV + "wasDerivedFrom", release)
    about.say(dataset, ns.DCAT + "version", Literal(version))
    about.say(dataset, ns.DCAT + "hasCurrentVersion", release)
    about.say(release, ns.RDF + "type", ns.DCAT + "Dataset", ns.PROV + "Entity")
    about.say(release, ns.DCAT + "isVersionOf", dataset)
    about.say(release, ns.DCAT + "version", Literal(version))
    for thing in (CATALOG, release):
        for name in _REPEATED:
            about.say(thing, ns.DCTERMS + name, *about.known(dataset, ns.DCTERMS + name))
    for publisher in about.known(dataset, ns.DCTERMS + "publisher"):
        about.say(publisher.value, ns.RDF + "type", ns.FOAF + "Agent")
        names = about.known(publisher.value, ns.SKOS + "prefLabel")
        about.say(publisher.value, ns.FOAF + "name", *names)
    for service in [t.subject for t in about.found if t.object == _SERVICE]:
        assert isinstance(service, NamedNode)
        for name in ("license", "publisher"):
            known = about.known(dataset, ns.DCTERMS + name)
            about.say(service.value, ns.DCTERMS + name, *known)
    for format in FORMATS:
        for found in downloads:
            if found.name == f"{NAME}.{format.suffix}":
                title = f"The whole graph as {format.label}"
                _distribution(about, found, title, _FILE_TYPE + _FILE_TYPES[format])
    tables = [found for found in downloads if found.rows is not None]
    if tables:
        _tables(about, tables)


def _distribution(about: _Writer, found: Download, title: str, file_type: str) -> None:
    """One file as it is, and once more packed."""
    for packed in (False, True):
        name = found.name + (PACKED if packed else "")
        part = f"{ns.DATASET}#distribution-{_slug(name)}"
        digest = found.packed_sha256 if packed else found.sha256
        address = f"{ns.BASE}data/{name}"
        about.say(ns.DATASET, ns.DCAT + "distribution", part)
        about.say(ns.DATASET, ns.VOID + "dataDump", address)
        _file(about, part, title + (", packed with gzip" if packed else ""), address)
        about.say(part, ns.DCTERMS + "format", file_type)
        about.say(part, ns.DCAT + "mediaType", _MEDIA_TYPE + found.media_type)
        if packed:
            about.say(part, ns.DCAT + "compressFormat", _MEDIA_TYPE + "application/gzip")
        size = found.packed_bytes if packed else found.bytes
        about.say(part, ns.DCAT + "byteSize", _literal(str(size), "nonNegativeInteger"))
        checksum = f"{part}-checksum"
        about.say(part, ns.SPDX + "checksum", checksum)
        about.say(checksum, ns.RDF + "type", ns.SPDX + "Checksum")
        about.say(checksum, ns.SPDX + "algorithm", ns.SPDX + "checksumAlgorithm_sha256")
        about.say(checksum, ns.SPDX + "checksumValue", _literal(digest, "hexBinary"))


def _tables(about: _Writer, tables: Sequence[Download]) -> None:
    part = f"{ns.DATASET}#distribution-tables"
    about.say(ns.DATASET, ns.DCAT + "distribution", part)
    address = ns.BASE + "data/tables/csv-metadata.json"
    _file(about, part, f"{len(tables)} tables as CSV, one for each class", address)
    about.say(part, ns.DCTERMS + "format", _FILE_TYPE + "CSV")
    about.say(part, ns.DCAT + "mediaType", _MEDIA_TYPE + "text/csv")
    about.say(part, ns.DCTERMS + "conformsTo", "https://www.w3.org/TR/tabular-metadata/")


def _file(about: _Writer, part: str, title: str, address: str) -> None:
    about.say(part, ns.RDF + "type", ns.DCAT + "Distribution")
    about.say(part, ns.DCTERMS + "title", _text(title))
    about.say(part, ns.DCAT + "accessURL", ns.BASE + "data")
    about.say(part, ns.DCAT + "downloadURL", address)
    licences = about.known(ns.DATASET, ns.DCTERMS + "license")
    about.say(part, ns.DCTERMS + "license", *licences)


def namespaces_of_others(store: Store) -> Iterator[str]:
    """The namespaces of others that the dataset declares a prefix for (`sh:declare`)."""
    for quad in store.quads_for_pattern(None, NamedNode(ns.SH + "namespace"), None, None):
        if isinstance(quad.object, Literal) and not quad.object.value.startswith(ns.BASE):
            yield quad.object.value


def _slug(iri: str) -> str:
    """A name for a part of the dataset that stands for an IRI: its prefixed name, or a digest."""
    for prefix, namespace in ns.PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]+", iri[len(namespace) :]):
            return f"{prefix}-{iri[len(namespace) :]}"
    if re.fullmatch(r"[\w.-]+", iri):
        return iri.replace(".", "-")
    return hashlib.sha256(iri.encode()).hexdigest()[:12]


def _number(count: int) -> Literal:
    return _literal(str(count), "integer")


def _literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(ns.XSD + datatype))


def _text(text: str) -> Literal:
    return Literal(text, language="en")
