"""The guard sees through strings, IRIs and comments, and says what is wrong in a human way."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsgraph.engine.embedded import EmbeddedEngine
from hsgraph.engine.sparql import guard
from hsgraph.engine.sparql.diagnose import syntax_error
from hsgraph.engine.sparql.grammar import first_wrong
from hsgraph.engine.sparql.guard import inspect
from hsgraph.engine.sparql.lexer import pieces, tokens, tokens_from_order
from hsgraph.engine.sparql.mistakes import mistake
from hsgraph.engine.sparql.rewriting import sorts, with_total_order
from hsgraph.errors import QueryRefused, QuerySyntaxError, QueryTooLarge, UpdateRefused
from hsgraph.formats import RESULTS_JSON, TURTLE
from hsgraph.questions import questions
from hsgraph.settings import Settings
from tests.clock import measured

FORMATS = {"select": RESULTS_JSON, "ask": RESULTS_JSON, "construct": TURTLE, "describe": TURTLE}


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "select"),
        ("# INSERT\nPREFIX insert: <http://e/delete> ask { ?s insert:x 'LOAD' }", "ask"),
        ("BASE <http://e/> construct { ?s ?p ?o } WHERE { ?s ?p ?o }", "construct"),
        ("DESCRIBE <http://e/SELECT>", "describe"),
        ("nonsense", None),
    ],
)
def test_the_form_is_told_by_the_first_keyword_that_counts(query, form):
    assert inspect(query).form == form


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
        "PREFIX e: <http://e/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/x>",
        "clear all",
        "WITH <http://e/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP SILENT DEFAULT",
    ],
)
def test_updates_are_refused_as_such(update):
    with pytest.raises(UpdateRefused, match="queries only"):
        inspect(update)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://h/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://h/> { ?s ?p ?o } }",
        "SELECT * { SERVICE#c\n<http://h/>{?s ?p ?o} }",
        "PREFIX h: <http://h/> SELECT*{SERVICE h: {?s ?p ?o}}",
        "SELECT * { ?a ?b '#' . SERVICE <http://h/> { ?s ?p ?o } }",
        "SELECT * { <http://e/\\u0061#> ?b '''a''' . SERVICE <http://h/> { ?s ?p ?o } }",
        "SELECT * { ?a <http://e/#x> 'it\\'s' SERVICE <http://h/> { ?s ?p ?o } }",
        "PREFIX e: <http://e/> SELECT * { e:a\\#b ?b ?c SERVICE <http://h/> { ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b) SERVICE <http://h/> { ?s ?p ?o } }",
        "BASE <http://h/> SELECT * { SERVICE <> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<http://h/>{ ?s ?p ?o } }",
        "PREFIX e: <http://h/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
        "PREFIX e: <http://h/> SELECT * { ?s ?p 1SERVICESILENTe:x#{\n{ ?s ?p ?o } }",
        "PREFIX SERVICE: <http://h/> SELECT * { SERVICESERVICE:{ ?s ?p ?o } }",
        "PREFIX e: <http://h/> ASK { SERVICEe:cafe\u0301 {} }",
        "PREFIX e: <http://h/> ASK { SERVICEe:\u3002 {} }",
        "PREFIX e\u203f: <http://h/> ASK { FILTER(1<'x'||1<'>'||1<2)SERVICE e\u203f: {} }",
        "SELECT * { ?a ?b ?c FILTER(?a<'x>')SERVICE<http://h/>{?s ?p ?o}FILTER('a'='a') }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b#> '''\n)SERVICE<http://h/>{?s ?p ?o}#''' \n }",
        'SELECT * { VALUES ?x { """a" } SERVICE<http://h/>{?s ?p ?o} }',
        "ASK { <SERVICE-SERVICE#>\n<http://h/>{?s ?p ?o} }",
        "ASK { <SERVICE-SERVICESILENT#>\n<http://h/>{?s ?p ?o} }",
        "ASK { <SERVICE-a/SERVICEe:x#>\n{?s ?p ?o} }",
        "ASK { <SERVICE:x/SERVICE<a#b>{?s ?p ?o} }",
        "SELECT * { VALUES (?x ?y) { (<http://e/a> <http://e/#b>) } SERVICE<http://h/>{} }",
    ],
)
def test_a_service_is_refused_wherever_it_hides(query):
    with pytest.raises(QueryRefused, match="SERVICE is not allowed"):
        inspect(query)


