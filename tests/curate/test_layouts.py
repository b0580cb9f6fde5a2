"""Layouts of sheets of which each once led to a wrong fact or to none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest

from hsgraph.curate.known import Graph
from hsgraph.curate.model import Doubt, Draft
from hsgraph.curate.reading.lines import Document, Line
from hsgraph.curate.reading.texts import read_document
from hsgraph.curate.sheet.amounts import find_counts
from hsgraph.curate.sheet.desk import draft_of


def unsure(doubt: Doubt) -> None:
    return None


def drafted(known: Graph, text: str, language: str | None = None) -> Draft:
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    return draft_of(Document("sheet.txt", lines, language), known, unsure)


def money(draft: Draft) -> set[tuple[Decimal, str, str | None]]:
    return {(m.amount, m.kind, m.party.slug if m.party else None) for m in draft.money}


def test_each_cell_of_a_word_table_has_its_own_heading(tmp_path: Path) -> None:
    file = docx.Document()
    cells = file.add_table(rows=1, cols=2).rows[0].cells
    for cell, (head, value) in zip(
        cells, (("Where it works", "Ghana"), ("Duration", "2 years")), strict=True
    ):
        cell.paragraphs[0].add_run(head).bold = True
        cell.add_paragraph(value)
    file.save(str(tmp_path / "sheet.docx"))
    lines = read_document(tmp_path / "sheet.docx").lines
    assert [line.text for line in lines][:2] == ["Where it works: Ghana", "Duration: 2 years"]


def test_a_bold_line_in_word_is_a_heading_and_a_bold_sentence_is_not(tmp_path: Path) -> None:
    file = docx.Document()
    for text in ("What we are after", "The well is dry."):
        file.add_paragraph().add_run(text).bold = True
    file.save(str(tmp_path / "sheet.docx"))
    lines = read_document(tmp_path / "sheet.docx").lines
    assert [line.style for line in lines] == ["heading", ""]


def test_labels_and_values_side_by_side_in_a_page_are_facts(tmp_path: Path) -> None:
    page = tmp_path / "sheet.html"
    page.write_text(
        "<p><span>Durée</span> <span>2 ans</span><br>"
        "<span>Chef de file</span> <span>OIT</span></p>"
        "<table><tr><td>Agencies</td><td>FAO<br>UNICEF</td></tr></table>"
    )
    texts = [line.text for line in read_document(page).lines]
    assert texts == ["Durée: 2 ans", "Chef de file: OIT", "Agencies: FAO; UNICEF"]


def test_a_table_of_money_by_agency_gives_shares_and_the_money_of_others(known: Graph) -> None:
    draft = drafted(
        known,
        """Calm Shores for the Fishers of Ghana
RESOURCES
             UNTFHS     Own funds
FAO         300,000        40,000
UNICEF      200,000             0
Sum (USD)   500,000        40,000""",
    )
    assert money(draft) == {
        (Decimal(300_000), "agency-share", "fao"),
        (Decimal(200_000), "agency-share", "unicef"),
        (Decimal(500_000), "fund-contribution", None),
        (Decimal(40_000), "co-funding", "fao"),
    }


def test_shares_of_agencies_in_a_footnote_are_theirs(known: Graph) -> None:
    draft = drafted(
        known,
        """Calm Shores for the Fishers of Ghana
Total budget: USD 800,000

(1) FAO USD 300,000; UNICEF USD 200,000. The district adds USD 300,000 in kind.""",
    )
    assert money(draft) == {
        (Decimal(800_000), "total", None),
        (Decimal(300_000), "agency-share", "fao"),
        (Decimal(200_000), "agency-share", "unicef"),
        (Decimal(300_000), "co-funding", None),
    }


def test_a_sum_whose_sentence_goes_on_in_the_next_line_keeps_its_giver(known: Graph) -> None:
    draft = drafted(
        known,
        """Money
USD 900,000 in all, of which the United Nations Trust Fund for Human
Security pays USD 700,000""",
    )
    assert money(draft) == {
        (Decimal(900_000), "total", None),
        (Decimal(700_000), "fund-contribution", None),
    }


def test_a_row_of_agencies_under_no_heading_takes_part(known: Graph) -> None:
    draft = drafted(known, "UNHCR  |  IOM  |  UNFPA\n\nSafe Homes for Newcomers in Ghana")
    assert [part.known.slug for part in draft.parts if part.known] == ["unhcr", "iom", "unfpa"]
    assert {part.role for part in draft.parts} == {"implementing-agency"}


def test_the_name_of_an_office_above_the_title_is_no_title(known: Graph) -> None:
    draft = drafted(
        known, "UNITED NATIONS IN GHANA\n\nCalm shores for fishers and their families\n"
    )
    assert draft.title
    assert draft.title.text == "Calm shores for fishers and their families"


def test_a_country_inside_the_name_of_a_town_is_not_where_it_works(known: Graph) -> None:
    draft = drafted(known, "Country: Trinidad and Tobago\nLocation: Port of Spain, Arima")
    assert [place.place.slug for place in draft.places] == ["trinidad-and-tobago"]


def test_days_of_approval_and_announcement_are_read_in_a_sentence(known: Graph) -> None:
    draft = drafted(
        known, "Calm shores for fishers\n\nApproved on 5 May 2006 and announced on 7 June 2006."
    )
    assert draft.approved
    assert draft.announced
    assert str(draft.approved.day) == "2006-05-05"
    assert str(draft.announced.day) == "2006-06-07"


def test_a_programme_is_recognised_by_its_sum_and_the_day_it_was_announced(known: Graph) -> None:
    draft = drafted(
        known,
        """País: Perú
