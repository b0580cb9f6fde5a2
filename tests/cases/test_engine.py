"""What the engine does otherwise than expected: mended at our border, or known and documented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from hsgraph.errors import QuerySyntaxError
from hsgraph.graph import KnowledgeGraph
from hsgraph.server.app import create_app
from hsgraph.settings import Settings
from tests.cases.strangers import Opened, Served

STAR = (
    ("SELECT * { ?zeta ?p ?alpha }", "zeta,p,alpha"),
    ("select distinct * where { ?s ?p ?o } limit 1", "s,p,o"),
    ("SELECT REDUCED * { ?z a ?c OPTIONAL { ?z ?b ?a } }", "z,c,b,a"),
    ("SELECT * { { SELECT ?y ?x { ?y ?hidden ?x } } ?x ?w ?v }", "y,x,w,v"),
    ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?r } }", "s,p,o"),
    ("# * ?a\nSELECT * { ?s ?p '?b' . BIND(1 AS ?a) VALUES ?n { 2 } }", "s,p,a,n"),
    ("SELECT*{?s ?p ?o}", "s,p,o"),
    ("SELECT * { ?z ?p ?a } ORDER BY DESC(?a) LIMIT 1", "z,p,a"),
    ("SELECT * FROM NAMED <http://e/g> { GRAPH ?g { ?s ?p ?o } }", "g,s,p,o"),
    ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "n"),
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A graph whose queries run in processes that may end."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "a.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .", "utf-8")
    settings = Settings(snapshots=folder / "var")
    with KnowledgeGraph.open(str(folder / "a.nt"), settings=settings, guarded=True) as graph:
        yield graph


@pytest.fixture(scope="module")
def visitor(served: Served) -> FlaskClient:
    return served('ex:a a v:T ; rdfs:label "a" .')


@pytest.mark.parametrize(("query", "columns"), STAR)
def test_columns_come_in_the_order_of_the_query(
    visitor: FlaskClient, query: str, columns: str
) -> None:
    answer = visitor.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.text.splitlines()[0] == columns
    body = visitor.get("/sparql", query_string={"query": query}).json
    assert body["head"]["vars"] == columns.split(",")


@pytest.mark.parametrize(
    ("query", "column", "said"),
    [
        ("SELECT * {?s ?p ?o}\x0b LIMIT 2", 20, "U+000B (line tabulation)"),
        ("SELECT *\u00a0{?s ?p ?o} LIMIT 1", 9, "no-break space"),
        ("SELECT * {?s ?p \u201cPlain\u201d}", 17, "curly quotation mark), has"),
        ("SELECT * {?s ?p \u2018Plain\u2019}", 17, "write '"),
        ("SELECT\u200b * {?s ?p ?o}", 7, "zero width space"),
        ("SELECT * {?s ?p ?o FILTER(?o \u2265 3)}", 30, "write >="),
        ("SELECT * {?s ?p ?o} LIMIT \u20131", 27, "en dash"),
        ("SELECT\ufeff * {?s ?p}", 7, "zero width no-break space"),
        ("SELECT * {?s ?p ?o} LIMIT \uff12", 27, "(fullwidth digit two)"),
        ("SELECT * {?s ?p ?o} LIMIT 1\u0663", 28, "write 3."),
        ("SELECT * {?s \u2039http://e/p\u203a ?o}", 14, "write <."),
        ("SELECT * {?s ?p \xaba\xbb}", 17, 'quotation mark) has no place here; write ".'),
        ("SELECT * {?s ?p ?o FILTER(?s \u2227 ?o)}", 30, "write &&."),
        ("SELECT * {?s ?p ?o FILTER(\xac?o)}", 27, "write !."),
        ("SELECT * {?s ?p ?o} LIMIT 1\u2026", 28, "leave it out"),
        ("SELECT * \uff5b?s ?p ?o}", 10, "write {"),
        ("SELECT * {?s ?p ex\uff1aname}", 19, "write :."),
        ("PREFIX e-x\uff1a<http://e/> ASK {}", 11, "write :."),
        ("SELECT * {?s ?p '\u201cin a text\u201d' ?x}", 0, ""),
    ],
)
def test_odd_signs_are_told_by_name_where_they_stand(
    visitor: FlaskClient, query: str, column: int, said: str
) -> None:
    answer = visitor.post("/sparql", data=query.encode(), content_type="application/sparql-query")
    assert answer.status_code == 400
    problem = answer.json
    if not column:
        assert "U+" not in problem["detail"]
        return
    assert (problem["line"], problem["column"]) == (1, column)
    assert said.replace("), has", ")") in problem["detail"]


@pytest.mark.parametrize(
    ("query", "column", "said"),
    [
        ("SELECT * { ?s ?p ?o } x", 23, "“x” is not expected"),
        ("SELECT * { ?s ?p ?o } LIMIT 1 ORDER BY ?s", 31, "“ORDER” is not expected"),
        ("SELECT * { ?s ?p ?o } LIMIT -1", 29, "“-” is not expected"),
        ("ASK { ?s ?p ?o } ORDR BY ?s", 18, "“ORDR” is not expected"),
        ("ASK { ?s ?p ?o OPTIONL { ?s ?q ?r } }", 16, "“OPTIONL” is not expected"),
        ("ASK { ?s ?p ?o FILTER(nope(?o)) }", 23, "“nope” is not expected"),
        ("SELECT * {?s ?p ?o} VALUES ?x {1 (2)}", 34, "“(” is not expected"),
        ("SELECT * { ?s ?p ?o } ORDER BY", 31, "The query ends too early"),
        ("ASK { <http://e/a b> ?p ?o }", 7, "An IRI stands between < and >"),
        ("ASK { http://e/a ?p ?o }", 7, "An IRI stands between < and >"),
        ("SELECT ?s (1 AS ?n) ?s {?s ?p ?o}", 21, "Duplicated variable name"),
        ("SELECT ?p (1 AS ?s) {?s ?p ?o}", 17, "overrides an existing variable"),
        ("SELECT ?p ?s (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?p", 11, "a variable that is unbound"),
        ("SELECT DISTINCT * {?s ?p ?o} GROUP BY ?s", 8, "not authorized with GROUP BY"),
        ("SELECT * {?s ?p ?o} LIMIT 99999999999999999999", 27, "limit should be"),
        ("SELECT * {?s ?p ?o BIND(1 AS ?s)}", 30, "?s has a value here already"),
        ("SELECT * {?s ?p ?o BIND(1 AS $s)}", 30, "$s has a value here already"),
        ("SELECT * {?s ?p ?o} ?s BIND", 21, "“?s” is not expected here"),
        ("SELECT $s ?s {?s ?p ?o}", 11, "Duplicated variable name"),
        ("SELECT ?p (1 AS $s) {?s ?p ?o}", 17, "overrides an existing variable"),
        ("SELECT $p $s (COUNT(*) AS ?n) {?s ?p ?o} GROUP BY ?p", 11, "a variable that is unbound"),
        ("SELECT * {OPTIONAL {?s ?p ?x} BIND(1 AS ?x)}", 41, "?x has a value here already"),
        ("SELECT * {FILTER(?x) BIND(1 AS ?x) {BIND(2 AS ?x)} y}", 52, "“y” is not expected"),
        ("ASK {?s 'p' ?o}", 9, "Expected a variable, an IRI"),
        ("ASK {?s ?p ?o ; 5 ?q}", 17, "“5” is not expected here"),
        ("ASK {?s ?p ?o FILTER regex(?o 'x')}", 31, "Expected an operator or “,”"),
        ("ASK {?s ?p ?o MINUS ?s ?p 1}", 21, "Expected “{”"),
        ("@prefix e: <http://e/> . ASK {}", 1, "Write PREFIX without “@”"),
        ("PREFIX e <http://e/> ASK { ?s e:p ?o }", 8, "Expected a prefix that ends with “:”"),
        ("define input:x 'y' SELECT * {?s ?p ?o}", 1, "“define” is not expected"),
        ("SELECT * FROM things WHERE {?s ?p ?o}", 15, "Expected an IRI or NAMED"),
        ("SELECT * {?s ?p ?o FILTER(?o = 3 & ?s = 4)}", 34, "Write && for &"),
        ("SELECT * {?s ?p ?o FILTER(?o <> 3)}", 30, "Write != for <>"),
        ("SELECT * {?s ?p ?o FILTER(?o LIKE 'a%')}", 30, "Write CONTAINS(…)"),
        ("SELECT * {?s ?p ?o FILTER(?o IN 1, 2)}", 33, "Expected “()” or “(”"),
        ("SELECT * {?s ?p ?o FILTER(bound(?o, ?p))}", 35, "Expected “)”"),
        ("SELECT * {?s ?p ?o FILTER(regex(?o))}", 35, "Expected an operator or “,”"),
        ("SELECT * {?s ?p ?o FILTER(COUNT(?o) > 1)}", 27, "COUNT stands in SELECT"),
        ("SELECT * {FILTER(EXISTS {FILTER(?o + COUNT(?o))})}", 38, "HAVING or ORDER BY, not in F"),
        (
            "ASK {FILTER(EXISTS {{SELECT (COUNT(*) AS ?n) {?s ?p 1}} FILTER(?n)})} x",
            71,
            "“x” is not",
        ),
        ("SELECT * {?s ?p ?o FILTER(HASLANG(?o)) FILTER(?o > )}", 52, "Expected an expression"),
        ("SELECT * {?s ?p ?o FILTER(?a IN (<a>, 1) ?b)}", 42, "“?b” is not expected"),
        ("SELECT (AVG(?a, ?b) AS ?x) {}", 15, "Expected an operator or “)”"),
        ("SELECT * {?s ?p ?o} ORDER BY DESC ?s", 35, "Expected “(”"),
        ("SELECT * {?s ?p ?o} LIMIT 10 LIMIT 5", 30, "Expected OFFSET or VALUES"),
        ("SELECT * {?s ?p ?o} LIMIT 1.5", 27, "Expected a number"),
        ("SELECT * {?s ?p ?o ;}.", 22, "“.” is not expected"),
        ("SELECT * {?s ?p 'it's'}", 21, "“s” is not expected"),
        ("SELECT * {?s ?p ?o} } 'it's", 21, "closes nothing"),
        ("SELECT * {?s ?p '\\uD800'}", 17, "\\u escape sequence"),
        ("SELECT * {?s ?p '\\u0041' , '\\uD800'}", 28, "\\u escape sequence"),
        ("SELECT * {?s ?p '\\\\uD800' , '\\\\\\uD800'}", 29, "\\u escape sequence"),
        ("SELECT * {?s ?p '\\U0010FFFF' , '\\U00110000'}", 32, "\\u escape sequence"),
        ("SELECT * {?s ?p '\\U0000FFFF' , <http://e/\\u00>}", 32, "\\u escape sequence"),
        ("SELECT * {?s _:p ?o}", 14, "“_:p” is not expected"),
        ("SELECT * {?s ^?p ?o}", 15, "“?p” is not expected"),
        ("SELECT * {?s ?p/?q ?o}", 16, "“/” is not expected"),
        ("SELECT * {?s ?p +-5}", 17, "“+” is not expected"),
        ("SELECT * {GRAPH {?s ?p ?o}}", 17, "Expected a variable or an IRI"),
        ("SELECT * {BIND(1 ?x)}", 18, "Expected an operator or AS"),
        ("ASK ?x {?x ?p ?o}", 5, "Expected FROM, WHERE or “{”"),
        ("CONSTRUCT * WHERE {?s ?p ?o}", 11, "Expected FROM, WHERE or “{”"),
        ("SELECT (xsd:nope(1) AS ?x) {}", 9, "XMLSchema#nope> is not known here"),
        ("SELECT * {FILTER(xsd:date(?x, 1))}", 18, "#date> takes another number of values"),
        ("SELECT * {LET (?x := 3)}", 11, "“LET” is not expected"),
    ],
)
def test_mistakes_are_told_where_they_stand(
    visitor: FlaskClient, query: str, column: int, said: str
) -> None:
    problem = visitor.get("/sparql", query_string={"query": query}).json
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, column)
    assert said in problem["detail"]


KNOWN = (
    ("SELECT (99999999999999999999 + 1 AS ?x) {}", None),
    (
        'SELECT ("2024-01-15T00:00:00Z"^^xsd:dateTime + "P1M"^^xsd:yearMonthDuration AS ?x) {}',
        None,
    ),
    ('SELECT ("2024-01-15"^^xsd:date + "P1D"^^xsd:dayTimeDuration AS ?x) {}', None),
    (
        'SELECT ("2024-01-15"^^xsd:date - "-P1M"^^xsd:yearMonthDuration AS ?x) {}',
        '"2024-02-15"^^<http://www.w3.org/2001/XMLSchema#date>',
    ),
    ("SELECT (SUM(?n) AS ?x) { VALUES ?n { 9223372036854775807 1 } }", None),
    ("SELECT (1000000000000.5 * 1000000000000.5 AS ?x) {}", None),
    ("SELECT ?x { GRAPH ?x { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", None),
    ("SELECT ?x { GRAPH ?x { VALUES ?n { 1 } } }", None),
)


@pytest.mark.parametrize(("query", "value"), KNOWN)
def test_known_differences_of_the_engine_are_still_there(
    opened: Opened, query: str, value: str | None
) -> None:
    """Take it out of docs/engines.md when one of them is mended."""
    (row,) = opened("ex:a ex:p 1 .").query(query)
    assert (None if row.term("x") is None else str(row.term("x"))) == value


def test_known_differences_of_the_parsers_are_still_there() -> None:
    """Take it out of docs/engines.md when one of them is mended."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    empty = (
        f'<r:RDF xmlns:r="{rdf}" xmlns:e="http://e/"><r:Description r:about="http://e/a">'
        '<e:p r:parseType="Literal"></e:p></r:Description></r:RDF>'
    )
    with pytest.raises(SyntaxError, match="No value found") as caught:
        list(parse(empty, RdfFormat.RDF_XML))
    assert caught.value.lineno is None
    by_type = {
        "@context": {
            "@version": 1.1,
            "@vocab": "http://e/",
            "by": {"@container": "@type", "@context": {"a": "http://e/of-the-property"}},
            "T": {"@context": {"a": "http://e/of-the-type"}},
        },
        "by": {"T": {"a": "x"}},
    }
    found = parse(json.dumps(by_type), RdfFormat.JSON_LD)
    assert "http://e/of-the-type" in {quad.predicate.value for quad in found}
    (quad,) = parse("<http://e/a/./b> <http://e/../p> <c/../d> .", RdfFormat.TURTLE, base_iri="x:/")
    assert (quad.subject.value, quad.predicate.value) == ("http://e/a/./b", "http://e/../p")
    assert quad.object.value == "x:/d"


