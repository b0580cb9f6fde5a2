"""What is asked for is read from the shape of a question: sums, tables, ends of an order, sizes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from hsgraph.errors import BadRequest
from hsgraph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    "question",
    [
        "What did the Fund pay out for programmes against human trafficking?",
        "¿Qué pagó el Fondo por los programas contra la trata de personas?",
        "Qu'a versé le Fonds pour les réfugiés ?",
        "What did Kenya receive?",
    ],
)
def test_what_was_paid_is_a_sum(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).kind == "money"


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("¿Qué países recibieron más dinero?", 10),
        ("¿Qué país recibió más dinero?", 1),
        ("Quels pays ont reçu le plus d'argent ?", 10),
        ("Quel pays a reçu le plus d'argent ?", 1),
        ("which programmes were the shortest?", 10),
        ("which programme was the shortest?", 1),
    ],
)
def test_an_end_of_an_order_has_several_where_several_are_asked_for(
    graph: KnowledgeGraph, question: str, rows: int
) -> None:
    assert len(graph.ask(question).rows) == rows


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("programas innovadores en África", "innovadores"),
        ("Which projects had an independent final evaluation?", "independent"),
        ("programmes that meet these criteria: Africa, drought", "these criteria"),
        ("projects of UNESCO headquarters", "headquarters"),
    ],
)
def test_a_word_that_the_graph_does_not_measure_is_said_to_be_no_condition(
    graph: KnowledgeGraph, question: str, word: str
) -> None:
    answer = graph.ask(question)
    nothing = graph.asker.lexicon.text("label-no-condition", answer.language)
    assert {piece.words: piece.taken_for for piece in answer.reading}[word] == nothing
    assert answer.rows


@pytest.mark.parametrize(
    ("question", "word", "end", "same"),
    [
        (
            "small projects in Africa",
            "small",
            "smallest",
            "the ten programmes in Africa with the least money",
        ),
        (
            "grands projets en Afrique",
            "grands",
            "largest",
            "the ten programmes in Africa with the most money",
        ),
        (
            "Which small projects are there in Asia?",
            "small",
            "smallest",
            "the ten programmes in Asia with the least money",
        ),
        (
            "Quels petits projets y a-t-il en Asie ?",
            "petits",
            "smallest",
            "the ten programmes in Asia with the least money",
        ),
        (
            "¿Qué proyectos pequeños hay en Asia?",
            "pequeños",
            "smallest",
            "the ten programmes in Asia with the least money",
        ),
    ],
)
def test_programmes_of_a_size_are_an_end_of_their_order_by_money_and_said_so(
    graph: KnowledgeGraph, question: str, word: str, end: str, same: str
) -> None:
    answer = graph.ask(question)
    told = graph.asker.lexicon.text(f"other-{end}", answer.language)
    assert {piece.words: piece.taken_for for piece in answer.reading}[word] == told
    assert [row[0] for row in answer.rows] == [row[0] for row in graph.ask(same).rows]
    every = graph.asker.lexicon.text("other-all", answer.language)
    assert every in [alternative.text for alternative in answer.alternatives]


@pytest.mark.parametrize(
    "question",
    [
        "compare the Honduras programme with the Sonsonate one",
        "compara el programa de Honduras con el de Sonsonate",
        "what is the difference between the Honduras programme and the Sonsonate programme?",
    ],
)
def test_two_programmes_are_set_side_by_side(graph: KnowledgeGraph, question: str) -> None:
    found = {str(row[0]).rsplit("/", 1)[-1] for row in graph.ask(question).rows}
    assert found == {"honduras-violence-reduction", "el-salvador-sonsonate"}


def test_what_happened_after_a_programme_is_what_sources_report_of_it(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.ask("what happened after Canton 10 ended")
    assert answer.asked_for == "Outcome"
    assert "Final evaluation, March 2017" in {row[1] for row in answer.rows}
    assert graph.asker.lexicon.text("note-undated", "en") in answer.notes


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("projets avec des plateformes multifonctionnelles", "multifunctional platforms"),
        ("proyectos de arroz", "projects about rice"),
        ("villages intelligents au Libéria", "smart villages in Liberia"),
    ],
)
def test_what_only_english_names_tell_is_found_in_other_languages(
    graph: KnowledgeGraph, question: str, same: str
) -> None:
    found = {row[0] for row in graph.ask(question).rows}
    assert found
    assert found == {row[0] for row in graph.ask(same).rows}


def test_a_noun_after_what_is_done_tells_where_not_what(graph: KnowledgeGraph) -> None:
    assert graph.ask("solar energy villages").asked_for == "Project"
    assert graph.ask("villages with solar energy").asked_for == "Municipality"


def test_what_is_part_of_one_programme_is_told_with_it(graph: KnowledgeGraph) -> None:
    for question in ("which evaluations are there", "objectives in Honduras"):
        assert graph.ask(question).columns == ("answer", "name", "programme", "programmeName")


@pytest.mark.parametrize("question", ["agences chefs de file par projet", "partners by programme"])
def test_what_each_programme_has_is_told_beside_it(graph: KnowledgeGraph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.columns == ("answer", "name", "programme", "programmeName")
    assert all("/id/organisation/" in str(row[0]) for row in answer.rows)


def test_a_table_of_numbers_counts_the_things_that_are_asked_for(graph: KnowledgeGraph) -> None:
    counted = {row[1]: row[2] for row in graph.ask("number of agencies by country").rows}
    assert counted["Bhutan"] == len(graph.ask("which agencies work in Bhutan?").rows)


def test_the_kind_of_a_sum_is_told_in_the_language_of_the_question(graph: KnowledgeGraph) -> None:
    answer = graph.ask("budget du programme de Soacha")
    told = dict(zip(answer.columns, answer.rows[0], strict=True))
    assert told["kindName"] == "Contribution du Fonds"


def test_a_sentence_that_only_leads_to_the_question_may_have_any_words(
    graph: KnowledgeGraph,
) -> None:
    asked = "What has the Fund supported in the Solomon Islands so far?"
    answer = graph.ask(f"My cousin juggles zeppelins. {asked}")
    assert answer.rows == graph.ask(asked).rows
    assert "zeppelins" in answer.unknown
    assert graph.asker.lexicon.text("note-sentence", "en") in answer.notes


def test_who_asks_is_no_condition_where_it_would_leave_nothing(graph: KnowledgeGraph) -> None:
    asked = "Could you list the biggest programmes in Bolivia?"
    answer = graph.ask(f"I am new at UNIDO. {asked}")
    assert answer.rows
    assert answer.rows == graph.ask(asked).rows


def test_people_of_a_clause_are_not_asked_for(graph: KnowledgeGraph) -> None:
    assert graph.ask("programmes about people whose homes were flooded").asked_for == "Project"


def test_an_adjective_before_an_idea_is_passed_over_and_named(graph: KnowledgeGraph) -> None:
    answer = graph.ask("projects against fearsome floods in Asia")
    assert answer.rows == graph.ask("projects against floods in Asia").rows
    assert answer.unknown == ["fearsome"]


def test_who_gave_the_money_is_no_place_of_the_programme(graph: KnowledgeGraph) -> None:
    answer = graph.ask("When was Japan's support for the Soacha project announced?")
    read = {piece.words: piece.taken_for for piece in answer.reading}
    assert answer.kind == "date"
    assert read["Japan"] == graph.asker.lexicon.text("label-no-programme", "en")
    assert not graph.ask("projects in Japan").answered


@pytest.mark.parametrize("verb", ["rénové", "équipé"])
def test_what_is_built_is_something_done_not_a_threat(graph: KnowledgeGraph, verb: str) -> None:
    answer = graph.ask(f"où a-t-on {verb} des écoles ?")
    read = [piece.iri or "" for piece in answer.reading if "écoles" in piece.words]
    assert "/intervention-type/" in read[0]


def test_a_not_reaches_over_words_that_say_nothing(graph: KnowledgeGraph) -> None:
    without = graph.ask("Quels pays d'Asie n'ont jamais eu de programme avec l'UNICEF ?").rows
    having = graph.ask("Quels pays d'Asie ont eu un programme avec l'UNICEF ?").rows
    assert without
    assert not {row[0] for row in without} & {row[0] for row in having}


def test_the_only_programme_of_a_town_is_meant_whatever_its_name(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Quand le projet sur les enfants à risque de Thiès a-t-il été annoncé ?")
    assert [row[0] for row in answer.rows] == ["2008-11-18"]


def test_a_table_of_those_that_lead_has_only_those_that_are_said_to(graph: KnowledgeGraph) -> None:
    led = graph.ask("agencies that led the most programmes")
    named = graph.ask("lead agencies by programme")
    assert graph.ask("grants per lead agency").asked_for == "Agency"
    note = graph.asker.lexicon.text("note-led", "en")
    assert note not in led.notes
    assert {row[0] for row in led.rows} <= {row[0] for row in named.rows}
    assert note in graph.ask("who led the Darfur programme?").notes


@pytest.mark.parametrize(
    "question",
    ["How much does the World Bank lend to Uganda?", "¿Cuándo volverá a llover en Honduras?"],
)
def test_money_of_others_and_the_weather_are_refused(graph: KnowledgeGraph, question: str) -> None:
    assert not graph.ask(question).answered


@pytest.mark.parametrize(
    ("question", "language"), [("¿Kenya?", "es"), ("Kenya : façade", "fr"), ("Kenya?", "en")]
)
def test_signs_and_letters_tell_the_language(
    graph: KnowledgeGraph, question: str, language: str
) -> None:
    assert graph.ask(question).language == language


def test_what_words_end_in_and_how_names_are_shortened_is_in_the_lexicon(
    graph: KnowledgeGraph,
) -> None:
    names = graph.asker.lexicon.gazetteer
    assert set(names.plurals) == {"s", "x"}
    assert names.is_plural("projet", "projets")
    assert not names.is_plural("pared", "parar")
    read = graph.ask("Has UN Population Fund worked in Nepal?").reading
    assert read[0].taken_for == "United Nations Population Fund"


@pytest.mark.parametrize(
    ("listed", "joined"),
    [
        ("programmes by UNDP, UNICEF or FAO", "programmes by UNDP or UNICEF or FAO"),
        (
            "programmes for women, children or refugees",
            "programmes for women or children or refugees",
        ),
        ("programas de la FAO, UNICEF o PNUD", "programas de la FAO o UNICEF o PNUD"),
        (
            "programmes not involving UNDP, UNICEF or FAO",
            "programmes not involving UNDP or UNICEF or FAO",
        ),
    ],
)
def test_or_joins_what_commas_list_before_it(
    graph: KnowledgeGraph, listed: str, joined: str
) -> None:
    found = {row[0] for row in graph.ask(listed).rows}
    assert found
    assert found == {row[0] for row in graph.ask(joined).rows}


def test_or_joins_no_name_that_no_comma_parts_from_another(graph: KnowledgeGraph) -> None:
    women = {row[0] for row in graph.ask("programmes for women").rows}
    found = {row[0] for row in graph.ask("programmes for women refugees or migrants").rows}
    assert found
    assert found <= women


@pytest.mark.parametrize(
    "question",
    [
        "Les programmes en Haïti impliquent-ils le PNUD ?",
        "Le programme en Haïti implique-t-il le PNUD ?",
    ],
)
def test_a_verb_before_its_pronoun_asks_for_yes_or_no(graph: KnowledgeGraph, question: str) -> None:
    assert graph.ask(question).kind == "boolean"


@pytest.mark.parametrize(
    "question",
    ["programmes on drought in Kenya", "flower festivals in Kenya", "how poor is Kenya?"],
)
def test_each_reading_that_is_offered_can_be_had_and_no_more(
    graph: KnowledgeGraph, question: str
) -> None:
    offered = graph.ask(question).alternatives
    assert offered
    for number, alternative in enumerate(offered, 1):
        assert graph.ask(question, other=number).query == alternative.query
    with pytest.raises(BadRequest, match=rf": {len(offered)}; none has the number 99"):
        graph.ask(question, other=99)


@pytest.mark.parametrize(("other", "told"), [("99", "99"), ("-1", "other"), ("two", "other")])
def test_a_page_and_json_refuse_a_reading_that_there_is_not(
    client: FlaskClient, other: str, told: str
) -> None:
    for kind in ("application/json", "text/html"):
        asked = {"q": "programmes on drought in Kenya", "other": other}
        answer = client.get("/ask", query_string=asked, headers={"Accept": kind})
        assert answer.status_code == 400
        assert told in answer.text


def test_or_between_verbs_joins_no_name_before_their_noun(graph: KnowledgeGraph) -> None:
    both, one = "UNHCR programmes that built or repaired homes", "UNHCR programmes that built homes"
    assert {row[0] for row in graph.ask(both).rows} == {row[0] for row in graph.ask(one).rows}


def test_how_much_of_things_is_how_many(graph: KnowledgeGraph) -> None:
    much, many = (
        graph.ask(f"how {word} countries in Asia have programmes?") for word in ("much", "many")
    )
    assert (much.kind, much.rows) == ("number", many.rows)


def test_what_is_offered_instead_rests_on_no_guess(graph: KnowledgeGraph) -> None:
    answer = graph.ask("Which donors will pledge next year?")
    assert not answer.answered
    assert not any("pledge" in other.text for other in answer.alternatives)
