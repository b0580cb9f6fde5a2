"""The dumps: written from sorted lines, in a process beside the build that ends with it."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from hsgraph import jsonld
from hsgraph.build.artifacts.dumps import FORMATS, dump, dumping
from hsgraph.build.quads.canonical import write_data
from hsgraph.formats import TRIG
from hsgraph.namespaces import HS, ID

DATA = f"""
<{ID}project/a> <{HS}startDate> "2012" <e:g> .
<{ID}project/a> <{HS}startDate> "2012" <e:g-1> .
<{ID}project/b> <{HS}partOf> <{ID}project/a> <e:g> .
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = Store()
    store.load(DATA, RdfFormat.N_QUADS)
    write_data(store, tmp_path / "data.nq", canonical=True)
    return tmp_path / "data.nq"


def test_every_format_holds_the_same_statements(data: Path) -> None:
    dump(data, data.parent, {})
    for format in FORMATS:
        path = data.parent / "downloads" / f"hsgraph.{format.suffix}.gz"
        found = parse(gzip.decompress(path.read_bytes()), format.rdf)
        assert len({quad.triple for quad in found}) == 2, format


def test_graphs_come_one_after_the_other_by_their_names(data: Path) -> None:
    dump(data, data.parent, {})
    path = data.parent / "downloads" / f"hsgraph.{TRIG.suffix}.gz"
    text = gzip.decompress(path.read_bytes()).decode()
    assert text.count("<e:g>") == text.count("<e:g-1>") == 1
    assert text.index("<e:g>") < text.index("<e:g-1>")


@pytest.mark.parametrize(
    "lines",
    [
        "",
        f'<{ID}project/a> <{HS}startDate> "2012" .',
        f'<{ID}project/a> <{HS}startDate> "2012" .\n<{ID}project/b> <e:p> "x"@en .',
        f'<geo:45,20> <{HS}startDate> "2012" .\n<{ID}project/b> <e:p> <geo:1,2> .',
    ],
)
def test_json_ld_of_sorted_statements_is_the_same_document(lines: str) -> None:
    def read() -> list[Any]:
        return list(parse(lines, RdfFormat.N_TRIPLES))

    output = io.BytesIO()
    jsonld.write_sorted(read, output)
    assert output.getvalue() == jsonld.write(read())


def test_another_process_tells_what_it_wrote(data: Path) -> None:
    with dumping(data, data.parent, {"e": "http://e/"}) as dumps:
        found = dumps()
    assert [each.name for each in found] == [f"hsgraph.{format.suffix}" for format in FORMATS]


def test_a_process_that_fails_stops_the_build(tmp_path: Path) -> None:
    with (
        dumping(tmp_path / "none.nq", tmp_path, {}) as dumps,
        pytest.raises(RuntimeError, match="dumps"),
    ):
        dumps()


def test_dumps_that_nobody_waits_for_are_not_written(data: Path) -> None:
    module = "from hsgraph.build.artifacts.dumps import main"
    command = f"{module}; main({str(data)!r}, {str(data.parent)!r}, '{{}}', '1')"
    ran = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert not ran.stdout
