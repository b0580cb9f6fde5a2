"""Makes the answers of every server alike: one lexical form for a value, one shape for an answer.

Servers keep values in forms of their own ("876579.00", "1" for true, @EN, "nodeID://b1"). Here
they become what the embedded engine would have kept, so that pages do not depend on the server.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from hsgraph.build.read.reader import as_stored
from hsgraph.literals import NUMBERS
from hsgraph.namespaces import GEO, XSD

_DATATYPES: Final = {"http://www.openlinksw.com/schemas/virtrdf#Geometry": GEO + "wktLiteral"}
_DURATIONS: Final = ("duration", "dayTimeDuration", "yearMonthDuration")
_WITH_FORMS: Final = NUMBERS | {XSD + name for name in ("boolean", "dateTime", "time", *_DURATIONS)}
_ASK: Final = "__ASK_RETVAL"
"""The variable in which Virtuoso answers an ASK as if it had been a SELECT."""
_NO_LABEL: Final = re.compile(r"[^0-9A-Za-z]")


def alike(results: bytes) -> bytes:
    """SPARQL JSON results with every value in its one form. Raises ValueError for other bytes."""
    content: dict[str, Any] = json.loads(results)
    if content.get("head", {}).get("vars") == [_ASK]:
        rows = content["results"]["bindings"]
        content = {"head": {}, "boolean": any(row[_ASK]["value"] != "0" for row in rows)}
    for row in content.get("results", {}).get("bindings", ()):
        for value in row.values():
            _mend(value)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def alike_triple(triple: Triple) -> Triple:
    """A triple with its object in its one form, and blank nodes called as in results."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, BlankNode):
        subject = BlankNode(_label(subject.value))
    if isinstance(value, BlankNode):
        value = BlankNode(_label(value.value))
    elif isinstance(value, Literal) and value.language is None:
        value = literal(value.value, value.datatype.value)
    return Triple(subject, triple.predicate, value)


def _mend(value: dict[str, Any]) -> None:
    kind = value["type"]
    if kind == "bnode":
        value["value"] = _label(value["value"])
    elif kind == "typed-literal":
        value["type"] = "literal"
    datatype = value.get("datatype")
    if datatype in _WITH_FORMS or datatype in _DATATYPES:
        plain = literal(value["value"], datatype)
        value["value"], value["datatype"] = plain.value, plain.datatype.value


def _label(name: str) -> str:
    """What a server calls a blank node as a label that all formats take; others have others."""
    return "b" + _NO_LABEL.sub(lambda sign: f"_{ord(sign[0]):x}_", name)


@lru_cache(maxsize=16_384)
def literal(text: str, datatype: str) -> Literal:
    """A typed literal as the embedded engine keeps it: asked of its own store."""
    given = Literal(text, datatype=NamedNode(_DATATYPES.get(datatype, datatype)))
    return as_stored(given) if datatype in _WITH_FORMS else given