def test_a_service_bound_by_a_variable_is_refused_even_when_its_value_is_allowed():
    query = "SELECT * { VALUES ?e { <http://h/> } SERVICE ?e { ?s ?p ?o } }"
    with pytest.raises(QueryRefused, match=r"call \?e"):
        inspect(query, Settings(allow_service=("http://h/",)))


def test_a_refused_service_is_named():
    with pytest.raises(QueryRefused, match="call <http://h/>"):
        inspect("SELECT * { SERVICE SILENT <http://h/> { ?s ?p ?o } }")


def test_an_endpoint_is_not_allowed_by_way_of_a_prefix():
    query = "PREFIX a: <http://a/> PREFIXa:<http://evil/> SELECT * { SERVICE a:x { ?s ?p ?o } }"
    with pytest.raises(QueryRefused):
        inspect(query, Settings(allow_service=("http://a/x",)))


HOSTILE = [
    '"\\',
    '\n\\"""',
    "a.",
    "<",
    "SERVICE ",
    "'\n",
    "((",
    "a.b-",
    "<#SERVICE>",
    "<\\'SERVICE>",
]


READ_IN_TWO_WAYS = [
    *(
        f"ASK {{ ?s ?p <{name * 9_000}'> }}"
        for name in ("SERVICE-", "SERVICE:x/", "SERVICESILENTx.")
    ),
    f"ASK {{ <xSERVICEx#> {'<x#> ' * 19_000} }}",
]


@pytest.mark.parametrize(
    "query", [*((piece * 100_000)[:100_000] for piece in HOSTILE), *READ_IN_TWO_WAYS]
)
def test_the_scan_takes_time_in_proportion_to_the_text(query):
    with measured() as seconds, contextlib.suppress(QueryRefused, QueryTooLarge):
        inspect(query, Settings(query_length=200_000))
    assert seconds.taken < 1


@pytest.mark.parametrize("value", ["?x ", "(1)"])
def test_a_sort_by_many_things_takes_time_in_proportion_to_the_text(value):
    query = f"SELECT ?x {{}} ORDER BY {value * 30_000}"
    with measured() as seconds:
        assert sorts(query)
        assert with_total_order(query).count("isNumeric") == 30_000
    assert seconds.taken < 1


def test_a_sort_inside_what_is_sorted_by_stays_as_it_is():
    query = "SELECT ?x { VALUES ?x { 1 } } ORDER BY (EXISTS { SELECT ?y {} ORDER BY ?y }) ?x"
    EmbeddedEngine([]).run(with_total_order(query))
    assert with_total_order(query).count("{ SELECT ?y {} ORDER BY ?y }") > 1


def test_an_allowed_service_passes_and_no_other():
    query = "SELECT * { SERVICE SILENT <http://h/> { ?s ?p ?o } }"
    assert inspect(query, Settings(allow_service=("http://h/",))).form == "select"
    with pytest.raises(QueryRefused):
        inspect(query, Settings(allow_service=("http://other/",)))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://h/> {}' }",
        "# SERVICE <http://h/>\nASK {}",
        "PREFIX service: <http://h/> ASK { service:SERVICE ?p <http://e/SERVICE> }",
        'ASK { ?s ?p """ " SERVICE <http://h/> { """ }',
        "PREFIX service: <http://e/> ASK { GRAPH service:g { ?s service:p 'SERVICE <x> {' } }",
        "SELECT * { ?s <http://e/service#x> 'service <a> {' } # SERVICE <x> {",
    ],
)
def test_the_word_service_is_harmless_where_it_is_no_keyword(query):
    assert inspect(query).form in ("ask", "select")


def test_length_and_depth_are_bounded():
    with pytest.raises(QueryTooLarge, match=r"10,000,001 characters; at most 100,000"):
        inspect("#" * 10_000_001)
    with pytest.raises(QueryRefused, match="deep"):
        inspect("SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }")


def test_the_dataset_clause_is_read_with_prefixes_and_base():
    found = inspect(
        "BASE <http://b/> PREFIX e: <http://e/> SELECT * FROM <g> FROM NAMED e:h "
        "FROM <http://x/> WHERE { ?from ?p 'FROM <http://no/>' }"
    ).dataset
    assert found.default_graphs == ("http://b/g", "http://x/")
    assert found.named_graphs == ("http://e/h",)