JOINED = (
    ('GROUP_CONCAT(?v) AS ?x) { VALUES ?v { "a"@en "b"@en } }', "a b"),
    ("GROUP_CONCAT(?v) AS ?x) { VALUES ?v { 1 2.5 } }", "1 2.5"),
    (
        'group_concat ( distinct ?v ; separator = ")" ) AS ?x) { VALUES ?v { <u:a> <u:a> 1 } }',
        "u:a)1",
    ),
    ('GROUP_CONCAT(DISTINCT ?v) AS ?x) { VALUES ?v { "a"@en "a"@fr "a"@en } }', "a a"),
    ("GROUP_CONCAT(?v) AS ?x) { VALUES ?v { UNDEF } FILTER(BOUND(?v)) }", ""),
    ("CONCAT('<', GROUP_CONCAT(?v), GROUP_CONCAT(?v)) AS ?x) { VALUES ?v { 1 2 } }", "<1 21 2"),
    ("GROUP_CONCAT(IF(?v > 1, ?v, (?v)); SEPARATOR='; ') AS ?x) { VALUES ?v { 1 2 } }", "1; 2"),
    ("GROUP_CONCAT(?v) AS ?x) { VALUES ?v { 1 2 } } HAVING (GROUP_CONCAT(?v) = '1 2')", "1 2"),
    ("GROUP_CONCAT(?v) AS ?x) { VALUES ?v { 1 1 } } GROUP BY ?v ORDER BY GROUP_CONCAT(?v)", "1 1"),
    ("GROUP_CONCAT(EXISTS { ?v ?a 1 ; ?b 2 }) AS ?x) { VALUES ?v { 1 } }", "false"),
    ('SUM(?v) AS ?x) { VALUES ?v { 1 2 } FILTER("GROUP_CONCAT(?v" != "") # GROUP_CONCAT(\n }', "3"),
)


