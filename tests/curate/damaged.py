"""Two hundred files that nobody can read, made anew for each run, by kinds of damage."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

SHEETS = Path(__file__).parent / "sheets"
_WORD = "word/document.xml"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)


def damaged() -> Iterator[tuple[str, bytes]]:
    """Names and contents; nothing here may come out as a document."""
    dice = random.Random(7)
    docx = (SHEETS / "valleys.docx").read_bytes()
    pdf = (SHEETS / "coasts.pdf").read_bytes()
    for number, suffix in enumerate(["txt", "html", "pdf", "docx", "md"] * 4):
        yield f"empty-{number}.{suffix}", b" \n\t"[: number // 5]
    for number in range(20):
        yield f"utf16-{number}.txt", f"Country: Serbia {number}".encode("utf-16")
    for number in range(20):
        yield f"latin1-{number}.txt", f"Pays: Côte d'Ivoire {number}".encode("latin-1")
    for number in range(20):
        yield f"cut-{number}.docx", docx[: len(docx) * (number + 1) // 22]
    for number in range(10):
        yield f"cut-{number}.pdf", pdf[: 9 + number * 3]
    for number in range(20):
        yield f"wrong-{number}.{'txt' if number % 2 else 'html'}", (pdf, docx)[number % 2]
    for number in range(10):
        yield f"picture-{number}.pdf", b"\x89PNG\r\n\x1a\n" + dice.randbytes(200)
    for number in range(10):
        yield (
            f"noise-{number}.{('txt', 'html')[number % 2]}",
            b"Country\x00: " + dice.randbytes(300),
        )
    for number, name in enumerate(["a.exe", "b", "c.doc", "d.rtf", "e.odt", "f.jpg", "g.zip"] * 2):
        yield f"{number}-{name}", b"Country: Serbia"
    for pages in range(1, 21):
        yield f"scanned-{pages}.pdf", scanned(pages)
    for number in range(10):
        yield f"macros-{number}.docx", packed({_WORD: "<w/>", "word/vbaProject.bin": "x" * number})
    for number in range(10):
        bomb = '<!DOCTYPE a [<!ENTITY b "' + "c" * 50 * (number + 1) + '">]><a>&b;&b;</a>'
        yield f"entities-{number}.docx", packed({_WORD: bomb})
    for number in range(6):
        yield f"bomb-{number}.docx", packed({_WORD: " " * (30_000_000 + number * 10_000_000)})
    for number in range(5):
        yield f"large-{number}.txt", b"Country: Serbia\n" * 3_500_000
    for number in range(5):
        yield f"parts-{number}.docx", packed({f"{n}.bin": "" for n in range(6000 + number)})


def packed(parts: dict[str, str]) -> bytes:
    """A zip file of these parts, in the manner of Word and Excel."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def scanned(pages: int) -> bytes:
    """A PDF whose pages have no text."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()
