"""Rows of a table become drafts; a mistake names its cell, and the other rows are not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from hsgraph.cli import run
from hsgraph.curate.known import Graph
from hsgraph.curate.model import Doubt, Draft
from hsgraph.curate.table.rows import drafts_of_table, read_columns
from hsgraph.curate.table.template import write_template
from hsgraph.curate.words import words
from hsgraph.errors import BadRequest, SourceError

HEAD = "Programme name,Countries,Start,Finish date,Implementing agencies,Budget (USD),Keywords"


def none_of_it(doubt: Doubt) -> int | None:
    return None


def drafted(path: Path, known: Graph) -> tuple[list[Draft], list[SourceError]]:
    columns, rows = read_columns(path)
    return drafts_of_table(path, columns, rows, known, none_of_it)


def csv(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "programmes.csv"
    file.write_text("\n".join((HEAD, *rows)))
    return file


@pytest.mark.parametrize("start", ["2010-03-31", "31 March 2010", "31/03/2010"])
@pytest.mark.parametrize("amount", ["1500000", '"1,500,000"', "1.500.000", "1 500 000", "US$ 1.5m"])
def test_dates_and_sums_are_read_however_they_are_written(
    tmp_path: Path, known: Graph, start: str, amount: str
) -> None:
    rows = f'Clean wells in Oruro,Bolivia; Peru,{start},2012,"FAO, UNICEF",{amount},Health'
    drafts, mistakes = drafted(csv(tmp_path, rows), known)
    assert mistakes == []
    (draft,) = drafts
    assert draft.start
    assert (str(draft.start.day), draft.start.precision) == ("2010-03-31", "day")
    assert [place.place.slug for place in draft.places] == ["bolivia", "peru"]
    assert [part.known.slug for part in draft.parts if part.known] == ["fao", "unicef"]
    assert [int(money.amount) for money in draft.money] == [1_500_000]


def test_a_number_of_people_alone_is_of_residents(tmp_path: Path, known: Graph) -> None:
    file = tmp_path / "p.csv"
    file.write_text("Title,Number of people\nClean wells,4500\nMore wells,900 women; 300 farmers")
    first, second = drafted(file, known)[0]
    told = [(target.groups[0].slug, target.count) for target in first.targets + second.targets]
    assert told == [("residents", 4500), ("women", 900), ("farmers", 300)]


def test_each_mistake_names_its_cell_and_good_rows_stay(tmp_path: Path, known: Graph) -> None:
    file = csv(
        tmp_path,
        "Bad date,Peru,yesterday,2012,FAO,lots,",
        ",Peru,2011,2012,FAO,,",
        "A formula,Peru,2011,2012,FAO,=1+1,",
        "Nowhere,Atlantis,2011,2012,FAO,,",
        "Good one,Peru,2011,2012,FAO,,Health; Nonsense",
    )
    drafts, mistakes = drafted(file, known)
    assert [draft.title.text for draft in drafts if draft.title] == ["Good one"]
    cells = [mistake.place.file.rpartition("!")[2] for mistake in mistakes]
    assert cells == ["C2", "F2", "3", "F4", "B5"]
    remedies = [mistake.remedy or "" for mistake in mistakes]
    assert remedies[0].startswith("Write a day, month or year that there is")
    assert remedies[1].startswith("Write the sum with its currency")
    assert [missed.why for missed in drafts[0].missed] == ["cell G6: no key word of the vocabulary"]


def test_a_workbook_with_a_formula_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Title", "Country", "Budget"])
    book.active.append(["A formula", "Peru", "=A1"])
    book.save(tmp_path / "p.xlsx")
    out = tmp_path / "out"
    assert run(["draft", "--yes", "--table", str(tmp_path / "p.xlsx"), "-o", str(out)]) == 1
    assert "C2" in capsys.readouterr().err
    assert not out.exists()


def test_a_column_whose_name_is_only_like_ours_is_not_taken_unasked(tmp_path: Path) -> None:
    file = tmp_path / "programmes.csv"
    file.write_text("Title,Countrys,Colour\nA,Peru,red")
    columns, _ = read_columns(file)
    assert [(column.code, column.close) for column in columns] == [
        ("title", None),
        (None, "country"),
        (None, None),
    ]


def test_a_template_named_csv_is_one(tmp_path: Path, known: Graph) -> None:
    file = tmp_path / "t.csv"
    write_template(file, known)
    with file.open("a") as table:
        table.write("Clean wells,\r\n")
    columns, rows = read_columns(file)
    assert len(columns) == len(words().explained)
    assert None not in [column.code for column in columns]
    assert rows[0][0] == "Clean wells"


def test_a_template_is_named_like_a_table(tmp_path: Path, known: Graph) -> None:
    with pytest.raises(BadRequest, match="named like no table"):
        write_template(tmp_path / "t.doc", known)
    assert not (tmp_path / "t.doc").exists()


def test_the_template_has_every_column_explained_and_comes_back_as_drafts(
    tmp_path: Path, known: Graph
) -> None:
    from openpyxl import load_workbook  # with NumPy, in every process that collects tests

    file = tmp_path / "t.xlsx"
    write_template(file, known)
    book = load_workbook(file)
    sheet = book["Programmes"]
    names = [cell.value for cell in sheet[1]]
    assert len(names) == len(words().explained) == book["Columns"].max_row - 1
    assert len(sheet.data_validations.dataValidation) == 6
    sheet.append(["Clean wells"] + [None] * (names.index("Country") - 1) + ["Peru"])
    book.save(file)
    columns, _ = read_columns(file)
    assert None not in [column.code for column in columns]
    drafts, mistakes = drafted(file, known)
    assert mistakes == []
    assert [place.place.slug for place in drafts[0].places] == ["peru"]