@pytest.mark.parametrize(("query", "value"), JOINED)
def test_what_is_joined_is_a_text_without_a_language(
    opened: Opened, query: str, value: str
) -> None:
    """The engine kept a language that all share, and gave nothing over numbers and IRIs."""
    (row,) = opened("ex:a ex:p 1 .").query(f"SELECT ({query}")
    assert (row.term("x").value, row.term("x").language) == (value, None)


def test_a_mistake_beside_what_is_joined_is_told_where_it_stands(visitor: FlaskClient) -> None:
    query = "SELECT (GROUP_CONCAT(?v) AS ?x) { VALUES ?v { 1 2 } } y"
    problem = visitor.get("/sparql", query_string={"query": query}).json
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, 55)


KEPT = {
    '"007"^^xsd:integer': '"7"^^xsd:integer',
    '"300"^^xsd:byte': '"300"^^xsd:integer',
    "100.00": '"100"^^xsd:decimal',
    "1e400": '"INF"^^xsd:double',
    '"Infinity"^^xsd:double': '"INF"^^xsd:double',
    '"1"^^xsd:boolean': '"true"^^xsd:boolean',
    '"P12M"^^xsd:duration': '"P1Y"^^xsd:duration',
    '"24:00:00"^^xsd:time': '"00:00:00"^^xsd:time',
    '"x"@en-US': '"x"@en-us',
    '"0Fb7"^^xsd:hexBinary': '"0Fb7"^^xsd:hexBinary',
    "99999999999999999999": '"99999999999999999999"^^xsd:integer',
}


