"""Writes data.nq: sorted N-Quads, RDFC-1.0 canonical where a project is built.

See https://www.w3.org/TR/rdf-canon/. The labels it gives to blank nodes depend only on the quads
that have blank nodes, which here are few (lists in the ontology); the others are written as they
are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from hsgraph.build.quads.sorting import sorted_lines

_MARK = b"_:"


def write_data(store: Store, path: Path, *, canonical: bool, more: Iterable[Quad] = ()) -> int:
    """Write all quads of a store, and more without blank nodes, sorted by line; give their number.

    Without canonical labels blank nodes keep those they have: some graphs of users are made so
    that canonical ones take for ever.
    """
    count = 0
    with tempfile.NamedTemporaryFile(dir=path.parent) as unsorted, path.open("wb") as output:
        store.dump(unsorted.name, format=RdfFormat.N_QUADS)
        with Path(unsorted.name).open("rb") as dumped:
            lines = _canonical(dumped) if canonical else dumped
            added = (f"{quad} .\n".encode() for quad in more)
            with sorted_lines(chain(lines, added), path.parent) as found:
                for line in found:
                    output.write(line)
                    count += 1
    return count


def _canonical(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in no order, with canonical labels for blank nodes."""
    marked: list[bytes] = []
    for line in lines:
        if _MARK in line:
            marked.append(line)
        else:
            yield line
    blank = Dataset(parse(b"".join(marked), RdfFormat.N_QUADS))
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    for quad in blank:
        yield f"{quad} .\n".encode()