@pytest.mark.parametrize(
    ("query", "graph"),
    [
        ("ASK FROM <http://e/g#> {}", "http://e/g#"),
        ("ASK FROM <HTTP://e/a/../g> {}", "HTTP://e/a/../g"),
        ("BASE <http://e/a/b> ASK FROM <../g> {}", "http://e/g"),
        ("PREFIX e: <http://e/gr\\u0061/> ASK FROM e:ph {}", "http://e/gra/ph"),
        ("ASK FROM <http://[> {}", "http://["),
    ],
)
def test_a_graph_is_named_as_the_body_of_the_query_would_name_it(query: str, graph: str) -> None:
    assert inspect(query).dataset.default_graphs == (graph,)


_PIECES = (
    "ORDER",
    "by",
    "'",
    '"',
    '"""',
    "#",
    "\n",
    " ",
    "<",
    ">",
    "?a",
    "e:ORDER",
    "?ORDER",
    "@order",
    "\\",
    ":",
    "}ORDER\n",
    "<o>",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_the_tokens_from_order_on_are_those_that_all_tokens_have_there(query):
    first = [token.upper for token in tokens(query)]
    start = first.index("ORDER") if "ORDER" in first else len(first)
    assert tokens_from_order(query) == tokens(query)[start:]


def test_the_lexer_loses_no_character():
    query = 'SELECT ?x { ?x a \'un"closed }\n"""long\n"" text""" <a b> é:ü@en--ltr _:b 1.5e3 ^^ }'
    assert "".join(piece.text for piece in pieces(query)) == query


@pytest.mark.parametrize(
    ("query", "line", "column", "says"),
    [
        ("SELECT * WHERE {\n  ?s foo:a ?y\n}", 2, 6, r"prefix “foo:” is not declared"),
        ("SELECT * WHERE {\n  ?s ?p ?o", 1, 16, r"This “{” is never closed"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, r"“}” closes nothing"),
        ('ASK { ?s ?p "abc }', 1, 13, r"not closed on its line"),
        ("ASK { FILTER(?x = 1 }", 1, 21, r"“\)” was expected here, for the “\(” opened"),
        ("SELECT * { ?s ?p ?o } LIMIT -1", 1, 29, r"“-” is not expected here.*a number"),
        ("SELECT ?x ?y { ?x ?p ?y } GROUP BY ?x", 1, 11, r"variable that is unbound"),
        ("SELECT * { ?s ?p ?o } trailing", 1, 23, r"“trailing” is not expected here"),
        ("SELECT * { ?s ?p ?o } ORDER BY", 1, 31, r"ends too early.*a variable"),
        ("", 1, 1, r"ends too early"),
        ("{ ?s ?p ?o } LIMIT 10", 1, 1, r"“{” is not expected here. Expected ASK"),
        ("(1) x", 1, 1, r"“\(” is not expected here"),
        ("SELECT * { ?s ?p ?o FILTER NOT (?o = 3) }", 1, 28, r"Write FILTER\(! …\)"),
        ("PREFIX e: <http://e/>\nSELEC ?x { ?x ?p ?o }", 2, 1, r"“SELEC”.*Expected.*SELECT"),
        ("SELECT { ?x ?p ?o }", 1, 8, r"Expected a variable.*“\*”"),
        ("SELECT ?x { ?x a }", 1, 18, r"before “}” is not complete: it lacks a value"),
        ("SELECT ?x { ?x ; a ?y }", 1, 16, r"lacks a property and a value"),
        ("SELECT ?x { ?x a ?y ; skos:broader }", 1, 36, r"lacks a value"),
        ("SELECT ?x { ?x a ?y ?x ?p ?o }", 1, 21, r"“\?x” is not expected here. The triple before"),
        ("SELECT ?x { ?x a ?y FILTER }", 1, 28, r"“}” is not expected here. Expected a function"),
        ("SELECT ?x { ?x ?p ?y FILTER(?y > ) }", 1, 34, r"Expected an expression"),
        (
            "SELECT (COUNT(?x) AS n) { ?x ?p ?y }",
            1,
            22,
            r"“n” is not expected here. Expected a variable",
        ),
        ("SELECT ?x { ?x ?p ?y } ORDER ?x", 1, 30, r"Expected BY"),
        ("SELECT ?x, ?y { ?x ?p ?y }", 1, 10, r"without “,”"),
        ("SELECT COUNT(*) { ?x ?p ?y }", 1, 8, r"in parentheses, with a name"),
        ("SELECT ?x (MAX(?y)) { ?x ?p ?y } GROUP BY ?x", 1, 19, r"“\)” has no name: write AS"),
        ("SELECT ?x STR(?y) { ?x ?p ?y }", 1, 11, r"in parentheses, with a name"),
        ("SELECT (1 AS ?x), ?y { ?x ?p ?y }", 1, 17, r"without “,”"),
        ("SELECT ?x HWERE { ?x ?p ?y }", 1, 11, r"“HWERE” is not expected here. Expected a var"),
        ("SELECT * { ?x ?p ?y . . }", 1, 23, r"“\.” is not expected here"),
        ("SELECT * { ?x ?p ?y, }", 1, 22, r"before “}” is not complete: it lacks a value"),
        ("SELECT * { ?x ?p ?y FILTER ?y > 1 }", 1, 28, r"Expected a function, .* “\("),
        ("SELECT * { ?x ?p ?y FILTER(?y == 1) }", 1, 32, r"Write = for =="),
        ("SELECT * { ?x ?p ?y FILTER(?y AND ?x) }", 1, 31, r"Write && for AND"),
        ("SELECT * { ?x ?p ?y UNION { ?a ?b ?c } }", 1, 21, r"two groups in braces"),
        ("SELECT * { ?s ?p <a b> }", 1, 18, r"“<a b>” is not an IRI"),
        ("SELECT (<http://[>(1) AS ?x) {}", 1, 9, r"“<http://\[>” is not an IRI"),
        ("SELECT * { . }", 1, 12, r"“\.” is not expected here\.$"),
        ("SELECT * { ?s ?p ?o OPTIONAL { , } }", 1, 32, r"“,” is not expected here\.$"),
        ("SELECT * { ?s ?p ?o FILTER(?o) . . }", 1, 34, r"“\.” is not expected here\.$"),
        ("SELECT * { ?s ?p ?o . . FILTER(?o > ) }", 1, 23, r"“\.” is not expected here"),
        ("SELECT * { ?s ?p ?o FILTER(NOT ?o = 3) }", 1, 28, r"Write ! for NOT"),
        ("SELECT * { ?s ?p ?o FILTER(NOT bound(?o)) }", 1, 28, r"Write ! for NOT"),
        ("SELECT * { ?s ?p ?o FILTER(NOT EXIST { }) }", 1, 32, r"Expected EXISTS"),
        ("ASK { ?s ?p `x` }", 1, 13, r"grave accent.*write '"),
        ("ASK { ?s ?p ″x″ }", 1, 13, r'double prime.*write "'),
        ("ASK", 1, 4, r"Expected FROM, WHERE or “{”"),
        ("SELECT * { ?s ?p ?o\nFILTER(<http://e/f>(?s)) }", 2, 8, r"function <http://e/f>"),
    ],
)
def test_a_broken_query_is_told_where_and_what(query, line, column, says):
    with pytest.raises(QuerySyntaxError, match=says) as caught:
        EmbeddedEngine([]).answer(query, FORMATS)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "\\u" not in caught.value.message
    assert "ENCODE_FOR_URI" not in caught.value.message


SOUND = [
    "SELECT (COUNT(*) AS ?n) { ?s a/skos:broader* ?o . FILTER(?o != -3) } GROUP BY ?s",
    "SELECT * { ?s ?p 'x'@en , \"y\"^^xsd:string ; ?q (1 [ ?a 2 ]) . VALUES (?s) { (UNDEF) } }",
    "SELECT * { [] a ?x . { SELECT ?x (MAX(?y) AS ?m) { ?x ?p ?y } GROUP BY ?x } ?x ?q true ; }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://e/> { GRAPH ?g { ?s ?p ?o } OPTIONAL { ?o a ?c } }",
    "ASK { ?s ?p ?o . FILTER NOT EXISTS { ?s ?p 1 } MINUS { ?o ?q 2 } BIND(?o + 1 AS ?z) ?z ?y 3 }",
    "DESCRIBE ?s WHERE { ?s ^(skos:broader|skos:narrower)+ ?o . FILTER regex(?o, 'x') ?o a ?t }",
    "SELECT DISTINCT ?s (STR(?o) AS ?n) (COUNT(*) AS ?c) { ?s ?p ?o , 2 } GROUP BY ?s ?o",
    "ASK { { ?s ?p ?o } . { ?o ?p ?s } UNION { } . ?s ?p 1.5 . FILTER(?o NOT IN (1, 2)) }",
    *(question.with_defaults for question in questions()),
]
EXTENSIONS = [
    "VERSION '1.2' BASE <http://e/> VERSION \"1.1\" ASK {}",
    "SELECT * { ?s ?p ?o . LATERAL { ?o ?q ?r } . ?s ?p 1 }",
    "ASK { ?s ?p ?o FILTER(hasLANG(?o) || hasLANGDIR(?o) || LANGDIR(?o) = 'ltr') }",
    "SELECT (STRLANGDIR('a', 'en', 'ltr') AS ?x) (ADJUST(?o, ?p) AS ?y) { ?s ?p ?o }",
    "SELECT (TRIPLE(?s, ?p, ?o) AS ?t) { ?s ?p ?o FILTER isTRIPLE(?o) }",
    "SELECT * { ?s ?p ?o BIND(SUBJECT(?o) AS ?a) } ORDER BY PREDICATE(?o) OBJECT(?o)",
    "ASK { << ?s ?p ?o >> ?q <<( ?a ?b ?c )>> ~ ?r {| ?d ?e |} }",
    "ASK { ?s ?p 1.e3 , -1.e3 , .5 , -.5 , +.5e3 , 1. FILTER(!!?o && !-?o && 1 -.5 = .5) }",
    "CONSTRUCT { . } {}",
]
"""What the engine takes of SPARQL 1.2 and beyond, and what is rarely written."""


@pytest.mark.parametrize("query", [*SOUND, *EXTENSIONS])
def test_no_mistake_is_seen_in_a_sound_query(query):
    EmbeddedEngine([]).answer(query, FORMATS)
    assert mistake(tokens(query)) is None
    assert first_wrong(tokens(query)) is None


def test_mistakes_are_sought_in_the_time_of_the_query():
    """Counts nested in conditions, and in selections, were looked for anew in each of them."""
    body = "?a ?b ?c ." * 4000
    filters = "ASK {" + "FILTER(EXISTS {" * 200 + body + "})" * 200 + "}"
    selects = (
        "SELECT " + "(EXISTS { SELECT " * 200 + "(1 AS ?x)" * 4000 + "{} } AS ?y)" * 200 + "{}"
    )
    for found in (tokens(filters), tokens(selects)):
        with measured() as seconds:
            assert mistake(found) is None
        assert seconds.taken < 0.5


def test_a_complaint_that_is_not_understood_is_passed_on():
    assert syntax_error("ASK {}", "something odd").message == "Something odd."


def test_a_complaint_that_an_endpoint_made_up_is_read_in_the_time_of_its_length():
    with measured() as seconds:
        syntax_error("ASK {}", f"error at 1:1: expected one of {chr(34)}[{'.;' * 5_000}'.' '")
        syntax_error("ASK {}", "error at 1:1: expected one of [" + "'.'" * 9_000)
    assert seconds.taken < 1


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.slug)
def test_the_quick_look_learns_what_the_whole_scan_does(question, monkeypatch):
    learnt = inspect(question.query)
    monkeypatch.setattr(guard, "_plain", lambda query: None)
    assert inspect(question.query) == learnt


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://e/g> { ?s ?p ?o }",
        "SELECT*FROM<http://e/g>{ ?s ?p ?o }",
        "SELECT ?from FROM NAMED <http://e/g> { ?s ?p ?o }",
        "# SELECT\nASK{ SERVICE <http://h/> {} }",
        "ASK {" + "{" * 300 + "}" * 300 + "}",
        "SELECT * { ?s \\u0053ERVICE ?o }",
        "CLEAR ALL",
        "PREFIX select: <http://e/> nonsense",
        'PREFIX e: <http://e/#SELECT> "SELECT"',
    ],
)
def test_the_quick_look_leaves_to_the_scan_what_is_not_plain(query):
    assert guard._plain(query) is None


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("SELECT * { ?s ?p ?o }\nLIMIT 1000\nLIMIT 2", 3),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 5 } }\nOFFSET 1 LIMIT 2\nOFFSET 3", 3),
    ],
)
def test_a_second_limit_is_told_as_such(query, line):
    with pytest.raises(QuerySyntaxError, match=r"“(LIMIT|OFFSET)” is not expected here") as caught:
        EmbeddedEngine([]).answer(query, FORMATS)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?a hs:from ?b }", "DESCRIBE :FROM<http://e/g> {}", "ASK { ?a :from ?from }"],
)
def test_a_name_that_ends_in_from_is_plain_and_names_no_dataset(query, monkeypatch):
    plain = guard._plain(query)
    monkeypatch.setattr(guard, "_plain", lambda query: None)
    assert plain == inspect(query)
