"""The drawing of a chain: every box and line there is, labels inside their boxes."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from hsgraph.describe.programme.chain import Chain
from hsgraph.describe.programme.project import ProjectView
from hsgraph.describe.view import entity_view
from hsgraph.explore.charts.chain import NARROW, WIDE, Form, chain_chart
from hsgraph.explore.charts.chart import wrapped
from hsgraph.graph import KnowledgeGraph
from hsgraph.namespaces import ID


@pytest.fixture(scope="module")
def chain(small_graph: KnowledgeGraph) -> Chain:
    view = entity_view(small_graph.engine, ID + "project/springs-youth")
    assert isinstance(view, ProjectView)
    return view.chain


@pytest.mark.parametrize("form", [WIDE, NARROW])
def test_each_thing_is_a_box_and_each_link_a_line(chain: Chain, form: Form, macros: Any) -> None:
    svg = str(macros.drawing(chain_chart(chain, form)))
    ElementTree.fromstring(svg)
    assert re.findall(r'href="#([a-z]+-\d+)"', svg) == [
        "threat-1", "threat-2", "intervention-1", "objective-1",
    ]  # fmt: skip
    lines = {kind: svg.count(f'class="{kind}"') for kind in ("answers", "serves", "drives")}
    assert lines == {"answers": 2, "serves": 1, "drives": 1}
    assert "<title" in svg
    assert "<desc" in svg


def test_nothing_is_drawn_of_a_programme_without_a_chain() -> None:
    assert chain_chart(Chain((), (), ()), WIDE) is None


def test_a_long_label_is_cut_and_a_long_word_is_divided() -> None:
    assert wrapped("one two three four five", 5, 2) == ("one two", "three …")
    assert wrapped("Telecommunications", 6, 3)[0].endswith("-")
