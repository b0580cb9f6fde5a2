"""The shapes of the form for a new programme: ours, fewer, with lists to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph.curate.words import words
from hsgraph.engine.protocol import Engine, Parameters, Row, Term
from hsgraph.languages import DEFAULT, INTERFACE
from hsgraph.namespaces import DCTERMS, HS, ID, RDF, RDFS, SH, SHAPES, SKOS, VOCAB

PARTS: Final = (
    "Project",
    "Participation",
    "Budget",
    "Threat",
    "Objective",
    "Intervention",
    "BeneficiaryTarget",
)
_KINDS: Final = {"BeneficiaryTarget": "target"}
_LEFT_OUT: Final = (
    *(HS + name for name in ("partOf", "evidence", "basis", "confidence", "disagreement")),
    *(HS + name for name in ("preferred", "preferenceReason", "qualifiedAssociation", "follows")),
    DCTERMS + "source",
    SKOS + "editorialNote",
)
"""What the form itself adds, or what a curator says after reading the source."""
_CHOSEN: Final = [NamedNode(iri) for iri in (HS + "Organisation", HS + "Place", SKOS + "Concept")]
_COPIED: Final = ("path", "name", "description", "minCount", "maxCount", "datatype")
_PROPERTIES: Final = """SELECT ?node ?class ?label ?shape ?place ?property ?value WHERE {
  VALUES ?node { $nodes }
  ?node sh:targetClass ?class ; rdfs:label ?label ; sh:property ?shape .
  ?shape sh:path ?path ; sh:group/sh:order ?group ; sh:order ?order ; ?property ?value .
  BIND(?group * 100 + ?order AS ?place)
  FILTER(isIRI(?path) && !CONTAINS(STR(?path), "wasDerivedFrom"))
}"""
_MEMBERS: Final = """SELECT DISTINCT ?shape ?thing ?label WHERE {
  ?shape sh:in/rdf:rest*/rdf:first ?thing .
  ?thing rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) = "en")
}"""
_CHOICES: Final = """SELECT DISTINCT ?thing ?label WHERE {
  VALUES ?above { $classes }
  ?class rdfs:subClassOf* ?above .
  ?thing a ?class ; skos:prefLabel ?label FILTER(LANG(?label) = "en")
}"""
_IN_OTHER_LANGUAGES: Final = """SELECT DISTINCT ?thing ?label WHERE {
  VALUES ?thing { $things }
  ?thing rdfs:label|skos:prefLabel ?label
  VALUES ?language { $languages }
  FILTER(LANG(?label) = ?language)
}"""
_FOUND_BY: Final = """SELECT DISTINCT ?thing ?name ?above WHERE {
  VALUES ?top { $classes }
  ?class rdfs:subClassOf* ?top .
  ?thing a ?class .
  { ?thing skos:prefLabel|skos:altLabel|skos:hiddenLabel|hs:acronym ?name }
  UNION { ?thing skos:broader ?above }
}"""
_PREFIXES: Final = (
    f"PREFIX sh: <{SH}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}> PREFIX skos: <{SKOS}> "
    f"PREFIX hs: <{HS}>\n"
)


@dataclass(frozen=True)
class Part:
    """A class of which the form makes things: its shape, its name, the kind in their addresses."""

    shape: str
    label: str
    kind: str


def form_parts(engine: Engine) -> list[Part]:
    """The classes of the form in order."""
    rows = _rows(engine)
    labels = {row["node"].value: row["label"].value for row in rows}
    return [
        Part(SHAPES + name, labels[SHAPES + name], _KINDS.get(name, name.lower()))
        for name in PARTS
        if SHAPES + name in labels
    ]


def form_shapes(engine: Engine) -> list[Triple]:
    """The shapes of the form, with the things that can be chosen and their names."""
    rows = _rows(engine)
    shapes: dict[str, dict[str, list[Term]]] = {}
    nodes: dict[str, tuple[Row, set[str]]] = {}
    for row in rows:
        shape = row["shape"].value
        shapes.setdefault(shape, {SH + "order": [row["place"]]})
        shapes[shape].setdefault(row["property"].value, []).append(row["value"])
        nodes.setdefault(row["node"].value, (row, set()))[1].add(shape)
    choices = _choices(engine)
    members = _members(engine, choices)
    used: set[str] = set()
    out: list[Triple] = []
    for iri, (row, properties) in nodes.items():
        node = NamedNode(iri)
        out.append(Triple(node, NamedNode(RDF + "type"), NamedNode(SH + "NodeShape")))
        out.append(Triple(node, NamedNode(SH + "targetClass"), row["class"]))
        for shape in sorted(properties):
            listed = members.get(shape) or _listed(shapes[shape], choices)
            if _asked(shapes[shape], listed):
                out.append(Triple(node, NamedNode(SH + "property"), NamedNode(shape)))
                if shape not in used:
                    out += _property(shape, shapes[shape], listed)
                    used.add(shape)
    named = {each for triple in out for each in [triple.object] if isinstance(each, NamedNode)}
    return out + _names(engine, named & {*map(NamedNode, choices)}, choices)


def _names(engine: Engine, things: set[NamedNode], choices: dict[str, str]) -> list[Triple]:
    """What things are called in each language of the interface, and by what else they are found."""
    label, listed = NamedNode(SKOS + "prefLabel"), sorted(things, key=str)
    languages = [Literal(language) for language in INTERFACE if language != DEFAULT]
    bound: Parameters = {"things": listed, "languages": languages}
    rows = sorted(engine.select(_PREFIXES + _IN_OTHER_LANGUAGES, bound).rows, key=str)
    names = [Triple(each, label, Literal(choices[each.value], language="en")) for each in listed]
    names += [Triple(NamedNode(row["thing"].value), label, row["label"]) for row in rows]
    known = {(name.subject, _text(name)) for name in names}
    others = (each for each in _found_by(engine) if each.subject in things)
    return names + [each for each in others if (each.subject, _text(each)) not in known]


def _text(name: Triple) -> str:
    return name.object.value if isinstance(name.object, Literal) else ""


def _rows(engine: Engine) -> tuple[Row, ...]:
    nodes = [NamedNode(SHAPES + name) for name in PARTS]
    return engine.select(_PREFIXES + _PROPERTIES, {"nodes": nodes}).rows


def _choices(engine: Engine) -> dict[str, str]:
    rows = engine.select(_PREFIXES + _CHOICES, {"classes": _CHOSEN}).rows
    return {row["thing"].value: row["label"].value for row in rows}


def _found_by(engine: Engine) -> Iterator[Triple]:
    """By what else the things can be found, in any language, and what they are narrower than."""
    rows = engine.select(_PREFIXES + _FOUND_BY, {"classes": _CHOSEN}).rows
    for row in sorted(rows, key=str):
        thing, name = NamedNode(row["thing"].value), row.get("name")
        if name is None:
            yield Triple(thing, NamedNode(SKOS + "broader"), row["above"])
        else:
            yield Triple(thing, NamedNode(SKOS + "altLabel"), Literal(name.value))


def _members(engine: Engine, choices: dict[str, str]) -> dict[str, list[str]]:
    """What our own shapes list, by shape; the names are added to the choices."""
    found: dict[str, list[str]] = {}
    for row in engine.select(_PREFIXES + _MEMBERS).rows:
        choices[row["thing"].value] = row["label"].value
        found.setdefault(row["shape"].value, []).append(row["thing"].value)
    return {shape: sorted(set(listed)) for shape, listed in found.items()}


def _listed(shape: dict[str, list[Term]], choices: dict[str, str]) -> list[str] | None:
    """What a property that leads to things may lead to; None where it has a plain value."""
    classes = [term.value for term in shape.get(SH + "class", [])]
    if not classes:
        return None
    patterns = [term.value for term in shape.get(SH + "pattern", [])]
    starts = [pattern.removeprefix("^").replace("[.]", ".") for pattern in patterns]
    if HS + "Place" in classes or HS + "Country" in classes:
        starts = [ID + "place/"]
    elif set(classes) & {HS + "Organisation", HS + "Agency", HS + "Fund"}:
        starts = [ID + "organisation/"]
    elif SKOS + "Concept" in classes and not starts:
        starts = [VOCAB]
    return sorted(
        (iri for iri in choices if any(iri.startswith(start) for start in starts)),
        key=lambda iri: choices[iri],
    )


def _asked(shape: dict[str, list[Term]], listed: list[str] | None) -> bool:
    path = shape[SH + "path"][0].value
    about = " ".join(term.value for term in shape.get(SH + "description", []))
    return path not in _LEFT_OUT and "derived" not in about.lower() and listed != []


def _property(iri: str, shape: dict[str, list[Term]], listed: list[str] | None) -> Iterator[Triple]:
    node = NamedNode(iri)
    yield Triple(node, NamedNode(SH + "order"), shape[SH + "order"][0])
    for name in _COPIED:
        for value in shape.get(SH + name, []):
            yield Triple(node, NamedNode(SH + name), value)
    if NamedNode(RDF + "langString") in shape.get(SH + "datatype", []):
        tags = sorted(words().languages, key=lambda tag: (tag != "en", tag))
        yield from _list(node, SH + "languageIn", map(Literal, tags), f"{iri}-languages")
    if listed is not None:
        yield Triple(node, NamedNode(SH + "nodeKind"), NamedNode(SH + "IRI"))
        yield from _list(node, SH + "in", [NamedNode(each) for each in listed], iri)


def _list(
    node: NamedNode, predicate: str, values: Iterable[NamedNode | Literal], name: str
) -> Iterator[Triple]:
    """A list of RDF as the value of a property."""
    stem = name.rpartition("#")[2]
    place: NamedNode | BlankNode = node
    link = predicate
    for number, value in enumerate(values):
        following = BlankNode(f"{stem}-{number}".replace("-", "x"))
        yield Triple(place, NamedNode(link), following)
        yield Triple(following, NamedNode(RDF + "first"), value)
        place, link = following, RDF + "rest"
    yield Triple(place, NamedNode(link), NamedNode(RDF + "nil"))
