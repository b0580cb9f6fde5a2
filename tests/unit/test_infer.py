"""Inference: rules run to a fixed point, each into a graph of its own, whatever their order."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib.plugins.sparql.parser import parseQuery

from hsgraph.build.check.infer import Rule, infer, rules_of
from hsgraph.build.read.reader import Source, read_files
from hsgraph.errors import SourceError
from hsgraph.namespaces import INFERRED, RDF
from hsgraph.progress import listening

HEAD = """@prefix ex: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:ontology sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""


def load(folder: Path, data: str, **rules: str) -> tuple[Source, tuple[Rule, ...]]:
    text = HEAD + data
    for name, query in rules.items():
        text += f"\nex:shape sh:rule ex:{name} .\nex:{name} a sh:SPARQLRule ; "
        text += f'sh:prefixes ex:ontology ; sh:construct """{query}""" .'
    path = folder / "x.ttl"
    path.write_text(text)
    source = read_files([path])
    return source, rules_of(source.store, source.locations)


def derived(source: Source, rule: str) -> set[str]:
    quads = source.store.quads_for_pattern(None, None, None, NamedNode(INFERRED + rule))
    return {f"{q.subject} {q.predicate} {q.object}".replace("http://e/", "") for q in quads}


BACKWARDS = {
    "a_last": "CONSTRUCT { ?s e:d ?o } WHERE { ?s e:c ?o }",
    "b_next": "CONSTRUCT { ?s e:c ?o } WHERE { ?s e:b ?o }",
    "c_first": "CONSTRUCT { ?s e:b ?o } WHERE { ?s e:a ?o }",
}
TRANSITIVE = "CONSTRUCT { $this e:in ?c } WHERE { $this e:in ?b . ?b e:in ?c }"


