"""Search over the real graph: what people look for is among the first three."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import BASE

QUERIES = Path(__file__).parent / "search_queries.csv"
WANTED = 57
FIRST = 3


def test_what_is_wanted_is_among_the_first_three(graph: KnowledgeGraph) -> None:
    rows = list(csv.DictReader(QUERIES.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 60
    assert len(Counter(row["way"] for row in rows)) == 7
    missed = []
    for row in rows:
        first = [hit.iri for hit in graph.search(row["query"], limit=FIRST).results]
        if BASE + row["wanted"] not in first:
            missed.append((row["query"], row["wanted"], first))
    assert len(rows) - len(missed) >= WANTED, missed


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("41122", "organisation/unicef"),
        ("XM-DAC-928", "organisation/who"),
        ("SRL/10/03/HSF", "project/srilanka-ecac"),
        ("http://publications.europa.eu/resource/authority/country/ZWE", "place/zimbabwe"),
        ("Burma", "place/myanmar"),
        ("Birmania", "place/myanmar"),
    ],
)
def test_names_and_codes_of_others_lead_to_what_they_stand_for(
    graph: KnowledgeGraph, code: str, wanted: str
) -> None:
    first = graph.search(code, limit=1).results
    assert [hit.iri for hit in first] == [f"{BASE}id/{wanted}"]
