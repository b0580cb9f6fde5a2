"""The classes and the names of all things in sorted N-Quads, kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.build.quads.nquads import language, things, value, written
from hsgraph.namespaces import RDF, RDFS, SKOS

_TYPE: Final = written(RDF + "type")
_PREFERRED: Final = written(SKOS + "prefLabel")
_LABEL: Final = written(RDFS + "label")
_WANTED: Final = (_TYPE, _PREFERRED, _LABEL)

BAR: Final = "|"
"""What parts several values in a table, unless a value or a name holds it."""

Kinds = tuple[str, ...]
"""The classes of a thing, as N-Quads writes them."""


@dataclass(frozen=True)
class Names:
    """Classes and names by thing, all terms as N-Quads writes them, names as texts.

    The name is the English one, else the first.
    """

    kinds: Mapping[str, Kinds]
    preferred: Mapping[str, str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, data: Path, without: Collection[str] = ()) -> Names:
        """Read them from data.nq, but not from the graphs `without`."""
        kinds: dict[str, Kinds] = {}
        alike: dict[Kinds, Kinds] = {}
        texts: dict[str, dict[str, str]] = {_PREFERRED: {}, _LABEL: {}}
        for about, statements in things(data, without):
            wanted = [each for each in statements if each[0] in _WANTED]
            classes = tuple(t for name, t in wanted if name == _TYPE and t[0] == "<")
            if classes:
                kinds[about] = alike.setdefault(classes, classes)
            for predicate, found in texts.items():
                names = [term for name, term in wanted if name == predicate]
                english = (t for t in names if language(t).startswith("en"))
                if names:
                    found[about] = value(next(english, names[0]))
        return cls(kinds, texts[_PREFERRED], texts[_LABEL])

    def title(self, term: str) -> str:
        """What a class or property is called, "" if nothing says."""
        return self.labels.get(term) or self.preferred.get(term, "")
