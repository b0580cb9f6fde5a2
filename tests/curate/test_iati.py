"""IATI both ways: valid by the standard's schema, and back again as drafts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from pyoxigraph import RdfFormat, parse

from hsgraph.curate.iati.read import drafts_of_iati
from hsgraph.curate.known import Graph
from hsgraph.curate.model import Doubt, Draft
from hsgraph.curate.turtle.write import turtle_of
from hsgraph.errors import SourceError
from hsgraph.graph import KnowledgeGraph
from hsgraph.iati.activities import Text, Thing, activities
from hsgraph.iati.document import document, fits, role
from hsgraph.namespaces import DCTERMS, HS, PROV, SKOS

SCHEMA = Path(__file__).parents[1] / "fixtures" / "iati-2.03" / "iati-activities-schema.xsd"
TODAY = date(2026, 11, 28)


def none_of_it(doubt: Doubt) -> int | None:
    return None


@pytest.fixture(scope="module")
def all_of_them(graph: KnowledgeGraph) -> list[Thing]:
    return activities(graph.engine)


def test_all_activities_together_are_valid_by_the_schema(all_of_them: list[Thing]) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    tree = etree.fromstring(document(all_of_them, TODAY))
    schema.validate(tree)
    assert list(schema.error_log) == []
    assert len(tree) == sum(map(fits, all_of_them)) > 160


def test_a_character_that_xml_has_not_leaves_the_file_readable(
    all_of_them: list[Thing], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = next(filter(fits, all_of_them))
    said = {Text("Wells \x01\x1b\ufffe for Peru", "en")}
    monkeypatch.setitem(one.facts.values, (one.iri, DCTERMS + "description"), said)
    tree = etree.fromstring(document([one], TODAY))
    assert "Wells \ufffd\ufffd\ufffd for Peru" in tree.xpath("string(.)")


def test_one_programme_is_the_same_as_among_all(
    graph: KnowledgeGraph, all_of_them: list[Thing]
) -> None:
    chosen = next(each for each in all_of_them if each.slug == "bih-canton-10")
    alone = activities(graph.engine, chosen.iri)
    assert alone == [chosen]
    assert document(alone, TODAY) == document([chosen], TODAY)


def test_every_programme_comes_back_with_what_iati_can_hold(
    all_of_them: list[Thing], known: Graph, tmp_path: Path
) -> None:
    file = tmp_path / "all.xml"
    file.write_bytes(document(all_of_them, TODAY))
    drafts = {draft.same_as: draft for draft in drafts_of_iati(file, known, none_of_it)}
    fitting = [each for each in all_of_them if fits(each)]
    assert set(drafts) == {programme.iri for programme in fitting}
    for programme in fitting:
        same(programme, drafts[programme.iri])


def same(programme: Thing, draft: Draft) -> None:
    assert draft.title
    assert draft.title.text == programme.titles[0].text, programme.slug
    if described := programme.texts(DCTERMS + "description"):
        assert draft.description[0].text == described[0].text
    places = {place.iri for place in programme.things(HS + "takesPlaceIn")}
    assert {place.place.iri for place in draft.places} == places
    roles = {"1": "funder", "2": "lead-agency", "4": "implementing-agency"}
    expected = {
        (part.thing(PROV + "agent").iri, roles[role(part)])
        for part in programme.parts("participation")
        if role(part)
    }
    assert {(part.known.iri, part.role) for part in draft.parts if part.known} == expected
    days = {name: programme.value(f"{HS}{name}Date") for name in ("start", "end")}
    for name, day in days.items():
        value = getattr(draft, name)
        told = value and (value.day.isoformat(), value.precision)
        precision = programme.thing(f"{HS}{name}Precision").slug
        assert told == ((day, precision) if day else None), programme.slug
    keywords = {keyword.iri for keyword in programme.things(HS + "keyword")}
    assert {each.concept.iri for each in draft.keywords} == keywords
    types = {
        kind.iri
        for part in programme.parts("intervention")
        for kind in part.things(HS + "interventionType")
    }
    assert {each.concept.iri for each in draft.interventions} == types
    objectives = programme.parts("objective")
    objectives.sort(key=lambda each: int(each.value(HS + "order") or 0))
    named = [each.texts(SKOS + "prefLabel")[0].text for each in objectives]
    assert [each.text for each in draft.objectives] == named
    if all(days.values()):
        totals = sum(
            Decimal(each.value(HS + "amount"))
            for each in programme.parts("budget")
            if each.thing(HS + "budgetKind").slug == "total"
            and each.value(HS + "preferred") != "false"
        )
        back = sum(money.amount for money in draft.money if money.kind == "total")
        assert back == totals, programme.slug


FOREIGN = """<iati-activities version="2.02"><iati-activity default-currency="EUR">
<iati-identifier>XX-1</iati-identifier><reporting-org ref="XX" type="10"><narrative>X</narrative>
</reporting-org><title><narrative xml:lang="fr">Des puits</narrative>
<narrative>Clean wells</narrative></title>
<description><narrative>A long text of the publisher.</narrative></description>
<participating-org role="4" ref="XM-DAC-41114"/>
<participating-org role="1"><narrative>Ministry of Wells</narrative></participating-org>
<participating-org role="3"><narrative>Agency of Pipes</narrative></participating-org>
<activity-status code="2"/><activity-date type="1" iso-date="2020-01-01"/>
<activity-date type="2" iso-date="2020-02-03"/><activity-date type="3" iso-date="2021-12-31"/>
<recipient-country code="PE" percentage="60"/><recipient-country code="GQ" percentage="40"/>
<sector code="14030"/>
<budget><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>
<value value-date="2020-01-01">1000</value></budget>
<budget><period-start iso-date="2021-01-01"/><period-end iso-date="2021-12-31"/>
<value value-date="2021-01-01">500</value></budget>
</iati-activity></iati-activities>"""


def test_the_activity_of_another_publisher_is_read(known: Graph, tmp_path: Path) -> None:
    file = tmp_path / "theirs.xml"
    file.write_text(FOREIGN)
    (draft,) = drafts_of_iati(file, known, none_of_it)
    assert draft.title
    assert draft.title.text == "Clean wells"
    assert [title.text for title in draft.other_titles] == ["Des puits"]
    assert draft.description == []
    assert [place.place.slug for place in draft.places] == ["peru", "equatorial-guinea"]
    parts = [(part.known.slug if part.known else part.new, part.role) for part in draft.parts]
    assert parts == [("undp", "implementing-agency"), ("Ministry of Wells", "funder")]
    assert draft.start
    assert draft.end
    assert (str(draft.start.day), str(draft.end.day)) == ("2020-02-03", "2021-12-31")
    assert [(money.amount, money.kind) for money in draft.money] == [(Decimal(1500), "total")]
    assert len(draft.missed) == 4


def test_what_is_said_keeps_the_language_that_the_activity_says_it_in(
    known: Graph, tmp_path: Path
) -> None:
    file = tmp_path / "activity.xml"
    file.write_text(
        """<iati-activities version="2.03"><iati-activity xml:lang="fr"><title>
        <narrative>Sécurité humaine au Mali</narrative>
        <narrative xml:lang="de">Menschliche Sicherheit in Mali</narrative>
        <narrative xml:lang="EN-gb">Human security in Mali</narrative>
        </title></iati-activity></iati-activities>"""
    )
    (draft,) = drafts_of_iati(file, known, none_of_it)
    written = {
        (triple.predicate.value, str(triple.object))
        for triple in parse(turtle_of(draft, TODAY), RdfFormat.TURTLE)
    }
    assert written >= {
        (SKOS + "prefLabel", '"Human security in Mali"@en'),
        (DCTERMS + "title", '"Human security in Mali"@en'),
        (SKOS + "altLabel", '"Menschliche Sicherheit in Mali"@de'),
        (SKOS + "altLabel", '"Sécurité humaine au Mali"@fr'),
    }


@pytest.mark.parametrize(
    "amount", ["NaN", "Infinity", "-Infinity", "sNaN", "a lot", "1e400", "1e20000000"]
)
def test_a_sum_that_is_no_number_is_told_and_left_out(
    known: Graph, tmp_path: Path, amount: str
) -> None:
    file = tmp_path / "theirs.xml"
    file.write_text(FOREIGN.replace(">1000<", f">{amount}<"))
    (draft,) = drafts_of_iati(file, known, none_of_it)
    assert [(money.amount, money.kind) for money in draft.money] == [(Decimal(500), "total")]
    assert amount in str(draft.missed)


@pytest.mark.parametrize(
    "text",
    [
        "<iati-activities version='2.03'/>",
        "<iati-activities version='1.05'><iati-activity/></iati-activities>",
        "<html/>",
        "<iati-activities version='2.03'><iati-activity>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><iati-activities version='2.03'/>",
        "<a>" * 500 + "</a>" * 500,
    ],
)
def test_what_is_no_file_of_activities_is_told(text: str, known: Graph, tmp_path: Path) -> None:
    file = tmp_path / "theirs.xml"
    file.write_text(text)
    with pytest.raises(SourceError) as caught:
        drafts_of_iati(file, known, none_of_it)
    assert caught.value.remedy
