"""Which kind of file this is, by its name and its first bytes; refuses what no reader may open."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from hsgraph.errors import Place, SourceError

LARGEST: Final = 20_000_000
_UNPACKED: Final = 100_000_000
_PARTS: Final = 5_000
_RATIO: Final = 200
DOCUMENTS: Final = {".txt": "text", ".md": "text", ".htm": "html", ".html": "html"} | {
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
TABLES: Final = {".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx"}
XML: Final = {".xml": "xml"}
_SIGNS: Final = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "old Office"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_EXPECTED: Final = {"pdf": "pdf", "docx": "zip", "xlsx": "zip"}


def kind_of(path: Path, allowed: dict[str, str]) -> str:
    """The kind that a file's name says; SourceError for names that are none of the `allowed`."""
    if not path.is_file():
        raise SourceError(
            "This is a folder." if path.is_dir() else "There is no such file.",
            place=Place(str(path)),
            remedy="Name the files in it." if path.is_dir() else "Check the name and the folder.",
        )
    suffix = path.suffix.lower()
    if suffix not in allowed:
        raise SourceError(
            f"{suffix or 'A name without a suffix'} is not a kind of file that is read here.",
            place=Place(str(path)),
            remedy="Save it as one of: " + ", ".join(sorted(allowed)),
        )
    return allowed[suffix]


def content_of(path: Path, kind: str) -> bytes:
    """The bytes of a file, once they are of the kind that its name says and not too many."""
    name = str(path)
    size = path.stat().st_size
    if size > LARGEST:
        raise SourceError(
            f"The file has {size / 1e6:,.0f} MB; up to {LARGEST / 1e6:.0f} MB are read.",
            place=Place(name),
            remedy="Take out the pictures, or save just the text.",
        )
    content = path.read_bytes()
    if not content.strip():
        raise SourceError("The file is empty.", place=Place(name, 1), remedy="Save it once more.")
    sign = next((kind for start, kind in _SIGNS if content.startswith(start)), None)
    if sign != _EXPECTED.get(kind):
        raise SourceError(
            f"The file is named {path.suffix} and is {_article(sign)} by its content.",
            place=Place(name),
            remedy="Save it as UTF-8."
            if sign == "UTF-16"
            else "Give it the suffix of what it is, or save it once more as what its name says.",
        )
    if sign == "zip":
        _check_zip(content, name)
    return content


def refuse_doctype(content: bytes, name: str) -> None:
    """SourceError for XML that defines entities of its own."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SourceError(
            "The XML has a document type with entities of its own, which are not expanded here.",
            place=Place(name),
            remedy="Save it without <!DOCTYPE …>.",
        )


def _article(sign: str | None) -> str:
    return f"a file of the kind {sign}" if sign else "something else"


def _check_zip(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist(), name)
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    refuse_doctype(archive.read(part), name)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise SourceError(
            f"The file is damaged: {error}.", place=Place(name), remedy="Fetch or save it anew."
        ) from None


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > _PARTS
        or unpacked > _UNPACKED
        or any(part.file_size > max(1_000_000, _RATIO * part.compress_size) for part in parts)
    ):
        raise SourceError(
            f"The file would unpack to {unpacked / 1e6:,.0f} MB in {len(parts)} parts.",
            place=Place(name),
            remedy="Take out the pictures, or save just the text.",
        )
    if any("vbaProject" in part.filename for part in parts):
        raise SourceError(
            "The file has macros.",
            place=Place(name),
            remedy="Save it without macros, as .docx or .xlsx.",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError(
            "The file is locked by a password.", place=Place(name), remedy="Save it without one."
        )
