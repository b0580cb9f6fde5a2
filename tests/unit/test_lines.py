"""Sorted N-Quads read line by line: the same terms that a parser finds, each statement once."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from hsgraph.build.quads.nquads import Names, datatype, language, things, value
from hsgraph.namespaces import RDF, RDFS, SKOS, XSD

TEXTS = st.text()


@given(TEXTS, st.sampled_from(["", "en", "zh-Hans", XSD + "date", XSD + "string"]))
def test_a_literal_says_what_a_parser_says(text: str, kind: str) -> None:
    if kind.startswith(XSD):
        term = Literal(text, datatype=NamedNode(kind))
    else:
        term = Literal(text, language=kind or None)
    assert language(str(term)) == (term.language or "")
    assert datatype(str(term)) == term.datatype.value
    assert value(str(term)) == text


def test_terms_that_are_no_literals_have_a_value_and_no_language() -> None:
    assert value(str(NamedNode("http://e/a"))) == "http://e/a"
    assert value(str(BlankNode("b0"))) == "b0"
    assert language("<http://e/a>") == language("_:b0") == ""


def written(folder: Path, *lines: str) -> Path:
    path = folder / "data.nq"
    path.write_text("".join(sorted(f"{line} .\n" for line in lines)), "utf-8")
    return path


def test_a_statement_in_two_graphs_comes_once(tmp_path: Path) -> None:
    data = written(
        tmp_path,
        '<e:a> <e:p> "x" <e:g>',
        '<e:a> <e:p> "x" <e:h>',
        '<e:a> <e:p> "x <e:g> ." <e:g>',
        "<e:a-b> <e:p> _:b0 <e:g>",
    )
    assert dict(things(data)) == {
        "<e:a>": [("<e:p>", '"x <e:g> ."'), ("<e:p>", '"x"')],
        "<e:a-b>": [("<e:p>", "_:b0")],
    }


def test_a_thing_is_called_by_its_english_name_else_the_first(tmp_path: Path) -> None:
    data = written(
        tmp_path,
        f'<e:a> <{SKOS}prefLabel> "Eau"@fr <e:g>',
        f'<e:a> <{SKOS}prefLabel> "Water"@en-GB <e:g>',
        f'<e:b> <{SKOS}prefLabel> "Bois"@fr <e:g>',
        f'<e:b> <{RDFS}label> "Wood | timber" <e:g>',
        f"<e:b> <{RDF}type> <e:K> <e:g>",
        f"<e:b> <{RDF}type> <e:K> <e:h>",
        f"<e:b> <{RDF}type> <e:L> <e:h>",
    )
    names = Names.of(data)
    assert names.preferred == {"<e:a>": "Water", "<e:b>": "Bois"}
    assert names.title("<e:b>") == "Wood | timber"
    assert names.kinds == {"<e:b>": ("<e:K>", "<e:L>")}
