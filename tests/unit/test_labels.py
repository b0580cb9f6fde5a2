"""Labels: one order of choice, stable, and always something to call a thing."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from hsgraph.describe.values import values_of
from hsgraph.describe.view import entity_view
from hsgraph.describe.words.labels import Labels, choose, kind_of, words
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.namespaces import GRAPH, HS, ID, INFERRED, RDF, SKOS, VOCAB, XSD, compact, local_name

GERMAN, AUSTRIAN = Literal("Wasser", language="de"), Literal("Wosser", language="de-AT")
ENGLISH, PLAIN = Literal("water", language="en"), Literal("H2O")
AMERICAN = Literal("faucet water", language="en-US")
FRENCH, SPANISH = Literal("eau", language="fr"), Literal("agua", language="es")


@pytest.mark.parametrize(
    ("language", "labels", "chosen"),
    [
        ("de-AT", [ENGLISH, GERMAN, AUSTRIAN, PLAIN], AUSTRIAN),
        ("de-AT", [ENGLISH, GERMAN, PLAIN], GERMAN),
        ("de", [ENGLISH, AUSTRIAN, PLAIN], AUSTRIAN),
        ("de", [ENGLISH, PLAIN, FRENCH], PLAIN),
        ("de", [ENGLISH, FRENCH], ENGLISH),
        ("fr", [AMERICAN, GERMAN], AMERICAN),
        ("fr", [AMERICAN, ENGLISH, GERMAN], ENGLISH),
        ("de", [FRENCH, SPANISH], SPANISH),
    ],
    ids=[
        "exact",
        "base",
        "variant",
        "untagged",
        "english",
        "english variant",
        "english itself",
        "any",
    ],
)
def test_the_nearest_language_wins(language: str, labels: list[Literal], chosen: Literal) -> None:
    assert choose(labels, language) == chosen


def test_the_choice_does_not_depend_on_the_order_given() -> None:
    two = [Literal("b", language="en"), Literal("a", language="en")]
    assert choose(two) == choose(two[::-1]) == Literal("a", language="en")


def test_no_label_is_no_choice() -> None:
    assert choose([]) is None


def test_a_thing_without_a_label_is_called_by_the_end_of_its_iri() -> None:
    assert Labels().ref("https://example.org/a/b%20c").label == "b c"
    assert Labels().ref("https://example.org/").label == "example.org"


def test_a_property_without_a_label_is_called_in_words() -> None:
    assert Labels().property(HS + "leadAgency").label == "lead agency"


def test_preferred_labels_go_before_other_labels() -> None:
    named = Literal("right", language="en"), Literal("wrong", language="en")
    about = (SKOS + "prefLabel", "http://www.w3.org/2000/01/rdf-schema#label")
    rows = zip(about, named, strict=True)
    quads = [Quad(NamedNode("x:a"), NamedNode(name), label) for name, label in rows]
    assert Labels.fetch(EmbeddedEngine(quads), ["x:a"]).ref("x:a").label == "right"


@pytest.mark.parametrize(
    ("iri", "kind"),
    [
        (ID + "project/a", "project"),
        (VOCAB + "dimension/food", "dimension"),
        (HS + "Project", "ontology"),
        ("https://example.org/project/a", ""),
    ],
)
def test_the_kind_is_read_from_our_own_iris_only(iri: str, kind: str) -> None:
    assert kind_of(iri) == kind


def test_names_in_known_namespaces_are_written_short() -> None:
    assert compact(HS + "startDate") == "hs:startDate"
    assert compact("https://example.org/x") == "https://example.org/x"


def test_words_of_names() -> None:
    assert [words(n) for n in ("partOf", "lead-agency", "IATI")] == [
        "part of",
        "lead agency",
        "IATI",
    ]
    assert local_name("https://example.org/x#") == "x"


def asked_by_queries(quads: list[Quad]) -> EmbeddedEngine:
    """An engine without look-ups, as one at an endpoint is."""
    engine = EmbeddedEngine(quads)
    engine.lookups = None  # type: ignore[assignment]
    return engine


def test_queries_leave_out_the_classes_that_follow_as_look_ups_do() -> None:
    thing, type_ = NamedNode(ID + "organisation/fao"), NamedNode(RDF + "type")
    quads = [
        Quad(thing, type_, NamedNode(HS + "Agency"), NamedNode(GRAPH + "data/organisations")),
        Quad(thing, type_, NamedNode(HS + "Organisation"), NamedNode(INFERRED + "superclass")),
    ]
    for engine in (EmbeddedEngine(quads), asked_by_queries(quads)):
        found = values_of(engine, [thing.value], [type_.value])[thing.value]
        assert list(found[type_.value]) == [NamedNode(HS + "Agency")]


@pytest.mark.parametrize(("about", "most"), [("project/a", 6), ("claim/a", 9)])
def test_dates_cost_no_query_each_and_claims_tell_theirs_as_the_thing_does(
    monkeypatch: pytest.MonkeyPatch, about: str, most: int
) -> None:
    thing, claim, day = f"<{ID}project/a>", f"<{ID}claim/a>", f'"2012-10-01"^^<{XSD}date>'
    dates = "".join(f"{thing} <http://e/d{n}> {day} ." for n in range(60))
    said = f"""{thing} <{HS}startDate> {day} ; <{HS}startPrecision> <{VOCAB}date-precision/month> .
      {claim} <{RDF}subject> {thing} ; <{RDF}predicate> <{HS}startDate> ; <{RDF}object> {day} ."""
    engine = asked_by_queries([*parse(f"<{GRAPH}g> {{ {dates} {said} }}", RdfFormat.TRIG)])
    asked, run = [], engine.run
    monkeypatch.setattr(engine, "run", lambda query: asked.append(query) or run(query))
    shown = str(entity_view(engine, ID + about))
    assert len(asked) <= most
    assert "Oct 2012" in shown
    assert ("1 Oct 2012" in shown) == (about == "project/a")
