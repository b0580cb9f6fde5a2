"""Long lists on pages: what all lines share is told once, and the tail is folded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from hsgraph.describe.shared.concept import Facet
from hsgraph.describe.shared.programme_lists import Programme
from hsgraph.describe.words.labels import Ref
from hsgraph.server.markup.lists import Lines

FUNDER, LEAD = Ref("urn:funder", "Funder"), Ref("urn:lead", "Lead agency")


@pytest.fixture
def lines(tiny_app: Flask) -> Iterator[Lines]:
    with tiny_app.test_request_context():
        yield Lines("")


def programme(number: int, *roles: Ref) -> Programme:
    ref = Ref(f"urn:p{number}", f"Programme {number}")
    return Programme(ref, ("", ""), "", "", (), (), "", roles=roles)


def test_a_role_that_all_programmes_share_is_told_once(lines: Lines) -> None:
    html = lines.programmes([programme(n, FUNDER) for n in range(4)])
    assert html.count("Funder") == 1
    assert html.index("Funder") < html.index("Programme 0")


def test_roles_that_differ_stand_with_their_programmes(lines: Lines) -> None:
    html = lines.programmes([programme(0, FUNDER), programme(1, LEAD), programme(2, FUNDER)])
    assert html.count("Funder") == 2
    assert "In each of them" not in html


def test_the_tail_of_a_long_list_of_counts_is_folded_with_what_is_left_out(lines: Lines) -> None:
    values = tuple((Ref(f"urn:{n}", f"Place {n}"), 9) for n in range(15))
    html = lines.counted(Facet("place", "Where", False, values, 3), "x")
    shown, _, folded = html.partition("<details")
    assert shown.count("<li>") == 8
    assert folded.count("<li>") == 7
    assert "and 7 more" in folded
    assert "and 3 more, none of them more often" in folded
    short = lines.counted(Facet("place", "Where", False, values[:9], 0), "x")
    assert "<details" not in short
