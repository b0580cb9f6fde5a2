"""IRIs and addresses on this server lead to each other, and only http(s) IRIs become links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsgraph.errors import UnknownEntity
from hsgraph.namespaces import BASE
from hsgraph.server.http.addresses import href, local_path, named_node, thing


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("id/project/valley", "/project/valley"),
        ("id/place/valley#point", "/place/valley#point"),
        ("vocab/dimension", "/vocab/dimension"),
        ("vocab/dimension/economic", "/vocab/dimension/economic"),
        ("graph/data/projects/valley", "/graph/data/projects/valley"),
        ("query/agencies", "/query/agencies"),
        ("ontology", "/ontology"),
        ("ontology#Project", "/ontology#Project"),
        ("shapes", "/shapes"),
        ("shapes#Project-startDate", "/shapes#Project-startDate"),
        ("rules#drives", "/rules#drives"),
        ("context.jsonld", "/context.jsonld"),
        ("dataset", "/data"),
        ("", "/"),
    ],
)
def test_an_iri_of_ours_has_an_address_here(iri: str, path: str) -> None:
    assert local_path(BASE + iri) == path
    assert href(BASE + iri, "/below") == "/below" + path


@pytest.mark.parametrize("iri", ["https://example.org/x", "HTTP://example.org", "http://a/b#c"])
def test_an_iri_of_others_links_to_itself(iri: str) -> None:
    assert local_path(iri) is None
    assert href(iri, "/below") == iri


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "urn:x:y", "mailto:a@b", "", "//example.org"]
)
def test_what_is_no_web_address_is_no_link(iri: str) -> None:
    assert href(iri) is None


@given(st.text(max_size=40))
def test_an_address_here_never_leaves_this_server_nor_breaks_out_of_an_attribute(tail: str) -> None:
    path = local_path(BASE + "id/" + tail)
    if path is None:
        return
    assert path.startswith("/")
    assert not path.startswith("//")
    assert not set(path) & set("\"'<> \\\n")


def test_a_thing_is_found_again_from_its_address() -> None:
    assert local_path(thing("project", "valley").value) == "/project/valley"


@pytest.mark.parametrize("iri", ["", "no iri", "http://x/<>", "http://x/ y"])
def test_text_that_is_no_iri_is_refused_plainly(iri: str) -> None:
    with pytest.raises(UnknownEntity, match="not an IRI"):
        named_node(iri)
