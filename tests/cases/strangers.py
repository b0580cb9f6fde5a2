"""What tests over small files of strangers share: the usual prefixes, and a look at a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from hsgraph.graph import KnowledgeGraph

HEAD = """@prefix ex: <http://example.org/> .
@prefix v: <http://example.org/vocab#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
BROWSER = {"Accept": "text/html"}
Opened = Callable[..., KnowledgeGraph]
Served = Callable[..., FlaskClient]


def page_of(visitor: FlaskClient, name: str) -> str:
    """The page about `http://example.org/{name}`."""
    answer = visitor.get(f"/describe?iri=http://example.org/{name}", headers=BROWSER)
    assert answer.status_code == 200
    return answer.text


def read(page: str) -> str:
    """What a reader sees of a page, on one line."""
    body = re.sub(r"(?s)^.*?<main|<script.*?</script>|<footer.*$", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
