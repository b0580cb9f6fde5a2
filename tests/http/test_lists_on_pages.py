"""Long lists on pages: what all lines share is told once, and the tail is folded."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from hsgraph.describe.shared.concept import Facet
from hsgraph.describe.shared.programme_lists import Programme
from hsgraph.describe.words.labels import Ref

FUNDER, LEAD = Ref("urn:funder", "Funder"), Ref("urn:lead", "Lead agency")


def programme(number: int, *roles: Ref) -> Programme:
    ref = Ref(f"urn:p{number}", f"Programme {number}")
    return Programme(ref, ("", ""), "", "", (), (), "", roles=roles)


def test_a_role_that_all_programmes_share_is_told_once(macros: Any) -> None:
    html = macros.programmes([programme(n, FUNDER) for n in range(4)])
    assert html.count("Funder") == 1
    assert html.index("Funder") < html.index("Programme 0")


def test_roles_that_differ_stand_with_their_programmes(macros: Any) -> None:
    html = macros.programmes([programme(0, FUNDER), programme(1, LEAD), programme(2, FUNDER)])
    assert html.count("Funder") == 2
    assert "In each of them" not in html


def test_the_tail_of_a_long_list_of_counts_is_folded_with_what_is_left_out(macros: Any) -> None:
    values = tuple((Ref(f"urn:{n}", f"Place {n}"), 9) for n in range(15))
    html = macros.counted(Facet("place", "Where", False, values, 3), "x")
    shown, _, folded = html.partition("<details")
    assert shown.count("<li>") == 8
    assert folded.count("<li>") == 7
    assert "and 10 more</summary>" in folded
    assert "and 3 more, none of them more often" in folded
    assert "/values/" not in folded
    listed = macros.counted(Facet("threat-type", "Threats", True, values, 3), "organisation/undp")
    assert listed.count("<li>") == 8
    link = re.search(r'<a href="/browse/project/values/threat\?about=organisation/undp".*', listed)
    assert link
    assert "and 10 more</a>" in link[0]
    short = macros.counted(Facet("place", "Where", False, values[:9], 0), "x")
    assert "<details" not in short


def test_parts_in_the_list_of_a_class_name_their_programme(client: FlaskClient) -> None:
    lines = re.findall("<li><span>.*</li>", client.get("/things?class=hs:Participation").text)
    assert len(lines) == 50
    assert all('<span class="quiet small">' in line for line in lines)
