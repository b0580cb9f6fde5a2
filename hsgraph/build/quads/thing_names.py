"""The classes and the names of all things in sorted N-Quads, kept in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hsgraph.build.quads.nquads import literal, selected, value, written
from hsgraph.namespaces import RDF, RDFS, SKOS

_WANTED: Final = (RDF + "type", SKOS + "prefLabel", RDFS + "label")
_TYPE: Final = written(RDF + "type")
_PREFERRED: Final = written(SKOS + "prefLabel")
_LABEL: Final = written(RDFS + "label")

BAR: Final = "|"
"""What parts several values in a table, unless a value or a name holds it."""

Kinds = tuple[str, ...]
"""The classes of a thing, as N-Quads writes them."""


@dataclass(frozen=True)
class Names:
    """Classes and names by thing, all terms as N-Quads writes them, names as texts.

    The name is the English one, else the first; `with_bar` are the things whose name holds BAR.
    """

    kinds: Mapping[str, Kinds]
    preferred: Mapping[str, str]
    labels: Mapping[str, str]
    with_bar: frozenset[str]

    @classmethod
    def of(cls, data: Path, without: Collection[str] = ()) -> Names:
        """Read them from data.nq, but not from the graphs `without`."""
        kinds: dict[str, Kinds] = {}
        alike: dict[Kinds, Kinds] = {}
        texts: dict[str, dict[str, str]] = {_PREFERRED: {}, _LABEL: {}}
        english: set[tuple[str, str]] = set()
        last, about = "", ""
        for subject, predicate, term in selected(data, _WANTED, without):
            if subject != last:
                last = about = subject
                english.clear()
            if predicate == _TYPE:
                known = kinds.get(about, ())
                if term[0] == "<" and term not in known:
                    both = (*known, term)
                    kinds[about] = alike.setdefault(both, both)
                continue
            is_english = term[0] == '"' and literal(term).language.startswith("en")
            found = texts[predicate]
            if about not in found or (is_english and (about, predicate) not in english):
                found[about] = value(term)
            if is_english:
                english.add((about, predicate))
        preferred = texts[_PREFERRED]
        with_bar = frozenset(term for term, name in preferred.items() if BAR in name)
        return cls(kinds, preferred, texts[_LABEL], with_bar)

    def title(self, term: str) -> str:
        """What a class or property is called, "" if nothing says."""
        return self.labels.get(term) or self.preferred.get(term, "")