def test_values_are_kept_by_value_as_documented_in_every_format(opened: Opened) -> None:
    graph = opened(f"ex:a v:n {' , '.join(KEPT)} .")
    xsd = "http://www.w3.org/2001/XMLSchema#"
    kept = {re.sub(r"xsd:(\w+)", rf"<{xsd}\1>", value) for value in KEPT.values()}
    assert {str(row.term("o")) for row in graph.query("SELECT ?o { ?s ?p ?o }")} == kept
    visitor = create_app(graph, graph.settings).test_client()
    for name in ("nt", "ttl", "rdf", "jsonld"):
        answer = visitor.get(f"/describe?iri=http://example.org/a&format={name}")
        read = parse(answer.data, RdfFormat.from_extension(name))
        assert {str(triple.object) for triple in read} == kept


def test_one_text_gives_the_same_node_in_all_rows_as_documented(opened: Opened) -> None:
    graph = opened("ex:a ex:p 1 .")
    rows = graph.query('SELECT (BNODE(?l) AS ?b) { VALUES (?x ?l) { (1 "foo") (2 "foo") } }')
    assert len({row["b"] for row in rows}) == 1


DAYS = [f"2020-01-{day:02d}" for day in range(1, 30)]
ZONES = ("", "+05:00", "Z")
MIXED = (
    *(f'"{n}"' if n % 2 else str(n) for n in range(60)),
    *(f'"{day}"^^xsd:date' for day in (*DAYS, "2020-13-01", "2020-02-30")),
    *(f'"{day}T1{n % 9}:00:00{ZONES[n % 3]}"^^xsd:dateTime' for n, day in enumerate(DAYS)),
    *(f'"1{n % 9}:00:00{ZONES[n % 3]}"^^xsd:time' for n in range(30)),
    "<http://example.org/thing>",
    "UNDEF",
)


