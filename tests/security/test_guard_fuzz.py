"""The guard against the engine's own parser, on queries by a grammar, most of which parse.

What the engine reads as a call to another endpoint the guard must refuse, however it is written:
glued to what stands before, between comments, behind texts and IRIs that look like its end.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from hsgraph.engine.sparql.guard import inspect
from hsgraph.errors import QueryRefused

CALLED = "urn:called"
"""No address of anything: the engine, asked to call it, fails at once."""
EXAMPLES = 500
GAPS = (" ", "\n", "\t ", " # ' \"\n", " #<\n", ' # """\r\n', " # SERVICE <x> { \n")
TEXTS = (
    *("'a'", '"#"', "'it\\'s'", '"\\\\"', "'<'", "'SERVICE <urn:called> { }'"),
    *('"""a " b"""', "'''\n)SERVICE<urn:called>{#'''", '""" # """', '"""\\""""', "'\\u0027'"),
)
VALUES = (
    *TEXTS,
    *("1", "true", "1.5e3", "'a'@en-service", "'1'^^<urn:#service>", "p:SERVICE", "p:a\\#b"),
    *("<urn:#SERVICE>", "<urn:a'>", "<urn:\\u0061>", "?v", "$service", "_:service", "p:", "p:a.b"),
)
CONDITIONS = (
    *("?a<?b", "?a<'x>'", "1<2&&3>2", "?a<?b#>\n", '?a<"""\n>"""', "?a<-1", "(?a<1)||(2>?b)"),
    *("!bound(?a)", "?a = <urn:b>", "STR(?a) IN ('<', '>')", "REGEX('<', \">\")", "?a<p:b"),
)
BEFORE = ("?a ?b true", "?a ?b 1", "?a ?b 'x'", "?a ?b 'x'@en.", "FILTER(1<2)", "{}", "?a ?b p:x;")
"""What a call may be glued to."""


def of(*choices: str) -> SearchStrategy[str]:
    return st.sampled_from(choices)


gap = of(*GAPS)
keyword = of("SERVICE", "service", "SeRvIcE")
called = of(f"<{CALLED}>", "c:called", "SERVICE:called", "<called>")


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call as the grammar has it, perhaps glued to what stands before it."""
    before = draw(st.one_of(gap, of(*BEFORE), of(*BEFORE).map(lambda text: text + "\n")))
    silent = draw(of("", "SILENT", "silent"))
    place = draw(called)
    after = draw(gap) if silent == "" and not place.startswith("<") else draw(of("", *GAPS))
    between = draw(gap) if silent and not place.startswith("<") else draw(of("", *GAPS))
    silent = draw(gap) + silent if silent else ""
    return f"{before}{draw(keyword)}{silent}{between if silent else after}{place}{draw(gap)}{{}}"


@st.composite
def decoys(draw: st.DrawFn) -> str:
    """Part of a pattern that calls nothing."""
    value, text, space = draw(of(*VALUES)), draw(of(*TEXTS)), draw(gap)
    return draw(
        of(
            f"{space}?a ?b {value} .",
            f"{space}FILTER({draw(of(*CONDITIONS))}){space}",
            f"{space}VALUES ?v{{{space}{text}{space}}}",
            f"{space}{{ ?a ?b {value} }}{space}",
            f"{space}OPTIONAL{{ ?a ?b {value}{space}FILTER({draw(of(*CONDITIONS))}) }}",
            f"{space}{{}}UNION{{ ?a <urn:SERVICE> {value} }}",
            f"{space}MINUS{{ ?a p:service {value} }}",
        )
    )


FRAMES = (
    *("SELECT*{%s}", "ASK{%s}", "SELECT ?a WHERE{%s}", "CONSTRUCT{?a ?b 'SERVICE <'}WHERE{%s}"),
    *(
        "DESCRIBE ?a{%s}",
        "SELECT*{ {SELECT*{%s}} }",
        "SELECT*{ OPTIONAL{%s} }",
        "ASK{ {%s}UNION{} }",
    ),
    *(
        "SELECT*{ ?a ?b ?c FILTER EXISTS{%s} }",
        "SELECT*{ GRAPH ?g{%s} }",
        "ASK{ ?a ?b ?c MINUS{%s} }",
    ),
)
PROLOGUE = (
    "BASE <urn:x:>PREFIX p: <urn:p#> PREFIX c:<urn:>{gap}PREFIX SERVICE:<urn:>{gap}BASE <urn:y>\n"
)


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, bool]:
    """A query, and whether it has a call."""
    parts = draw(st.lists(decoys(), max_size=4))
    calling = draw(st.booleans())
    if calling:
        parts.insert(draw(st.integers(0, len(parts))), draw(calls()))
    return PROLOGUE.format(gap=draw(gap)) + draw(of(*FRAMES)) % "".join(parts), calling


@pytest.fixture(scope="module")
def store() -> Store:
    made, name = Store(), NamedNode("urn:a")
    made.add(Quad(name, name, Literal("x"), NamedNode("urn:g")))
    made.add(Quad(name, name, Literal("x")))
    return made


def read(store: Store, query: str) -> str:
    """What the engine makes of a query: "refused", "answered", or "called" if it tried to call."""
    try:
        result = store.query(query)
        if not isinstance(result, QueryBoolean):
            for _ in result:
                pass
    except SyntaxError:
        return "refused"
    except (OSError, RuntimeError):
        return "called"
    return "answered"


def test_no_call_that_the_engine_reads_passes_the_guard(store: Store) -> None:
    outcomes: Counter[tuple[str, bool]] = Counter()

    @given(queries())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def compare(made: tuple[str, bool]) -> None:
        query, calling = made
        outcome = read(store, query)
        outcomes[outcome, calling] += 1
        try:
            inspect(query)
        except QueryRefused:
            return
        assert outcome != "called", query
        assert outcome == "refused" or not calling, query

    compare()
    answered = sum(count for (outcome, _), count in outcomes.items() if outcome != "refused")
    assert answered > 0.8 * outcomes.total(), outcomes
    assert outcomes["called", True] + outcomes["answered", True] > 0.3 * outcomes.total(), outcomes
