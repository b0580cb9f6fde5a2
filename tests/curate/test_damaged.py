"""Nothing that is damaged comes out as a draft: a clear error each, and nothing is written."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest

from hsgraph.cli import run
from hsgraph.curate.reading.confined import run_confined
from hsgraph.curate.reading.texts import read_document
from hsgraph.curate.reading.xml import read_xml
from hsgraph.errors import SourceError
from tests.curate.damaged import damaged, packed


def test_each_of_two_hundred_damaged_files_is_told_with_a_remedy(tmp_path: Path) -> None:
    before, count = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
    for name, content in damaged():
        file = tmp_path / name
        file.write_bytes(content)
        start = time.monotonic()
        with pytest.raises(SourceError) as caught:
            read_document(file)
        assert caught.value.message, name
        assert caught.value.remedy, name
        assert caught.value.place.file.startswith(str(file)), name
        assert time.monotonic() - start < 10, name
        file.unlink()
        count += 1
    assert count == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


def test_a_damaged_file_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.docx"
    sheet.write_bytes(packed({"word/vbaProject.bin": "x"}))
    out = tmp_path / "out"
    assert run(["draft", "--yes", str(sheet), "-o", str(out)]) == 1
    assert "macros" in capsys.readouterr().err
    assert not out.exists()


def test_the_confined_reader_ends_at_its_limit_of_memory(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<div>" * 4_000_000)
    with pytest.raises(SourceError) as caught:
        run_confined("document", file)
    assert caught.value.remedy


def test_the_confined_reader_passes_on_what_was_wrong(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_bytes("Land: Österreich".encode("latin-1"))
    with pytest.raises(SourceError) as caught:
        run_confined("document", file)
    assert caught.value.place.line == 1
    assert "UTF-8" in caught.value.message


@pytest.mark.parametrize("name", ["folder.txt", "gone.txt", "loop.txt", "pipe.txt", "zero.txt"])
def test_what_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError) as caught:
        read_document(tmp_path / name)
    assert name in caught.value.place.file


def test_a_text_that_tells_of_no_programme_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, out = tmp_path / "minutes.txt", tmp_path / "out"
    sheet.write_text("Minutes of a meeting.\n\nLunch was served.")
    assert run(["draft", "--yes", str(sheet), "-o", str(out)]) == 1
    assert "minutes.txt" in capsys.readouterr().err
    assert not out.exists()


def test_what_would_take_minutes_is_refused(tmp_path: Path) -> None:
    text, xml = tmp_path / "long.txt", tmp_path / "wide.xml"
    text.write_text("Country " * 70_000)
    xml.write_text("<iati-activities>" + "<iati-activity/>" * 2_000 + "</iati-activities>")
    for read, file in ((read_document, text), (read_xml, xml)):
        with pytest.raises(SourceError) as caught:
            read(file)
        assert caught.value.remedy


@pytest.mark.parametrize(
    "line",
    [
        "Wells" + " " * 49_000 + "for Peru",
        "2010-2012 " * 4_900,
        "1 May 2010 - 2 May 2012, " * 1_900,
    ],
)
def test_a_long_line_is_drafted_in_time(tmp_path: Path, line: str) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(f"Project title: Wells\nCountry: Peru\nBudget: US$ 1,000,000\n\n{line}\n")
    start = time.process_time()
    assert run(["draft", "--yes", str(sheet), "-o", str(tmp_path / "out.ttl")]) == 0
    assert time.process_time() - start < 30