ORDERS = (
    *("?x", "DESC(?x)", "ASC ( (?x) )", "(?x)\n# ?y\n LIMIT 1000"),
    *("COALESCE(?none, ?x)", 'DESC(IF(true, ?x, "("))', "(IF(bound(?x), ?x, 1/0) # )\n) ?x"),
)
SHUFFLED = " ".join([*MIXED[::3], *MIXED[1::3], *MIXED[2::3]])


@pytest.mark.parametrize("order", ORDERS)
def test_values_of_all_kinds_are_sorted_by_kind(opened: Opened, order: str) -> None:
    """The engine ended its process over them: how it compares them is no order."""
    graph = opened("ex:a ex:p 1 .")
    result = graph.query(f"SELECT ?x {{ VALUES ?x {{ {SHUFFLED} }} }} ORDER BY {order}")
    found = [row.term("x") for row in result]
    if order.startswith("DESC"):
        found.reverse()
    assert found[0] is None
    assert str(found[1]) == "<http://example.org/thing>"
    kinds = [each.datatype.value.partition("#")[2] for each in found[2:]]
    assert kinds == sorted(kinds, key=["integer", "string", "date", "dateTime", "time"].index)
    for kind, value in (("integer", int), ("string", str)):
        part = [value(each.value) for each in found[2:] if each.datatype.value.endswith(kind)]
        assert part == sorted(part)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("values", [MIXED, MIXED[::-1], MIXED[::3] + MIXED[1::3] + MIXED[2::3]])
