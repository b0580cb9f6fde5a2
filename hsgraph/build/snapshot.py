"""A snapshot: the immutable folder that a build leaves and everything else reads.

data.nq        every quad, authored and inferred, sorted, one line each; RDFC-1.0 canonical N-Quads
metadata.nq    what the graph is and holds (VoID, DCAT), as a graph of its own
downloads/     the graph in every format and as tables, packed
tables.json    what the columns of the tables mean (CSVW)
search.sqlite  the full-text index (see `hsgraph.build.index.fulltext`)
locations.tsv  IRI, file and line of every subject, sorted by IRI
report.json    what validation found
coverage.json  how full the graph is
manifest.json  version, digests and counts; no time, so that the same files give the same bytes

A snapshot of users' files has no metadata, downloads and tables, and its blank nodes as they came.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from hsgraph.build.check.coverage import Coverage
from hsgraph.build.check.report import Report
from hsgraph.build.quads.sorting import SortedFile
from hsgraph.errors import Place, SnapshotError

FORMAT: Final = 3
"""Goes up with each change of the files of a snapshot that what reads them must know of."""
CURRENT: Final = "current"
DATA: Final = "data.nq"
METADATA: Final = "metadata.nq"
DOWNLOADS: Final = "downloads"
TABLES: Final = "tables.json"
SEARCH: Final = "search.sqlite"
LOCATIONS: Final = "locations.tsv"
REPORT: Final = "report.json"
COVERAGE: Final = "coverage.json"
MANIFEST: Final = "manifest.json"
_REMEDY: Final = "Build one: hsgraph build"


@dataclass(frozen=True)
class Artifact:
    """A file of a snapshot (or a source file, by its name) with its size and digest."""

    name: str
    sha256: str
    bytes: int | None = None


@dataclass(frozen=True)
class Download:
    """A file that people fetch, kept packed: its name and what it is, unpacked and packed."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    packed_bytes: int
    packed_sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is made of.

    `version` is the digest of data.nq (16 hex digits); `inputs` that of everything that went
    into the build; `inferred` counts the triples of each rule.
    """

    version: str
    inputs: str
    quads: int
    things: int
    inferred: dict[str, int]
    prefixes: dict[str, str]
    sources: tuple[Artifact, ...]
    artifacts: tuple[Artifact, ...]
    downloads: tuple[Download, ...] = ()
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        content: dict[str, Any] = json.loads(text)
        for name in ("sources", "artifacts"):
            content[name] = tuple(Artifact(**item) for item in content[name])
        content["downloads"] = tuple(Download(**each) for each in content.get("downloads", ()))
        return cls(**content)


class Snapshot:
    """Reads one snapshot folder; raises SnapshotError when it is missing or damaged."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).resolve()
        try:
            self.manifest = Manifest.from_json((self.path / MANIFEST).read_text("utf-8"))
        except FileNotFoundError:
            raise SnapshotError(f"There is no snapshot in {path}.", remedy=_REMEDY) from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SnapshotError(
                f"The snapshot in {path} is damaged: {error}", remedy=_REMEDY
            ) from None
        self._check_sizes()

    @classmethod
    def current(cls, directory: Path | str) -> Snapshot:
        """The snapshot that was published last into a directory."""
        return cls(Path(directory) / CURRENT)

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def data(self) -> Path:
        """The path of data.nq."""
        return self.path / DATA

    @property
    def metadata(self) -> Path | None:
        """The path of metadata.nq; None for a snapshot of users' files, which have none."""
        path = self.path / METADATA
        return path if path.is_file() else None

    def download(self, name: str) -> tuple[Download, Path] | None:
        """A file to fetch and where it is, packed; None if there is none of that name."""
        found = next((each for each in self.manifest.downloads if each.name == name), None)
        return (found, self.path / DOWNLOADS / (name + ".gz")) if found else None

    def tables(self) -> dict[str, Any]:
        """The description of the tables (CSVW); empty where there are none."""
        path = self.path / TABLES
        found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return found

    @property
    def search(self) -> Path:
        """The path of the full-text index."""
        return self.path / SEARCH

    def report(self) -> Report:
        return Report.from_json((self.path / REPORT).read_text("utf-8"))

    def coverage(self) -> Coverage:
        return Coverage.from_json((self.path / COVERAGE).read_text("utf-8"))

    def locations(self, iri: str) -> list[Place]:
        """Where the source files speak of a subject; empty when they do not."""
        found = self._locations.lines(iri.encode() + b"\t")
        rows = (line.decode().split("\t", 2) for line in found)
        places = [Place(file, int(line)) for _, line, file in rows]
        return sorted(places, key=lambda place: (place.file, place.line or 0))

    def check_format(self) -> None:
        """Raises SnapshotError where another release wrote it: of such only the data are read."""
        if self.manifest.format != FORMAT:
            raise SnapshotError(
                f"The snapshot in {self.path} is of another release.", remedy=_REMEDY
            )

    def verify(self) -> None:
        """Compare every file with its digest; raises SnapshotError at the first that differs."""
        for artifact in self.manifest.artifacts:
            if digest(self.path / artifact.name) != artifact.sha256:
                raise SnapshotError(
                    f"{artifact.name} in {self.path} is not what was built.", remedy=_REMEDY
                )

    @cached_property
    def _locations(self) -> SortedFile:
        return SortedFile(self.path / LOCATIONS, b"\t")

    def _check_sizes(self) -> None:
        for artifact in self.manifest.artifacts:
            path = self.path / artifact.name
            if not path.is_file() or path.stat().st_size != artifact.bytes:
                raise SnapshotError(
                    f"The snapshot in {self.path} is damaged: {artifact.name}.", remedy=_REMEDY
                )


def digest(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
