"""Which files are read, and by what format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pyoxigraph import RdfFormat

from hsgraph.errors import Place, SourceError
from hsgraph.formats import RDF_FORMATS
from hsgraph.questions import question_files

_PROJECT_FOLDERS: Final = ("ontology", "data")
QUESTIONS: Final = "data/queries"
_SUFFIXES: Final[dict[str, RdfFormat]] = {
    **{f".{format.suffix}": format.rdf for format in RDF_FORMATS if format.rdf},
    ".turtle": RdfFormat.TURTLE,
    ".xml": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".json": RdfFormat.JSON_LD,
}


def project_files(root: Path) -> list[Path]:
    """The Turtle files and questions of a project in order of their names, no hidden files.

    Raises SourceError when a folder is missing or holds none.
    """
    found: list[Path] = []
    for folder in _PROJECT_FOLDERS:
        if not (root / folder).is_dir():
            raise SourceError(
                f"There is no folder {folder}/ in {root}.",
                place=Place(str(root / folder)),
                remedy="Run this in the checkout, or give its path.",
            )
        files = [path for path in (root / folder).rglob("*.ttl") if not _hidden(path, root)]
        if not files:
            raise SourceError("The folder holds no Turtle file (*.ttl).", place=Place(f"{folder}/"))
        found += files
    found += question_files(root / QUESTIONS)
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def unfold(paths: Iterable[Path]) -> Iterator[Path]:
    """RDF files, with those in a folder for the folder. Raises SourceError for one without any."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(
            file
            for file in path.rglob("*")
            if file.is_file() and _suffix(file) in _SUFFIXES and not _hidden(file, path)
        )
        if not inside:
            raise SourceError("The folder holds no RDF file.", place=Place(str(path)))
        yield from inside


def rdf_format(path: Path, name: str) -> RdfFormat:
    """The format a file's name says, `.gz` put aside; SourceError for other names."""
    suffix = _suffix(path)
    if suffix not in _SUFFIXES:
        raise SourceError(
            f"{suffix or 'A name without a suffix'} is not the suffix of an RDF file.",
            place=Place(name),
            remedy="Name the file " + ", ".join(sorted(_SUFFIXES)) + " (.gz may follow).",
        )
    return _SUFFIXES[suffix]


def _suffix(path: Path) -> str:
    return PurePosixPath(path.name.removesuffix(".gz")).suffix.lower()


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
