"""The names of the things of a graph in an SQLite file: as many as there are, in little memory."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from hsgraph.ask.names.name import Meaning, Name
from hsgraph.ask.names.words import SLIP, shorter
from hsgraph.describe.shared.sqlite_tables import Tables

_TABLES: Final = """
CREATE TABLE name (
    id INTEGER PRIMARY KEY, language TEXT, bag TEXT, key TEXT, words TEXT, rank INTEGER,
    capitals INTEGER, kind TEXT, value TEXT, label TEXT
);
CREATE TABLE part (
    language TEXT, stem TEXT, size INTEGER, rank INTEGER, value TEXT, name INTEGER,
    PRIMARY KEY (language, stem, size, rank, value, name)
) WITHOUT ROWID;
CREATE TABLE word (word TEXT, language TEXT, PRIMARY KEY (word, language)) WITHOUT ROWID;
CREATE TABLE spelling (shorter TEXT, word TEXT, PRIMARY KEY (shorter, word)) WITHOUT ROWID;
"""
_INDEX: Final = "CREATE INDEX bags ON name (bag, language)"
_NAMED: Final = """
SELECT name.* FROM json_each(?) AS wanted JOIN name
ON bag = json_extract(wanted.value, '$[1]') AND language = json_extract(wanted.value, '$[0]')
ORDER BY wanted.key, id
"""
_PARTLY: Final = """
SELECT name.* FROM part JOIN name ON name.id = part.name
WHERE part.language = ?1 AND part.stem = ?2 AND kind IN (SELECT value FROM json_each(?3))
AND NOT EXISTS (SELECT 1 FROM json_each(?4) AS stem WHERE NOT instr(bag, ' ' || stem.value || ' '))
ORDER BY part.size, part.rank, part.value, part.name LIMIT ?5
"""
_LONGEST: Final = "SELECT max(size) FROM part WHERE language = ? AND stem = ?"
_LANGUAGES: Final = "SELECT language FROM word WHERE word = ?"
_NEAR: Final = (
    "SELECT DISTINCT word FROM spelling WHERE shorter IN (SELECT value FROM json_each(?))"
)
_MOST: Final = 500
"""Names that are looked through for those that hold some words, the shortest first."""
_WORDS_KEPT: Final = 20_000


class StoredNames:
    """Names found by the stems of their words, whole or in part; safe in any thread."""

    def __init__(self, path: Path) -> None:
        self._tables = Tables(path)
        self.languages = lru_cache(_WORDS_KEPT)(self._languages)
        self.longest = lru_cache(_WORDS_KEPT)(self._longest)

    def named(self, keys: Sequence[tuple[str, Collection[str]]]) -> list[Name]:
        """The names of just these stems, each key with its language, in the order of the keys."""
        wanted = json.dumps([(language, _bag(stems)) for language, stems in keys])
        return [_name(row) for row in self._tables.open().execute(_NAMED, (wanted,))]

    def partly(self, stems: Sequence[str], language: str, kinds: Collection[str]) -> list[Name]:
        """Names of some kinds with all of these stems and more, the shortest first."""
        values = (language, stems[0], json.dumps(list(kinds)), json.dumps(stems), _MOST)
        return [_name(row) for row in self._tables.open().execute(_PARTLY, values)]

    def near(self, spellings: Collection[str]) -> list[str]:
        """The words that one of these is a spelling of, with a letter more or not."""
        rows = self._tables.open().execute(_NEAR, (json.dumps(list(spellings)),))
        return [row[0] for row in rows]

    def _longest(self, stem: str, language: str) -> int:
        """How many words the longest name has that holds this stem; 0 where none of several has."""
        row = self._tables.open().execute(_LONGEST, (language, stem)).fetchone()
        return int(row[0] or 0)

    def _languages(self, word: str) -> frozenset[str]:
        return frozenset(row[0] for row in self._tables.open().execute(_LANGUAGES, (word,)))


def stored(
    path: Path | None, names: Callable[[], Iterable[Name]], words: Collection[str]
) -> StoredNames:
    """The names kept in a file, written first where there is none yet.

    `words` are others that a word may be a slip of.
    Without a path, or where nothing can be written, they are in a file that goes with the process.
    """
    if path is None or not path.exists():
        try:
            path = _written(path, names(), words) if path is not None else None
        except OSError:
            path = None
    if path is not None:
        return StoredNames(path)
    folder = tempfile.TemporaryDirectory(prefix="hsgraph-")
    found = StoredNames(_written(Path(folder.name) / "names.sqlite", names(), words))
    weakref.finalize(found, folder.cleanup)
    return found


def _written(path: Path, names: Iterable[Name], words: Collection[str]) -> Path:
    """Write a file under another name and rename it, so that nobody reads half of it."""
    number, made = tempfile.mkstemp(prefix=".names-", dir=path.parent)
    os.fchmod(number, 0o444)
    os.close(number)
    try:
        with closing(sqlite3.connect(made)) as database, database:
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
            _fill(database, names, words)
            database.execute(_INDEX)
        os.rename(made, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(made)
    return path


def _fill(database: sqlite3.Connection, names: Iterable[Name], words: Collection[str]) -> None:
    known: set[tuple[str, str]] = set()
    for number, name in enumerate(names):
        meaning, stems = name.meaning, set(name.key)
        columns = (_bag(stems), " ".join(name.key), " ".join(name.words), name.rank, name.capitals)
        said = (meaning.kind, meaning.value, meaning.label)
        row = (number, name.language, *columns, *said)
        database.execute("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        if len(name.key) > 1:
            order = (len(name.key), -name.rank, meaning.value, number)
            parts = [(name.language, stem, *order) for stem in stems]
            database.executemany("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)", parts)
        known.update((word, name.language) for word in name.words)
    database.executemany("INSERT INTO word VALUES (?, ?)", sorted(known))
    spellings = {
        (less, word)
        for word in {*words, *(word for word, _ in known)}
        if len(word) >= SLIP
        for less in shorter(word)
    }
    database.executemany("INSERT INTO spelling VALUES (?, ?)", sorted(spellings))


def _bag(stems: Iterable[str]) -> str:
    """Stems as one text, in an order of their own, with a space around each."""
    return f" {' '.join(sorted(set(stems)))} "


def _name(row: Sequence[str | int]) -> Name:
    _, language, _, key, words, rank, capitals, kind, value, label = row
    meaning = Meaning(str(kind), str(value), str(label))
    split = (tuple(str(text).split(" ")) for text in (key, words))
    return Name(meaning, next(split), str(language), int(rank), bool(capitals), next(split))
