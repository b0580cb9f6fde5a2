"""How to cite the page about a thing, for reference managers: BibTeX, RIS, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from hsgraph.describe.values import is_described, is_mentioned, values_of
from hsgraph.describe.words.labels import Labels, chosen
from hsgraph.engine.protocol import Engine, Term
from hsgraph.errors import UnknownEntity
from hsgraph.namespaces import BASE, DATASET, DCTERMS

_SAID: Final = tuple(DCTERMS + name for name in ("title", "creator", "modified"))
"""What a citation needs of what the dataset says of itself."""
_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "{}$&#%_"},
}
"""What TeX reads as a command, and how it is written as text."""

_SINGLE: Final = str.maketrans('“”"', "‘’'")


@dataclass(frozen=True)
class Citation:
    """What all forms of one citation say."""

    title: str
    dataset: str
    maker: str
    date: str
    version: str
    address: str

    @property
    def key(self) -> str:
        """A name for it in a bibliography."""
        own = "hsgraph:" if self.address.startswith(BASE) else ""
        ends = (re.sub(r"[^a-z0-9]+", "-", part.lower()) for part in self.address.split("/")[::-1])
        return own + next(end for end in ends if end.strip("-"))

    def bibtex(self) -> str:
        """A BibTeX entry; braces around the title keep its capitals."""
        fields = {
            "title": "{" + _tex(self.title) + "}",
            "author": "{" + _tex(self.maker) + "}" if self.maker else "",
            "howpublished": _tex(self.dataset),
            "year": self.date[:4],
            "version": self.version,
            "note": f"Version {self.version}",
            "url": self.address,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"]) + "\n"

    def ris(self) -> str:
        """A RIS record, whose lines end as the format asks."""
        fields = (
            ("TY", "DATA"),
            ("TI", self.title),
            ("T2", self.dataset),
            ("AU", self.maker),
            ("PY", self.date[:4]),
            ("ET", f"version {self.version}"),
            ("UR", self.address),
            ("ER", ""),
        )
        lines = (f"{tag}  - {_line(value)}" for tag, value in fields if value or tag == "ER")
        return "\r\n".join(lines) + "\r\n"

    def text(self) -> str:
        """One sentence."""
        when = f" ({self.date[:4]})" if self.date else ""
        maker = f"{self.maker}{when}: " if self.maker else ""
        title = f"“{within_quotes(self.title)}”"
        where = "" if self.title == self.dataset else f", in {self.dataset}"
        said = f"{maker}{title}{where}, version {self.version}."
        return f"{_line(said)} {self.address}\n"


def within_quotes(title: str) -> str:
    """A title as it stands between quotation marks: those of its own become single ones."""
    return title.translate(_SINGLE)


def citation(engine: Engine, iri: str, address: str) -> Citation:
    """How to cite the page about a thing. Raises UnknownEntity where there is none.

    A dataset without a title is called by the `address` of the server.
    """
    described = values_of(engine, [DATASET], _SAID)[DATASET]
    titles, makers, dates = (described.get(name, ()) for name in _SAID)
    labels = Labels.fetch(engine, [iri, *makers])
    if not is_mentioned(engine, iri):
        raise UnknownEntity(f"There is nothing at <{iri}> to cite.")
    dataset = _english(titles) or chosen(titles) or address
    return Citation(
        title=dataset if iri == DATASET else labels.ref(iri).label,
        dataset=dataset,
        maker=labels.ref(makers[0].value).label if makers else "",
        date=chosen(dates),
        version=engine.version,
        address=iri,
    )


def _english(titles: Iterable[Term]) -> str:
    """The English one of some titles: the dataset is cited alike in each language."""
    known = (title for title in titles if isinstance(title, Literal) and title.language == "en")
    return next((title.value for title in known), "")


def dataset_cited(engine: Engine, address: str) -> str:
    """How to cite the dataset; nothing where the data do not describe it."""
    return citation(engine, DATASET, address).text() if is_described(engine, DATASET) else ""


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    """Text on one line: a line of its own could be read as another field."""
    return " ".join(text.split())