def test_a_transitive_rule_reaches_the_end_of_a_long_chain(tmp_path: Path) -> None:
    chain = "".join(f"ex:n{i:02} ex:in ex:n{i + 1:02} .\n" for i in range(20))
    source, rules = load(tmp_path, chain, t=TRANSITIVE)
    assert infer(source.store, rules) == {"http://e/t": 20 * 21 // 2 - 20}
    assert "<n00> <in> <n20>" in derived(source, "t")


def test_a_rule_that_needs_a_later_one_gets_its_triples(tmp_path: Path) -> None:
    source, rules = load(tmp_path, "ex:x ex:a ex:y .", **BACKWARDS)
    infer(source.store, rules)
    assert derived(source, "a_last") == {"<x> <d> <y>"}


def test_what_is_authored_is_not_inferred_as_well(tmp_path: Path) -> None:
    source, rules = load(
        tmp_path, "ex:a ex:in ex:b . ex:b ex:in ex:c . ex:a ex:in ex:c .", t=TRANSITIVE
    )
    assert infer(source.store, rules) == {"http://e/t": 0}


def test_two_rules_that_derive_one_triple_both_hold_it(tmp_path: Path) -> None:
    source, rules = load(
        tmp_path,
        "ex:x ex:a ex:y ; ex:b ex:y .",
        one="CONSTRUCT { ?s e:c ?o } WHERE { ?s e:a ?o }",
        two="CONSTRUCT { ?s e:c ?o } WHERE { ?s e:b ?o }",
    )
    infer(source.store, rules)
    assert derived(source, "one") == derived(source, "two") == {"<x> <c> <y>"}


def test_a_rule_runs_again_only_when_what_it_reads_has_changed(tmp_path: Path) -> None:
    _, rules = load(
        tmp_path,
        "",
        plain="CONSTRUCT { ?s e:z ?o } WHERE { ?s e:a/(e:b|^e:c)*/e:d ?o "
        "FILTER NOT EXISTS { ?s e:f ?o } }",
        any_="CONSTRUCT { ?s e:z ?o } WHERE { ?s ?p ?o }",
        negated="CONSTRUCT { ?s e:z ?o } WHERE { ?s !e:a ?o }",
        union="CONSTRUCT { ?s e:z ?o } WHERE { { ?s e:a ?o } "
        "UNION { GRAPH ?g { ?s e:b+ ?o } } OPTIONAL { ?s e:c ?x } }",
    )
    reads = {rule.slug: rule.reads for rule in rules}
    assert reads["plain"] == {f"http://e/{name}" for name in "abcdf"}
    assert reads["union"] == {f"http://e/{name}" for name in "abc"}
    assert reads["any_"] is None
    assert reads["negated"] is None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("CONSTRUCT { ?s e:p [] } WHERE { ?s e:a ?o }", "blank nodes"),
        ("SELECT ?s WHERE { ?s e:a ?o }", "not a CONSTRUCT"),
        ("CONSTRUCT { ?s no:p ?o } WHERE { ?s e:a ?o }", "not valid SPARQL"),
        ("CONSTRUCT { ?s e:p ?d } WHERE { ?s e:a ?o BIND(LANGDIR(?o) AS ?d) }", "not SPARQL 1.1"),
    ],
)
def test_a_rule_that_cannot_run_is_refused_with_its_place(
    tmp_path: Path, query: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        load(tmp_path, "", bad=query)
    assert str(caught.value.place) == f"{tmp_path}/x.ttl:6"


def test_deactivated_rules_rest_and_conditions_are_refused(tmp_path: Path) -> None:
    _, rules = load(tmp_path, "ex:t sh:deactivated true .", t=TRANSITIVE)
    assert rules == ()
    with pytest.raises(SourceError, match="sh:condition"):
        load(tmp_path, "ex:t sh:condition ex:c .", t=TRANSITIVE)


def test_new_things_of_one_class_do_not_wake_rules_about_another(tmp_path: Path) -> None:
    _, rules = load(
        tmp_path,
        "",
        one="CONSTRUCT { ?s e:z ?o } WHERE { ?s a e:One ; e:a ?o }",
        two="CONSTRUCT { ?s a e:Two } WHERE { ?s e:b ?o ; a ?kind }",
    )
    by_name = {rule.slug: rule for rule in rules}
    assert by_name["one"].reads == {f"{RDF}type <http://e/One>", "http://e/a"}
    assert by_name["two"].reads == {f"{RDF}type", "http://e/b"}


def test_a_rule_that_reads_anything_comes_to_an_end(tmp_path: Path) -> None:
    source, rules = load(
        tmp_path,
        "ex:x ex:a ex:y .",
        any_="CONSTRUCT { ?o e:back ?s } WHERE { ?s ?p ?o FILTER(?p = e:a) }",
    )
    assert infer(source.store, rules) == {"http://e/any_": 1}


def test_rules_run_in_the_order_of_their_shapes(tmp_path: Path) -> None:
    """Then each of these, of which every one needs that before it, runs once."""
    orders = (("second", "b_next", 2), ("first", "c_first", 1), ("third", "a_last", 10))
    shapes = "".join(f"ex:{s} sh:rule ex:{rule} ; sh:order {n} .\n" for s, rule, n in orders)
    shapes += "ex:shape sh:order 20 .\n"
    source, rules = load(tmp_path, "ex:x ex:a ex:y .\n" + shapes, **BACKWARDS)
    assert [rule.slug for rule in rules] == ["c_first", "b_next", "a_last"]
    left: list[int] = []
    with listening(lambda _, done, total: left.append(total - done)):
        infer(source.store, rules)
    assert left == [2, 1, 0]


def test_rules_of_one_shape_run_in_their_own_order(tmp_path: Path) -> None:
    """What is not so yet depends on it (SHACL Advanced Features, section 8.4)."""
    orders = "ex:a_lacks sh:order 2 . ex:b_gives sh:order 1 . ex:x ex:a ex:y .\n"
    source, rules = load(
        tmp_path,
        orders,
        a_lacks="CONSTRUCT { ?s e:lacks 1 } WHERE { ?s e:a ?o FILTER NOT EXISTS { ?s e:b ?o } }",
        b_gives="CONSTRUCT { ?s e:b ?o } WHERE { ?s e:a ?o }",
    )
    assert infer(source.store, rules) == {"http://e/a_lacks": 0, "http://e/b_gives": 1}


def test_no_result_is_left_to_be_dropped_by_another_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rdflib's parser keeps the frames of its callers until other queries push them out."""
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda given: dropped.append(given.exc_value))

    def parse_others() -> None:
        for number in range(40):
            parseQuery(f"SELECT ?a{number} {{ ?a{number} ?b ?c OPTIONAL {{ ?c ?d ?e }} }}")
        gc.collect()

    gc.disable()
    try:
        load(tmp_path, "", **BACKWARDS)
        thread = threading.Thread(target=parse_others)
        thread.start()
        thread.join()
    finally:
        gc.enable()
    assert dropped == []
