"""No question, however hostile, gives an error, a query that is not ours, or takes long."""

from __future__ import annotations

import random

import pytest

from hsgraph.ask.answer import run
from hsgraph.ask.asker import LONGEST
from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.protocol import Limits
from hsgraph.engine.sparql.lexer import tokens
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from tests.clock import measured

SPARQL = (
    "SELECT * WHERE { ?s ?p ?o }",
    "projects in Kenya } UNION { ?s ?p ?o",
    '" . ?x ?y ?z . FILTER("a"="a',
    "<http://evil.example/> DROP ALL",
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "SERVICE <http://evil.example/sparql> { ?s ?p ?o }",
    'cassava"@en } #',
    'bicycles\\" ) || true || ("',
    "(.*)+$ [a-z]{1,99999} in names",
    "'; DROP TABLE projects; --",
    "{{ 7 * 7 }} ${7*7} <script>alert(1)</script>",
    "LOAD <file:///etc/passwd>",
)
WORDS = (
    "projects", "how many", "not", "or", "and", "in", "Kenya", "UNDP", "more than", "2005", "money",
    "poverty", "by", "between", "latest", "without", "causes", "of", "refugees", "compare", "$", "%"
)  # fmt: skip
OTHERS = (
    "我想知道肯尼亚的项目",
    "кто работает в Косово",
    "مشاريع في اليمن",
    "프로젝트",
    "โครงการในประเทศไทย",
    "Wie viele Projekte gibt es in Kenia?",
    "Quanti progetti in Perù?",
    "Ile projektów w Nepalu?",
)
SIGNS = (
    "\x00\x01\x02",
    "\u202e\u202dprojects",
    "🌍🔥💧" * 20,
    "\ud83d",
    "\ufeffKenya",
    "a\u0301" * 200,
    "\u200bprojects\u200b in\u200b Peru",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "\r\n\r\nSet-Cookie: a=b",
)


def hostile(count: int) -> list[str]:
    """Questions of many hostile kinds, the same each time."""
    chance = random.Random(15)
    made = [*SPARQL, *OTHERS, *SIGNS, "", " ", "?", "a" * 10_000, "projects " * 2_000]
    made += ["1" * 400, "9" * 999 + " projects", "1,2,3,4,5 or 6", "((((" * 100, "\n" * 500]
    while len(made) < count:
        kind = chance.randrange(4)
        if kind == 0:
            made.append(" ".join(chance.choices(WORDS, k=chance.randrange(1, 60))))
        elif kind == 1:
            made.append(" ".join(chance.choices((*SPARQL, *WORDS), k=4)))
        elif kind == 2:
            made.append("".join(chr(chance.randrange(32, 0x3000)) for _ in range(200)))
        else:
            made.append(" ".join((*chance.choices(WORDS, k=5), chance.choice((*OTHERS, *SIGNS)))))
    return made


QUESTIONS = hostile(500)
SECONDS = 0.5


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_five_hundred_hostile_questions_are_answered_or_refused_in_time(
    graph: KnowledgeGraph, first: int
) -> None:
    slow = []
    graph.ask("programmes")  # the first question reads the words
    for question in QUESTIONS[first : first + 100]:
        with measured() as seconds:
            answer = graph.ask(question)
        if seconds.taken > SECONDS:
            slow.append((question[:80], seconds.taken))
        assert answer.text or answer.answered
        if answer.query is not None:
            _is_ours(answer.query)
        for alternative in answer.alternatives:
            _is_ours(alternative.query)
    assert not slow


def _is_ours(query: str) -> None:
    words = {token.upper for token in tokens(query) if token.kind == "word"}
    assert not words & {"INSERT", "DELETE", "DROP", "LOAD", "SERVICE", "CLEAR", "CREATE"}
    assert "evil.example" not in query
    assert "?s ?p ?o" not in query


def test_names_of_many_words_are_looked_for_in_time(graph: KnowledgeGraph) -> None:
    graph.ask("programmes")  # the first question reads the words
    with measured() as seconds:
        graph.ask(f"Does the {'human security ' * 20} project work?")
    assert seconds.taken < 2 * SECONDS


def test_long_questions_are_refused_with_the_limit(graph: KnowledgeGraph) -> None:
    answer = graph.ask("projects in Kenya " * 100)
    assert not answer.answered
    assert f"{LONGEST:,}" in (answer.reason or "")


def test_the_page_shows_each_hostile_question_as_text(graph: KnowledgeGraph) -> None:
    client = create_app(graph, graph.settings).test_client()
    for question in QUESTIONS[:60]:
        if not question.isprintable() or len(question.encode(errors="replace")) > 3000:
            continue
        answer = client.get("/ask", query_string={"q": question})
        assert answer.status_code == 200, question
        assert "<script>alert" not in answer.text


def test_a_question_too_long_for_an_address_may_be_posted(graph: KnowledgeGraph) -> None:
    client = create_app(graph, graph.settings).test_client()
    answer = client.post("/ask", data={"q": "ñ" * 10_000}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["answered"] is False


def test_numbers_that_json_has_not_are_told_as_they_are_written() -> None:
    values = '"INF"^^xsd:double "NaN"^^xsd:double "some"^^xsd:integer "1e400"^^xsd:decimal 7 1.5'
    query = f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"
    table = run(EmbeddedEngine([]), query, Limits(10, 100_000))
    assert [x for (x,) in table.rows] == ["INF", "NaN", "some", "1e400", 7, 1.5]