def test_a_runner_that_a_sort_ends_costs_no_answer(
    guarded: KnowledgeGraph, values: tuple[str, ...], order: str
) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ {' '.join(values)} }} }} ORDER BY {order}"
    assert len(guarded.query(query)) == len(MIXED)


def test_a_runner_tells_mistakes_without_opening_a_file(guarded: KnowledgeGraph) -> None:
    with pytest.raises(QuerySyntaxError, match="Write CONTAINS"):
        guarded.query("SELECT * { ?s ?p ?o FILTER(?o LIKE 'a%') }")


IN_ORDER = ("UNDEF", "<urn:a>", "1.5", "9", "10", '"5a"', '"9"')


@pytest.mark.parametrize("order", ["?x", "DESC(?x)", "(?x)", "COALESCE(?none, ?x)"])
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6])
def test_numbers_are_in_order_beside_texts(
    guarded: KnowledgeGraph, opened: Opened, step: int, order: str
) -> None:
    """The engine put 10 before "5a", and that before 9, without a word."""
    values = " ".join(IN_ORDER[n * step % 7] for n in range(7))
    query = f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY {order}"
    for graph in (guarded, opened("ex:a ex:p 1 .")):
        found = [str(row.term("x") or "UNDEF").partition("^^")[0] for row in graph.query(query)]
        wanted = [value if value[0] in 'U<"' else f'"{value}"' for value in IN_ORDER]
        assert found == (wanted[::-1] if order.startswith("DESC") else wanted)


def test_times_are_sorted_by_when_they_are(opened: Opened) -> None:
    times = ["2020-01-02T00:00:00", "2020-01-01T23:00:00-05:00", "2019-12-31T00:00:00Z"]
    values = " ".join(f'"{time}"^^xsd:dateTime' for time in times)
    graph = opened("ex:a ex:p 1 .")
    result = graph.query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY ?x")
    assert [row.term("x").value for row in result] == [times[2], times[0], times[1]]


@pytest.mark.parametrize("truth", ["TRUE", "True", "tRUE", "true"])
def test_truths_are_written_in_any_case(opened: Opened, truth: str) -> None:
    graph = opened('ex:a v:p true , "TRUE" .')
    rows = graph.query(f'SELECT ?true {{ ?true ?p {truth} , "TRUE" FILTER({truth}) }}')
    assert [str(row.term("true")) for row in rows] == ["<http://example.org/a>"]
    (row,) = graph.query(f"SELECT ({truth} AS ?x) {{}}")
    assert row.term("x").value == "true"


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("SELECT * {?s ?p ?o} ORDER BY ?s, ?p", 32),
        ("ASK {?s ?p ?o} ORDER BY ?s LIMIT x", 34),
        ("SELECT * {?s ?p ?o} ORDER BY ()", 31),
    ],
)
def test_mistakes_beside_an_order_are_told_where_they_stand(
    visitor: FlaskClient, query: str, column: int
) -> None:
    problem = visitor.get("/sparql", query_string={"query": query}).json
    assert (problem["status"], problem["line"], problem["column"]) == (400, 1, column)
