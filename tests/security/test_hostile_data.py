"""Pages about hostile data: nothing in a literal or an IRI may become markup, script or a link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import DCTERMS, FOAF, HS, ID, OA, ORG, PROV, RDF, SKOS, VOCAB, XSD
from hsgraph.server.app import create_app
from hsgraph.settings import load

BIDI = "\u202e\u2066\u200f"
TEXTS = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"'><img src=x onerror=alert(1)>",
    f"{BIDI}txt.exe",
    "{{ 7 * 7 }} {% raw %}",
    "\u2028\u2029&amp;&#60;",
)
TEXT = " ".join(TEXTS)
LONG = "x" * 10_000
LONG_IRI = "https://example.org/" + "y" * 10_000
IRIS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    LONG_IRI,
    "https://example.org/sandžak/Ω",
    "https://example.org/a'b&c;d",
)
PARTS = (
    "participation Participation",
    "threat Threat",
    "intervention Intervention",
    "objective Objective",
    "budget Budget",
    "interlinkage Interlinkage",
    "target BeneficiaryTarget",
    "situation Situation",
    "application PrincipleApplication",
    "outcome Outcome",
)
SCHEMES = ("dimension", "threat-type", "intervention-type", "population-group", "strategy")
GRAPH = NamedNode("https://w3id.org/hsgraph/graph/hostile")
PROJECT, THREAT, INTERVENTION = (ID + f"{k}/evil" for k in ("project", "threat", "intervention"))
PAGES = (
    *(f"/{kind}/evil" for kind in ("project", "organisation", "place", "source", "claim")),
    *(f"/{kind}/evil" for kind in ("evidence", "selector", "change", "identifier")),
    *(f"/{part.split()[0]}/evil" for part in PARTS),
    *(f"/vocab/{scheme}/evil" for scheme in SCHEMES),
    "/",
    "/search?q=%3C/script%3E%22%27%3E%E2%80%AE",
    "/search?q=alert",
    "/browse/project",
    "/browse/project?about=organisation/evil",
    "/browse/threat",
    "/browse/threat-type",
    "/statements?of=project/evil",
    "/statements?of=organisation/evil",
    "/links?to=organisation/evil&by=prov:agent",
)


def triples() -> Iterator[tuple[str, str, NamedNode | Literal]]:
    """A programme with a part of every kind, each with hostile names, texts and links."""
    yield from thing(PROJECT, HS + "Project")
    for part in PARTS:
        kind, class_ = part.split()
        yield from thing(ID + f"{kind}/evil", HS + class_)
        yield ID + f"{kind}/evil", HS + "partOf", NamedNode(PROJECT)
        yield ID + f"{kind}/evil", HS + "evidence", NamedNode(ID + "evidence/evil")
    for kind, class_ in (
        ("organisation", HS + "Agency"),
        ("place", HS + "Country"),
        ("source", HS + "Source"),
        ("claim", HS + "Claim"),
        ("evidence", OA + "SpecificResource"),
        ("selector", OA + "TextQuoteSelector"),
        ("change", ORG + "ChangeEvent"),
        ("identifier", "http://www.w3.org/ns/adms#Identifier"),
    ):
        yield from thing(ID + f"{kind}/evil", class_)
    for scheme in SCHEMES:
        yield from thing(VOCAB + f"{scheme}/evil", SKOS + "Concept")
        yield VOCAB + f"{scheme}/evil", SKOS + "inScheme", NamedNode(VOCAB + scheme)
        yield VOCAB + scheme, SKOS + "prefLabel", Literal(TEXT, language="en")
    yield from links()


def thing(iri: str, class_: str) -> Iterator[tuple[str, str, NamedNode | Literal]]:
    yield iri, RDF + "type", NamedNode(class_)
    yield iri, SKOS + "prefLabel", Literal(TEXT, language="en")
    for name in (*TEXTS, LONG):
        yield iri, SKOS + "altLabel", Literal(name)
        yield iri, "https://example.org/says", Literal(name, language="ar")
    yield iri, DCTERMS + "description", Literal(TEXT + LONG, language="en")
    yield iri, SKOS + "editorialNote", Literal(TEXT)
    yield iri, "https://example.org/at", Literal("javascript:alert(2)", datatype=any_uri())
    for other in IRIS:
        yield iri, "https://example.org/see", NamedNode(other)
        yield iri, FOAF + "homepage", NamedNode(other)


def any_uri() -> NamedNode:
    return NamedNode(XSD + "anyURI")


def links() -> Iterator[tuple[str, str, NamedNode | Literal]]:
    """What binds them together, and values of the wrong sort where dates and figures should be."""
    part = {name.split()[0]: ID + f"{name.split()[0]}/evil" for name in PARTS}
    to = [
        (INTERVENTION, HS + "mitigates", THREAT),
        (INTERVENTION, HS + "interventionType", VOCAB + "intervention-type/evil"),
        (INTERVENTION, HS + "advances", part["objective"]),
        (INTERVENTION, HS + "strategy", VOCAB + "strategy/evil"),
        (THREAT, HS + "threatType", VOCAB + "threat-type/evil"),
        (THREAT, HS + "dimension", VOCAB + "dimension/evil"),
        (THREAT, HS + "affects", VOCAB + "population-group/evil"),
        (THREAT, HS + "observedIn", "javascript:alert(1)"),
        (part["interlinkage"], HS + "from", THREAT),
        (part["interlinkage"], HS + "to", THREAT),
        (part["participation"], PROV + "agent", ID + "organisation/evil"),
        (part["participation"], PROV + "hadRole", "javascript:alert(1)"),
        (part["budget"], HS + "currency", LONG_IRI),
        (PROJECT, HS + "takesPlaceIn", ID + "place/evil"),
        (PROJECT, HS + "dimension", "javascript:alert(1)"),
        (PROJECT, HS + "dimension", VOCAB + "dimension/evil"),
        (PROJECT, DCTERMS + "source", "javascript:alert(1)"),
        (ID + "claim/evil", RDF + "subject", PROJECT),
        (ID + "claim/evil", RDF + "predicate", HS + "startDate"),
        (ID + "claim/evil", HS + "evidence", ID + "evidence/evil"),
        (ID + "evidence/evil", OA + "hasSource", ID + "source/evil"),
        (ID + "evidence/evil", OA + "hasSelector", ID + "selector/evil"),
    ]
    for subject, predicate, value in to:
        yield subject, predicate, NamedNode(value)
    yield ID + "claim/evil", RDF + "object", Literal(TEXT)
    yield ID + "selector/evil", OA + "exact", Literal(TEXT)
    yield PROJECT, HS + "startDate", Literal("-99999-13-45<b>", datatype=NamedNode(XSD + "date"))
    yield PROJECT, HS + "endDate", Literal(TEXT)
    yield part["budget"], HS + "amount", Literal("NaN<i>")
    yield part["budget"], HS + "amount", Literal("1E9999", datatype=NamedNode(XSD + "decimal"))
    yield part["target"], HS + "count", Literal("9" * 5000)
    yield part["objective"], HS + "order", Literal("²")


@pytest.fixture(scope="module")
def hostile() -> Iterator[FlaskClient]:
    quads = [Quad(NamedNode(s), NamedNode(p), o, GRAPH) for s, p, o in triples()]
    with KnowledgeGraph(EmbeddedEngine(quads), settings=load(environ={})) as graph:
        yield create_app(graph, load(environ={})).test_client()


class Page(HTMLParser):
    """What a browser would make of a page, as far as danger goes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.loose: list[str] = []
        self.data: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input", "br", "hr", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self.open:
            self.data.append(data)
        elif not {"bdi", "title"} & set(self.open) and any(mark in data for mark in BIDI):
            self.loose.append(data)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, hostile: FlaskClient) -> Page:
    answer = hostile.get(request.param, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return Page(answer.get_data(as_text=True))


def test_only_data_scripts_and_they_parse(page: Page) -> None:
    for tag, attributes in page.tags:
        if tag == "script":
            assert attributes.get("type") == "application/ld+json" or (
                str(attributes.get("src")).startswith("/static/")
            )
    for text in page.data:
        json.loads(text)


def test_no_element_or_handler_comes_from_data(page: Page) -> None:
    names = {tag for tag, _ in page.tags}
    assert not names & {"img", "b", "i", "iframe", "object", "embed", "base"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert "style" not in attributes, tag


def test_links_go_nowhere_but_to_web_addresses(page: Page) -> None:
    for tag, attributes in page.tags:
        for name in ("href", "src", "action", "xlink:href"):
            target = attributes.get(name)
            if target is not None:
                assert target.startswith(("/", "#", "?", "https://", "http://")), (tag, target)
                assert not target.startswith("//"), (tag, target)
                assert len(target) < 4000, tag


def test_marks_that_turn_text_around_stay_in_their_place(page: Page) -> None:
    assert not page.loose


@pytest.mark.parametrize("path", PAGES)
def test_long_data_does_not_make_long_pages(path: str, hostile: FlaskClient) -> None:
    assert len(hostile.get(path, headers={"Accept": "text/html"}).data) < 600_000


@pytest.mark.parametrize(
    "path",
    [
        "/statements",
        "/statements?of=%00",
        "/statements?of=<x>",
        "/links?to=organisation/evil",
        "/links?to=organisation/evil&by=<script>",
        "/browse/project?page=0",
        "/browse/project?page=²",
        "/browse/project?page=99999999999999999999",
        "/browse/project?about=a&about=b&about=c&about=d&about=e",
        "/search?q=a&page=-1",
    ],
)
def test_parameters_that_mean_nothing_are_told_so(path: str, hostile: FlaskClient) -> None:
    answer = hostile.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in (400, 404)
    assert b"Traceback" not in answer.data


@pytest.mark.parametrize("text", ['"', "a AND", "NEAR(", "*", "-x", "col:y", "' OR 1=1 --", "\x00"])
def test_search_text_is_never_a_query(text: str, hostile: FlaskClient) -> None:
    answer = hostile.get("/search", query_string={"q": text}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
