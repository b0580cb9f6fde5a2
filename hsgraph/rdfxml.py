"""Writes RDF/XML that any XML reader takes, or says what it cannot hold.

Every subject is an `rdf:Description` and every class an `rdf:type`, so that only properties need
names of XML. What XML 1.0 has no way to write is refused: properties whose IRI ends in no such
name, control characters, statements about statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import IO, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from hsgraph.errors import NotAcceptable
from hsgraph.namespaces import RDF, XSD

_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(
    rf"[{_START}][{_START}"
    r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*\Z"
)
_SYNTAX: Final = frozenset(
    RDF + name
    for name in (
        *("RDF", "Description", "ID", "about", "resource", "nodeID", "datatype", "parseType", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
"""Names that are no properties in RDF/XML, where they are its syntax."""
_LONGEST: Final = 200
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write."""
_NODE: Final = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_OTHERS: Final = ("text/turtle", "application/n-triples", "application/ld+json")


def write(
    statements: Iterable[Triple | Quad], output: IO[bytes], prefixes: Mapping[str, str]
) -> None:
    """Write statements, those of one subject that follow each other together.

    Raises NotAcceptable for what RDF/XML cannot hold.
    """
    known = {iri: name for name, iri in prefixes.items() if name and _NAME.match(name)}
    known[RDF] = "rdf"
    spaces = "".join(f"\n  xmlns:{name}={quoteattr(iri)}" for iri, name in known.items())
    output.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'.encode())
    for subject, found in groupby(statements, attrgetter("subject")):
        output.write(f"  <rdf:Description {_about(subject)}>\n".encode())
        for each in found:
            output.write(f"    {_property(each.predicate.value, each.object, known)}\n".encode())
        output.write(b"  </rdf:Description>\n")
    output.write(b"</rdf:RDF>\n")


def _about(subject: object) -> str:
    if isinstance(subject, BlankNode):
        return f"rdf:nodeID={quoteattr(_node(subject))}"
    if isinstance(subject, NamedNode):
        return f"rdf:about={quoteattr(_text(subject.value))}"
    raise _refused("a statement about a statement")


def _property(iri: str, value: object, known: Mapping[str, str]) -> str:
    name, declared = _named(iri, known)
    if isinstance(value, NamedNode):
        return f"<{name}{declared} rdf:resource={quoteattr(_text(value.value))}/>"
    if isinstance(value, BlankNode):
        return f"<{name}{declared} rdf:nodeID={quoteattr(_node(value))}/>"
    if not isinstance(value, Literal) or value.direction is not None:
        raise _refused("a statement about a statement, or a text with a direction")
    kind = ""
    if value.language:
        kind = f" xml:lang={quoteattr(value.language)}"
    elif value.datatype.value != XSD + "string":
        kind = f" rdf:datatype={quoteattr(_text(value.datatype.value))}"
    said = escape(_text(value.value), {"\r": "&#13;"})
    return f"<{name}{declared}{kind}>{said}</{name}>"


def _named(iri: str, known: Mapping[str, str]) -> tuple[str, str]:
    """The name of a property in XML, and what declares its prefix if nothing has."""
    start = max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1
    while start < len(iri) and not _NAME.match(iri, start):
        start += 1
    local = iri[start:]
    if iri in _SYNTAX or iri[:start] == "http://www.w3.org/2000/xmlns/":
        raise _refused(f"the property <{iri}>, whose name is part of its syntax")
    if not local or len(local) > _LONGEST or not _readable(local):
        raise _refused(f"the property <{iri[:_LONGEST]}>, whose end is no name in XML")
    prefix = known.get(iri[:start])
    declared = "" if prefix else f" xmlns:p={quoteattr(_text(iri[:start]))}"
    return f"{prefix or 'p'}:{local}", declared


@lru_cache(1000)
def _readable(name: str) -> bool:
    """Whether all readers take a name: many know only the letters of XML's first editions."""
    if name.isascii():
        return True
    try:
        expat.ParserCreate().Parse(f"<{name}/>".encode(), True)
    except expat.ExpatError:
        return False
    return True


def _node(node: BlankNode) -> str:
    return node.value if _NODE.match(node.value) else "n" + node.value.encode().hex()


def _text(text: str) -> str:
    if found := NOT_XML.search(text):
        raise _refused(f"the character U+{ord(found[0]):04X}")
    return text


def _refused(what: str) -> NotAcceptable:
    return NotAcceptable(f"RDF/XML cannot hold {what}.", available=_OTHERS)
