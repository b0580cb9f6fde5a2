"""The file of names: made once, read by everybody, and not needed where it cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hsgraph.ask.names.name import OTHER, PREFERRED, Meaning, Name
from hsgraph.ask.names.stored import StoredNames, stored

WATER = Meaning("threat-type", "https://example.org/water", "Lack of water")
SCHOOL = Meaning("project", "https://example.org/school", "Water for schools in the north")
PLURAL = Name(WATER, ("lack", "water"), "en", PREFERRED, words=("lack", "water"))
LONG = Name(SCHOOL, ("water", "school", "north"), "en", OTHER, words=("water", "schools", "north"))
WORDS = ("which", "teh")
ACRONYM = Name(WATER, ("low",), "", OTHER, capitals=True, words=("low",))


def _names() -> Iterator[Name]:
    yield from (PLURAL, LONG, ACRONYM)


def _unread() -> Iterator[Name]:
    raise AssertionError("the names were read again")
    yield


def test_names_are_read_once_and_found_by_all_of_their_stems_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "names.sqlite"
    stored(path, _names, WORDS)
    found = stored(path, _unread, WORDS)
    assert found.named([("en", ["water", "lack"])]) == [PLURAL]
    assert found.named([("fr", ["water", "lack"]), ("", ["low"])]) == [ACRONYM]
    assert found.named([("en", ["water"])]) == []
    assert [file.name for file in tmp_path.iterdir()] == ["names.sqlite"]


def test_a_part_of_a_name_is_found_with_the_shortest_first(tmp_path: Path) -> None:
    found = stored(tmp_path / "names.sqlite", _names, WORDS)
    kinds = ("threat-type", "project")
    assert found.partly(["water"], "en", kinds) == [PLURAL, LONG]
    assert found.partly(["water", "north"], "en", kinds) == [LONG]
    assert found.partly(["wat"], "en", kinds) == []
    assert found.partly(["water"], "en", ("project",)) == [LONG]
    assert found.partly(["low"], "", kinds) == []


def test_words_are_known_by_language_and_found_with_a_letter_wrong(tmp_path: Path) -> None:
    found = stored(tmp_path / "names.sqlite", _names, WORDS)
    assert found.languages("schools") == {"en"}
    assert found.languages("low") == {""}
    assert found.languages("school") == frozenset()
    assert found.near({"schols"}) == ["schools"]
    assert found.near({"whch"}) == ["which"]
    assert found.near({"ow"}) == []


def test_names_are_found_where_the_folder_of_the_snapshot_cannot_be_written(tmp_path: Path) -> None:
    found = stored(tmp_path / "gone" / "names.sqlite", _names, WORDS)
    assert found.named([("en", ["lack", "water"])]) == [PLURAL]
    assert not (tmp_path / "gone").exists()


def test_a_file_that_could_not_be_finished_is_not_taken_for_one(tmp_path: Path) -> None:
    def broken() -> Iterator[Name]:
        yield PLURAL
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        stored(tmp_path / "names.sqlite", broken, WORDS)
    assert list(tmp_path.iterdir()) == []
    found: StoredNames = stored(tmp_path / "names.sqlite", _names, WORDS)
    assert found.named([("", ["low"])]) == [ACRONYM]