Fecha de anuncio: 20 de noviembre de 2006
Aporte del Fondo: 2.062.344 dólares""",
    )
    assert draft.same_as
    assert draft.same_as.endswith("/peru-women-children-highlands")


def test_places_that_are_counted_are_no_people(known: Graph) -> None:
    draft = drafted(known, "Beneficiarios\nA 3.400 familias de 48 comunidades", "es")
    assert [target.count for target in draft.targets] == [3400]


def test_types_are_suggested_by_the_stems_of_the_language(known: Graph) -> None:
    french = drafted(
        known, "Activités\nConstruction d'écoles et formation des enseignants. Puits.", "fr"
    )
    spanish = drafted(known, "Actividades\nPerforamos un pozo y un sistema de agua.", "es")
    assert {"school-building", "teaching-quality"} <= {
        each.concept.slug for each in french.interventions
    }
    assert "water-supply" in {each.concept.slug for each in spanish.interventions}


def test_of_several_periods_none_is_taken_without_an_answer(known: Graph) -> None:
    text = """Country: Ghana
Duration: January to March 2015 (inception); April 2015 - March 2018 (programme)

RESULTS
Indicator; 2016; 2017"""
    draft = drafted(known, text)
    assert (draft.start, draft.end) == (None, None)
    assert draft.duration
    assert draft.duration.text.startswith("January to March 2015")
    assert [missed.line for missed in draft.missed if "several periods" in missed.why] == [2]
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    chosen = draft_of(Document("sheet.txt", lines), known, lambda doubt: 1)
    assert chosen.start
    assert chosen.end
    assert (chosen.start.day, chosen.end.day) == (date(2015, 4, 1), date(2018, 3, 31))


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("4,500 to 5,000 farmers, of whom 38% are women", "en"),
        ("2,000–2,500 smallholder farmers", "en"),
        ("Between 40 and 60 farmers", "en"),
        ("De 6 000 à 7 000 agriculteurs", "fr"),
        ("Entre 6.000 y 7.000 agricultores", "es"),
    ],
)
def test_neither_end_of_a_range_is_how_many_people_there_are(
    said: str, language: str, known: Graph
) -> None:
    draft = drafted(known, f"Country: Ghana\n\nBENEFICIARIES\n{said}.", language)
    assert draft.targets
    assert [target.count for target in draft.targets if target.count] == []
    assert [left.line for left in draft.left] == [4]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("Phase 2 – 3,000 households", [3000]),
        ("Phase 2 – 3,000–4,000 households", []),
        ("In 2009 – 1,200 women were trained", [1200]),
        ("In 2009 to 2,200 women", [2200]),
        ("Component 3 — 25 schools", [25]),
        ("2009-12: 45 schools", [45]),
        ("5 to 10 villages", []),
        ("5-10 villages", []),
        ("2 – 3 million people", []),
        ("2000-2500 people", []),
        ("2,000 – 2,500 people", []),
    ],
)
def test_a_dash_after_a_year_or_a_heading_makes_no_range(said: str, numbers: list[int]) -> None:
    assert [count.number for count in find_counts(said)] == numbers


def test_an_agency_that_leads_is_told_in_a_comma_after_it(known: Graph) -> None:
    draft = drafted(
        known,
        """Country: Ghana
Implementing agencies:
    - Food and Agriculture Organization of the United Nations (FAO), lead agency
    - UNICEF
    - UNFPA""",
    )
    roles = {part.known.slug: part.role for part in draft.parts if part.known}
    assert roles == {
        "fao": "lead-agency",
        "unicef": "implementing-agency",
        "unfpa": "implementing-agency",
    }


def test_lines_that_end_in_semicolons_are_objectives_each(known: Graph) -> None:
    draft = drafted(
        known,
        """PAYS
Ghana

OBJECTIFS
Réduire l’insécurité alimentaire ;
Prévenir les conflits autour des points d’eau ;
Créer des emplois pour les jeunes.""",
        "fr",
    )
    assert [objective.quote.line for objective in draft.objectives] == [5, 6, 7]


def test_a_list_within_an_objective_is_listed_and_not_quoted_with_it(known: Graph) -> None:
    draft = drafted(
        known,
        """Calm Shores for the Fishers of Ghana

OBJECTIVES
1. Raise incomes of households
   a. benches in six villages
   b. better roads to markets
2. Protect children from work at sea""",
    )
    assert [objective.quote.words for objective in draft.objectives] == [
        "Raise incomes of households",
        "Protect children from work at sea",
    ]
    assert [left.line for left in draft.left] == [5, 6]
