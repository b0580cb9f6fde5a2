"""What a question leaves out, bounds, compares or takes a share of is read in all its words."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID


def _things(graph: KnowledgeGraph, question: str) -> set[object]:
    return {row[0] for row in graph.ask(question).rows}


@pytest.mark.parametrize(
    ("question", "whole", "left_out"),
    [
        ("who gave money besides the Trust Fund?", "who funded programmes?", "untfhs"),
        ("¿Quién financió programas además del Fondo?", "who funded programmes?", "untfhs"),
        ("qui a financé des programmes hormis le Fonds ?", "who funded programmes?", "untfhs"),
        (
            "agencies other than UNDP that led programmes in Africa",
            "agencies that led programmes in Africa",
            "undp",
        ),
        (
            "Quelles agences, outre le PNUD, travaillent au Kosovo ?",
            "agencies that work in Kosovo",
            "undp",
        ),
        ("countries in Asia except Nepal", "countries in Asia", "nepal"),
        ("groups reached in Kenya apart from herders", "groups reached in Kenya", "herders"),
    ],
)
def test_one_of_the_things_asked_for_is_left_out_alone(
    graph: KnowledgeGraph, question: str, whole: str, left_out: str
) -> None:
    gone = _things(graph, whole) - _things(graph, question)
    assert {str(iri).rsplit("/", 1)[-1] for iri in gone} == {left_out}


def test_besides_joins_what_is_no_thing_asked_for(graph: KnowledgeGraph) -> None:
    both = _things(graph, "programmes on drought and floods")
    assert _things(graph, "programmes on drought besides floods") == both


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuánto dinero recibió cada agencia en El Salvador?",
        "how much money did each agency receive in El Salvador?",
        "Combien d'argent chaque agence a-t-elle reçu au Salvador ?",
    ],
)
def test_how_much_each_got_is_a_table_of_sums(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).columns == ("answer", "name", "total")


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("¿Qué programas duraron más de cuatro años?", "programmes longer than 48 months"),
        ("programmes lasting between 2 and 3 years", "programmes lasting 24 to 36 months"),
        (
            "programmes that ran for less than a year and a half",
            "programmes shorter than 18 months",
        ),
    ],
)
def test_a_length_with_its_bound_is_a_condition(
    graph: KnowledgeGraph, question: str, same: str
) -> None:
    found = _things(graph, question)
    assert found
    assert found == _things(graph, same)


@pytest.mark.parametrize(
    ("question", "part", "whole"),
    [
        (
            "what percentage of programmes is led by UNDP?",
            "how many programmes are led by UNDP?",
            "how many programmes are there?",
        ),
        (
            "¿Qué porcentaje de los programas está en Asia?",
            "how many programmes are in Asia?",
            "how many programmes are there?",
        ),
        (
            "Quelle part de l'argent va à l'Afrique ?",
            "how much money went to Africa?",
            "how much money did the Fund give in total?",
        ),
        (
            "what share of the money for Africa went to Kenya?",
            "how much money went to Kenya?",
            "how much money went to Africa?",
        ),
    ],
)
def test_a_share_is_told_with_its_part_and_its_whole(
    graph: KnowledgeGraph, question: str, part: str, whole: str
) -> None:
    share, one, all_ = graph.ask(question).rows[0]
    assert one == graph.ask(part).rows[0][0]
    assert all_ == graph.ask(whole).rows[0][0]
    assert share == pytest.approx(100 * float(str(one)) / float(str(all_)), abs=0.06)


@pytest.mark.parametrize(
    "question",
    [
        "Which threats are more common in Asia than in Africa?",
        "¿Qué amenazas son más comunes en Asia que en África?",
        "Quelles menaces sont plus fréquentes en Asie qu'en Afrique ?",
    ],
)
def test_what_one_place_has_more_of_is_told_with_both_numbers(
    graph: KnowledgeGraph, question: str
) -> None:
    rows = graph.ask(question).rows
    assert rows
    assert all(int(str(row[2])) > int(str(row[3])) for row in rows)


def test_parts_of_the_world_can_be_compared(graph: KnowledgeGraph) -> None:
    (row,) = graph.ask("Are there more programmes in Asia than in Africa?").rows
    assert row[2] == max(
        graph.ask(f"how many programmes are in {place}?").rows[0][0] for place in ("Asia", "Africa")
    )


@pytest.mark.parametrize(
    "question",
    ["name three projects about HIV in Asia", "cite trois projets en Asie", "nombra tres agencias"],
)
def test_a_number_before_what_is_asked_for_bounds_the_list(
    graph: KnowledgeGraph, question: str
) -> None:
    assert len(graph.ask(question).rows) == 3


def test_who_asks_for_organisations_also_where_it_is_joined_to_a_verb(
    graph: KnowledgeGraph,
) -> None:
    found = _things(graph, "Who is working with herders in the Horn of Africa?")
    assert found
    assert all("/organisation/" in str(iri) for iri in found)
    assert graph.ask("who is UNDP?").kind == "definition"


@pytest.mark.parametrize(
    "question",
    [
        "Was there a follow-up to the Phnom Penh slums project?",
        "Y a-t-il eu une suite au projet sur les bidonvilles de Phnom Penh ?",
        "¿Hubo una segunda fase del proyecto de Phnom Penh?",
    ],
)
def test_a_follow_up_is_the_programme_that_followed(graph: KnowledgeGraph, question: str) -> None:
    (row,) = graph.ask(question).rows
    assert "phase 2" in str(row[1])


def test_people_are_those_of_the_group_that_is_asked_about(graph: KnowledgeGraph) -> None:
    asked = graph.ask("How many refugees were reached in Africa?").rows
    assert 0 < len(asked) < len(graph.ask("How many people were reached in Africa?").rows)
    for question in (
        "Combien d'enfants soldats ont été aidés ?",
        "How many child soldiers were helped?",
    ):
        answer = graph.ask(question)
        assert not answer.answered
        assert answer.alternatives


@pytest.mark.parametrize(
    ("question", "place"),
    [("Qui a financé le programme au Sandjak ?", "Sandjak"), ("proyectos en Cisjordania", "West")],
)
def test_places_below_the_country_are_known_by_their_names_in_other_languages(
    graph: KnowledgeGraph, question: str, place: str
) -> None:
    assert graph.ask(question).rows
    assert place in question or graph.ask(f"projects in the {place} Bank").rows


def test_everyday_words_are_no_part_of_the_name_of_an_organisation(graph: KnowledgeGraph) -> None:
    read = graph.ask("Which programmes mention trust between communities?").reading
    assert not any("/organisation/" in (piece.iri or "") for piece in read)


def test_what_is_nearest_is_offered_where_a_list_is_empty(graph: KnowledgeGraph) -> None:
    answer = graph.ask("How do people cope with drought in Somalia?")
    assert not answer.rows
    without = [n for n, a in enumerate(answer.alternatives, 1) if "Somalia" in a.text]
    assert graph.ask(answer.question, other=without[0]).rows


@pytest.mark.parametrize("question", ["What went wrong in Kenya?", "¿Qué salió mal en Kenia?"])
def test_what_went_wrong_is_told_only_as_sources_tell_it(
    graph: KnowledgeGraph, question: str
) -> None:
    answer = graph.ask(question)
    assert not answer.answered
    assert answer.alternatives


def test_the_biggest_grants_are_several(graph: KnowledgeGraph) -> None:
    assert len(graph.ask("what were the biggest grants to Latin America?").rows) == 10


def test_sums_are_compared_where_money_is_asked_for(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Which agencies got more money in Africa than in Asia?")
    assert answer.columns == ("answer", "name", "total", "fewer")


@pytest.mark.parametrize(
    "question",
    [
        "What is more common in Asia, floods or drought?",
        "¿Qué es más común en Asia, las inundaciones o la sequía?",
    ],
)
def test_one_of_two_threats_is_told_with_what_is_narrower(
    graph: KnowledgeGraph, question: str
) -> None:
    (row,) = graph.ask(question).rows
    assert row[2] == max(
        graph.ask(f"how many programmes name {threat} in Asia?").rows[0][0]
        for threat in ("floods", "drought")
    )


@pytest.mark.parametrize("question", ["programas para ancianos", "programmes for the elderly"])
def test_older_people_are_a_group(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).rows


def test_a_comparison_of_all_with_one_is_refused(graph: KnowledgeGraph) -> None:
    assert not graph.ask("Which countries have more programmes than Kenya?").answered
    assert graph.ask("Which country has more programmes, Kenya or Peru?").answered


def test_what_is_nearest_to_a_refused_question_is_named_and_opens(graph: KnowledgeGraph) -> None:
    refused = graph.ask("Who is the president of Kenya?")
    assert not refused.answered
    assert not refused.rows
    assert [piece.taken_for for piece in refused.reading if piece.words == "president of"] == [
        "not in this graph"
    ]
    assert [nearest.text for nearest in refused.alternatives] == ["programmes · Kenya"]
    opened = graph.ask(refused.question, other=1)
    assert opened.rows == graph.ask("programmes in Kenya").rows


@pytest.mark.parametrize(
    ("question", "kind", "left_out"),
    [
        ("Where else than Sudan was mine action tried?", "Country", "place/sudan"),
        ("Where else besides Lebanon did anyone clear mines?", "Country", "place/lebanon"),
        ("Où d'autre qu'au Cambodge le PAM a-t-il travaillé ?", "Country", "place/cambodia"),
        (
            "Dans quels autres pays que la Thaïlande l'OIM a-t-elle travaillé ?",
            "Country",
            "place/thailand",
        ),
        ("¿En qué otros países que Perú trabajó la OPS?", "Country", "place/peru"),
        (
            "¿Qué otros proyectos tuvo ONU Mujeres además del de Haití?",
            "Project",
            "project/haiti-disaster-risk",
        ),
        ("Who else than UNDP worked in Sandžak?", "Agency", "organisation/undp"),
        (
            "Qui d'autre que le Fonds a financé le projet de Jubaland ?",
            "Organisation",
            "organisation/untfhs",
        ),
    ],
)
def test_than_and_besides_after_other_leave_out_what_they_name(
    graph: KnowledgeGraph, question: str, kind: str, left_out: str
) -> None:
    answer = graph.ask(question)
    assert answer.asked_for == kind
    things = {row[0] for row in answer.rows}
    assert things
    assert ID + left_out not in things
