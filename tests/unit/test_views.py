"""Views: what pages are told of programmes, concepts, organisations, places and sources."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace

import pytest

from hsgraph.describe.entity.entity import ThingView
from hsgraph.describe.entity.facts import Fact
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.shared import listing
from hsgraph.describe.shared.concept import SharedView
from hsgraph.describe.shared.programme_lists import time_bar
from hsgraph.describe.view import entity_view
from hsgraph.describe.words import wording
from hsgraph.describe.words.labels import Ref
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import DEFAULT, read_in
from hsgraph.namespaces import ID, VOCAB


@pytest.fixture(scope="module")
def project(small_graph: KnowledgeGraph) -> ProjectView:
    view = entity_view(small_graph.engine, ID + "project/springs-youth")
    assert isinstance(view, ProjectView)
    return view


def shared(graph: KnowledgeGraph, iri: str) -> SharedView:
    view = entity_view(graph.engine, iri)
    assert isinstance(view, SharedView)
    return view


def test_dates_are_as_precise_as_the_source(project: ProjectView) -> None:
    assert project.period == "Oct 2012 – Sep 2014"
    assert project.moments[0][1].label == "27 Jun 2012"


def test_a_date_set_aside_is_as_precise_as_its_own_source_and_has_its_reason(
    project: ProjectView,
) -> None:
    (other,) = project.period_others
    assert other.label == "2013"
    assert other.reason
    assert other.marks[0].source.iri == ID + "source/evaluation"


def test_the_lead_agency_comes_first(project: ProjectView) -> None:
    assert project.agencies[0].role is not None
    assert project.agencies[0].role.slug == "lead-agency"


def test_a_part_has_what_editors_note_of_it(project: ProjectView) -> None:
    assert [outcome.note for outcome in project.outcomes] == ["The day is that of the report."]


def test_what_was_achieved_is_told_from_a_step_on_the_way(project: ProjectView) -> None:
    """The page of a programme chooses outcomes by it, in the template."""
    (launch,) = project.outcomes
    achieved = Fact(Ref(VOCAB + "outcome-kind/result", "Result"))
    assert not launch.is_result
    assert replace(launch, kinds=(achieved,)).is_result


def test_a_sum_is_called_by_its_label_without_the_amount(project: ProjectView) -> None:
    assert [budget.called for budget in project.budgets] == [
        "Total budget",
        "Contribution of the Security Fund",
        "Contribution of the Security Fund as announced",
    ]


def test_funders_agencies_and_partners_are_kept_apart(project: ProjectView) -> None:
    partners = [party.organisation.slug for _, parties in project.partners for party in parties]
    assert partners == ["municipality-of-springs"]
    assert [party.organisation.slug for party in project.funders] == ["security-fund"]


def test_money_set_aside_comes_last_with_its_reason(project: ProjectView) -> None:
    assert [budget.set_aside for budget in project.budgets] == [False, False, True]
    assert project.budgets[-1].reason == "Announced before the contract was signed."


def test_the_chain_leads_from_cause_to_objective(project: ProjectView) -> None:
    cause, effect = project.chain.threats
    assert cause.fact.label == "Young people without work"
    assert [drive.threat.iri for drive in cause.drives] == [effect.fact.value.iri]  # type: ignore[union-attr]
    (act,) = project.chain.interventions
    assert act.objectives[0][0] == "1"
    assert [place for place, _ in act.answers] == [1, 2]
    assert cause.answered
    assert effect.answered


def test_coded_and_stated_and_inferred_are_told_apart(project: ProjectView) -> None:
    cause, effect = project.chain.threats
    assert all(fact.coded for fact in cause.types)
    assert not cause.fact.coded
    assert any(fact.rule is not None for fact in cause.dimensions)
    assert any(fact.rule is None and fact.coded for fact in effect.dimensions)


def test_inferred_facts_lead_to_their_rule(project: ProjectView) -> None:
    country = project.countries[0]
    assert country.rule is not None
    assert country.rule.iri == "https://w3id.org/hsgraph/rules#takes-place-up"


def test_evidence_says_source_and_words(project: ProjectView) -> None:
    (mark,) = project.period_marks[:1]
    assert mark.source.iri == ID + "source/fact-sheet"
    assert mark.passages[0].quote
    assert project.sources[mark.number - 1] == mark.source


def test_views_cannot_be_changed(project: ProjectView) -> None:
    with pytest.raises(FrozenInstanceError):
        project.label = "x"  # type: ignore[misc]


def test_a_threat_type_tells_what_was_tried(small_graph: KnowledgeGraph) -> None:
    view = shared(small_graph, VOCAB + "threat-type/unemployment")
    (tried,) = view.tried
    assert tried.type.slug == "vocational-training"
    assert [programme.slug for programme in tried.programmes] == ["springs-youth"]
    assert "springs" in {place.slug for place in tried.places}
    drives = next(facet for facet in view.facets if facet.name == "drives")
    assert [(ref.slug, count) for ref, count in drives.values] == [("group-tension", 1)]


def test_an_agency_has_its_programmes_with_its_role(small_graph: KnowledgeGraph) -> None:
    view = shared(small_graph, ID + "organisation/labour-agency")
    (line,) = view.programmes.lines
    assert line.ref.slug == "springs-youth"
    assert line.roles


def test_a_place_has_the_programmes_of_the_places_in_it(small_graph: KnowledgeGraph) -> None:
    view = shared(small_graph, ID + "place/northland")
    assert [line.ref.slug for line in view.programmes.lines] == ["springs-youth"]


def test_a_source_has_what_it_supports(small_graph: KnowledgeGraph) -> None:
    view = shared(small_graph, ID + "source/evaluation")
    start = next(s for s in view.supports if s.property and s.property.iri.endswith("startDate"))
    assert start.about.iri == ID + "project/springs-youth"
    assert start.passages[0].place


@pytest.mark.parametrize(
    "path",
    [
        "threat/springs-youth-unemployment",
        "claim/springs-youth-start",
        "evidence/springs-youth-s1-duration",
        "selector/springs-youth-s2-page",
        "identifier/labour-agency-iati",
        "change/youth-bureau-renamed",
        "outcome/springs-youth-launch",
    ],
)
def test_every_other_class_has_a_page_with_a_name(small_graph: KnowledgeGraph, path: str) -> None:
    view = entity_view(small_graph.engine, ID + path)
    assert isinstance(view, ThingView)
    assert view.label
    assert view.groups


@pytest.mark.parametrize(
    ("value", "precision", "written"),
    [
        ("2012-10-01", "day", "1 Oct 2012"),
        ("2012-10-01", "month", "Oct 2012"),
        ("2012-10-01", "year", "2012"),
        ("about 2012", "day", "about 2012"),
        ("2012-13-01", "month", "2012-13-01"),
    ],
)
def test_dates_are_written_by_their_precision(value: str, precision: str, written: str) -> None:
    assert wording.date(value, precision) == written


@pytest.mark.parametrize(
    ("amount", "code", "compact", "exact"),
    [
        ("2859659.00", "USD", "US$ 2.86 m", "US$ 2,859,659"),
        ("900000", "BAM", "BAM 900,000", "BAM 900,000"),
        ("1500000000", "EUR", "€ 1.5 bn", "€ 1,500,000,000"),
        ("12.5", "EUR", "€ 12.50", "€ 12.50"),
        ("unknown", "USD", "US$ unknown", "US$ unknown"),
    ],
)
def test_money_is_short_in_lists_and_exact_beside(
    amount: str, code: str, compact: str, exact: str
) -> None:
    assert wording.money(amount, code) == wording.Money(compact, exact)


@pytest.mark.parametrize(
    ("amount", "french", "spanish"),
    [
        ("1436987.1", "1 436 987,10 $US", "1.436.987,10 US$"),
        ("2859659.00", "2 859 659 $US", "2.859.659 US$"),
    ],
)
def test_money_abroad_has_all_its_cents_or_none(amount: str, french: str, spanish: str) -> None:
    for language, exact in (("fr", french), ("es", spanish)):
        read_in(language)
        said = wording.money(amount, "USD").exact
        read_in(DEFAULT)
        assert re.sub(r"\s", " ", said) == exact


def test_a_bar_stays_on_its_time_line() -> None:
    bar = time_bar("2012-10-01", "2014-09-30", 2012, 2014, "")
    assert bar is not None
    assert bar.x == pytest.approx(25, abs=0.5)
    assert bar.x + bar.width == pytest.approx(91.6, abs=0.5)
    assert time_bar("", "", 2012, 2014, "") is None
    for start, end in (("2012-01-01", ""), ("", "2014-12-31"), ("2014-12-31", "2012-01-01")):
        odd = time_bar(start, end, 2012, 2014, "")
        assert odd is not None
        assert odd.x >= 0
        assert odd.x + odd.width <= 100.7


def test_a_list_of_very_many_things_has_all_of_them_in_the_order_of_their_iris(
    small_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed() -> list[str]:
        engine = EmbeddedEngine(small_graph.snapshot)  # type: ignore[arg-type]
        pages = [listing.listing(engine, "source", page=page, size=1) for page in (1, 2, 3, 4, 5)]
        return [item.ref.iri for page in pages for item in page.items]

    by_label = listed()
    monkeypatch.setattr(listing, "SORTED", 0)
    assert len(by_label) > 1
    assert listed() == sorted(by_label)
