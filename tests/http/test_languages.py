"""The language of the reader: which one is chosen, that its words are there, and that none mix."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import SH, SKOS, Graph, Literal, URIRef

from hsgraph import resources
from hsgraph.build.snapshot import Snapshot
from hsgraph.errors import HsgraphError
from hsgraph.graph import KnowledgeGraph
from hsgraph.languages import INTERFACE, KNOWN, preferred
from hsgraph.languages.sentences import marked, rewritten, sentences
from hsgraph.namespaces import VOCAB
from hsgraph.server.app import create_app
from hsgraph.server.http.language import kept, language_of
from hsgraph.settings import load

TEMPLATES = sorted((resources.web_dir() / "templates").glob("*.html"))
PLACES = re.compile(r"\{\d+\}|</?\d+>")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("en;q=0.1, es;q=0.2", "es"),
        ("de, es;q=0.3", "es"),
        ("en;q=0.1, es;Q=0.9", "es"),
        ("fr;q=0, es;q=0.1", "es"),
        ("*", "en"),
        ("ar", "ar"),
        ("zh-Hant-TW", "zh"),
        (";;,q=, fr ;q=x", "en"),
    ],
)
def test_the_language_liked_best_that_is_known_is_chosen(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


@given(st.text(max_size=600))
def test_no_header_breaks_the_choice(accepted: str) -> None:
    assert preferred(accepted) in KNOWN


@pytest.mark.parametrize(
    ("query", "accept", "path", "language"),
    [
        ("lang=es", "*/*", "/", "es"),
        ("lang=xx", "text/html", "/", "fr"),
        ("", "text/html", "/project/x", "fr"),
        ("", "application/json", "/project/x", "en"),
        ("", "text/html", "/project/x.ttl", "en"),
    ],
)
def test_the_address_goes_before_the_header_which_counts_for_pages_alone(
    query: str, accept: str, path: str, language: str
) -> None:
    environ = {
        "QUERY_STRING": query,
        "HTTP_ACCEPT": accept,
        "PATH_INFO": path,
        "HTTP_ACCEPT_LANGUAGE": "fr",
    }
    assert language_of(environ) == language


def _words() -> set[str]:
    found = {text for file in TEMPLATES for text in sentences(file.read_text())}
    program = Path(resources.__file__).parent
    found |= {t for file in program.rglob("*.py") for t in marked(file.read_text())}
    return found | _titles(HsgraphError) | _of_scripts()


def _titles(error: type[HsgraphError]) -> set[str]:
    """The titles of errors that pages may tell; the command line speaks English alone."""
    shown = [each for each in error.__subclasses__() if "publish" not in each.__module__]
    return {error.title}.union(*map(_titles, shown))


def _of_scripts() -> set[str]:
    scripts = (resources.web_dir() / "src").glob("*.ts")
    return {text for file in scripts for text in marked(file.read_text())}


@pytest.mark.parametrize("language", sorted(set(INTERFACE) - {"en"}))
def test_every_sentence_of_the_interface_has_words_in_each_language(language: str) -> None:
    with (resources.web_dir() / "languages" / f"{language}.po").open("rb") as file:
        catalogue = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    wanted = _words()
    assert {text for text in wanted if not catalogue.get(text)} == set()
    assert set(catalogue) - wanted == set(), "words that nothing says any more"
    wrong = {
        text: said
        for text, said in catalogue.items()
        if sorted(PLACES.findall(text)) != sorted(PLACES.findall(said))
    }
    assert wrong == {}


def test_no_line_of_french_begins_with_a_mark_that_ends_a_sentence(client: FlaskClient) -> None:
    """French has a space before these marks, at which no line may break."""
    with (resources.web_dir() / "languages" / "fr.po").open("rb") as file:
        said = [str(each.string) for each in read_po(file) if each.id]
    assert [text for text in said if re.search(r" [:;?!»]|« ", text)] == []
    page = html.unescape(client.get("/about?lang=fr").text + client.get("/ask?lang=fr").text)
    text = re.sub(r"<[^>]+>", "", page.partition("<main")[2])
    assert re.findall(r"\w+ [:;?!»]", text) == []


@pytest.mark.parametrize("kind", ["threat-type", "intervention-type", "keyword", "confidence"])
def test_vocabularies_are_defined_in_each_language(client: FlaskClient, kind: str) -> None:
    pages = [client.get(f"/vocab/{kind}?lang={language}").text for language in ("en", "fr", "es")]
    defined = [re.findall(r'<bdi lang="en">', page.partition("<main")[2]) for page in pages]
    assert defined[1:] == [[], []]


def test_a_hit_is_named_once_and_described_in_the_readers_language(client: FlaskClient) -> None:
    page = html.unescape(client.get("/search?q=p%C3%A9nurie%20d%27eau&lang=fr").text)
    assert "aussi appelé Pénurie d'eau" not in re.sub("<[^>]+>", "", page)
    assert "Il y a trop peu d’eau" in page


def test_agencies_of_the_united_nations_have_their_names_in_each_language(
    client: FlaskClient,
) -> None:
    assert "<h1><bdi>Programme alimentaire mondial" in client.get("/organisation/wfp?lang=fr").text
    assert "<h1><bdi>Programa Mundial de Alimentos" in client.get("/organisation/wfp?lang=es").text


def test_templates_whose_sentences_stay_stay_as_they_are() -> None:
    for file in TEMPLATES:
        source = file.read_text()
        assert rewritten(source, lambda text: text).split() == source.split(), file.name


def test_a_sentence_may_change_the_order_of_what_is_in_it() -> None:
    source = '<p>Read <a href="{{ x }}">it</a> in {{ n }} days</p>'
    assert sentences(source) == ["Read <1>it</1> in {2} days"]
    said = rewritten(source, lambda text: "En {2} jours, <1>lisez</1>")
    assert said == '<p>En {{ n }} jours, <a href="{{ x }}">lisez</a></p>'


def test_links_to_pages_keep_the_language_and_those_to_files_do_not() -> None:
    html = '<a href="/a?b=1">x</a><a href="/data/all.ttl">y</a><a href="https://un.org/">z</a>'
    assert kept(html, "fr") == html.replace("/a?b=1", "/a?b=1&amp;lang=fr")


def test_forms_keep_the_language_whether_they_are_fetched_or_posted() -> None:
    fetched = '<form action="/search" method="get">'
    assert kept(fetched, "fr") == fetched + '<input type="hidden" name="lang" value="fr">'
    posted = '<form class="c" action="/validate" method="post">'
    assert kept(posted, "fr") == posted.replace("/validate", "/validate?lang=fr")


PAGES = ("/", "/about", "/help", "/browse/place", "/explore", "/project/serbia-southwest-sandzak")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_told_apart_by_language_and_say_so(client: FlaskClient, path: str) -> None:
    answers = {}
    for language in (*INTERFACE, "en"):
        headers = {"Accept": "text/html", "Accept-Language": language}
        answer = client.get(path, headers=headers)
        assert answer.headers["Content-Language"] == language
        assert "Accept-Language" in answer.headers["Vary"]
        text = answer.get_data(as_text=True)
        assert f'<html lang="{language}">' in text
        assert answers.setdefault(language, text) == text
        assert re.findall(r'rel="alternate" hreflang="([^"]+)" href="http', text) == [
            *INTERFACE,
            "x-default",
        ]
        etag = answer.headers["ETag"]
        assert client.get(path, headers={**headers, "If-None-Match": etag}).status_code == 304
    assert len(set(answers.values())) == len(INTERFACE)


def test_what_a_page_names_is_in_the_readers_language(client: FlaskClient) -> None:
    poverty = client.get("/vocab/threat-type/poverty?lang=fr", headers={"Accept": "text/html"})
    text = poverty.get_data(as_text=True)
    assert "Pauvreté" in text
    assert "/browse/threat-type?lang=fr" in text
    english = client.get("/vocab/threat-type/poverty", headers={"Accept": "text/html"})
    assert "Pauvreté</bdi></h1>" not in english.get_data(as_text=True)


def test_what_a_page_says_to_search_engines_names_the_language_it_is_in(
    client: FlaskClient,
) -> None:
    page = client.get("/vocab/threat-type/poverty?lang=fr", headers={"Accept": "text/html"}).text
    told = json.loads(page.partition('<script type="application/ld+json">')[2].partition("<")[0])
    assert told["inLanguage"] == "fr"
    assert told["about"]["name"] == "Pauvreté"


def test_data_is_the_same_in_each_language(client: FlaskClient) -> None:
    got = [
        client.get("/vocab/threat-type/poverty", headers={"Accept": kind, "Accept-Language": each})
        for kind in ("text/turtle", "application/json")
        for each in ("en", "fr")
    ]
    assert got[0].data == got[1].data
    assert got[2].data == got[3].data


SAID = {
    "/browse/project?country=serbia": ("Serbie", "plus récents", "Tableau"),
    "/browse/project/values/threat": ("Pauvreté rurale", 'data-filter="Filtrer en tapant"'),
    "/search?q=unemployment": ("Chômage et sous-emploi", "Termes des vocabulaires"),
    "/vocab/threat-type/unemployment": ("chômeurs", "Ce qui a été tenté contre un type de menace"),
    "/project/none": ("Rien ici n’a cette adresse", "Vérifiez l’adresse"),
    "/browse/project?nope=1": (
        "La demande ne peut être comprise",
        "pas ici de paramètre «\u00a0nope\u00a0»",
    ),
    "/help": ("Un point après un fait", '<details class="mark main">'),
    "/data": (" Mo", "déc. 2026"),
    "/about": ("Qui le fait", "Les rédacteurs de hsgraph"),
    "/query": (
        '"Filter rows": "Filtrer les lignes"',
        *("Ce qui a été tenté", "Programmes contre un type de menace"),
    ),
    "/query/programmes-in-place": ("Énumère les programmes qui se déroulent dans un lieu",),
    "/rules": ("<h2>Règles</h2>", '<bdi lang="en">A broader concept'),
}


@pytest.mark.parametrize("path", SAID)
def test_lists_errors_and_definitions_speak_the_readers_language(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    assert [words for words in SAID[path] if words not in html.unescape(page)] == []
    assert "desempleados</bdi>" not in page


ONCE = {
    "/explore/time?lang=fr": ("jusqu’au 31 mars 2017", "jusqu’à 31"),
    "/explore/time?lang=es": ("hasta el 31 mar 2017", "hasta 31"),
    "/browse/project?lang=fr": ('Tout voir<span class="hidden">\u00a0: «\u00a0', "de plus valeurs"),
    "/browse/project?q=ecuador&lang=fr": ("et 1 de plus", "1 autres"),
    "/project/serbia-southwest-sandzak?lang=fr": (
        '<span class="key">Lieu\u00a0:</span>',
        ">À</span>",
    ),
    "/explore/money?lang=es": ("en dólares estadounidenses.", "EE. UU.."),
    "/data?lang=fr": (" Mo<", ".0 Mo"),
    "/validate?lang=fr": (
        '<button type="submit">Vérifier du Turtle',
        '<button type="submit">Contrôle',
    ),
    "/ask?q=Combien%20d%27argent%20le%20Lib%C3%A9ria%20a-t-il%20re%C3%A7u%20%3F&lang=fr": (
        "7\u202f873\u202f607,02 dollars",
        "7,873,607",
    ),
    "/ask?q=%C2%BFCu%C3%A1nto%20dinero%20recibi%C3%B3%20Liberia%3F&lang=es": (
        "7.873.607,02",
        "7,873",
    ),
    "/ask?q=Quand%20le%20programme%20de%20Semipalatinsk%20a-t-il%20pris%20fin%20%3F&lang=fr": (
        "déc. 2009 (",
        "31 déc. 2009 (",
    ),
}


@pytest.mark.parametrize("path", ONCE)
def test_figures_dates_and_small_words_are_as_the_language_has_them(
    client: FlaskClient, path: str
) -> None:
    right, wrong = ONCE[path]
    page = html.unescape(client.get(path, headers={"Accept": "text/html"}).text)
    assert right in page
    assert wrong not in page


def test_the_form_has_its_labels_and_choices_in_each_language(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/contribute.ttl").text, format="turtle")
    for about in (SH.name, SH.description):
        for shape in set(graph.subjects(SH.path)):
            told = {getattr(text, "language", "") for text in graph.objects(shape, about)}
            assert told >= INTERFACE.keys(), shape
    poverty = URIRef(VOCAB + "threat-type/poverty")
    assert Literal("Pauvreté", lang="fr") in set(graph.objects(poverty, SKOS.prefLabel))
    texts = [(thing, str(name)) for thing, name in graph.subject_objects(SKOS.altLabel)]
    assert (poverty, "Pauvreté") not in texts


def test_home_counts_the_countries_that_its_map_shows(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    counted = re.findall(r'href="/explore/map"><strong>(\d+)</strong>', page)
    whole = client.get("/explore/map").text
    assert re.findall(r"Programmes work in (\d+) countries", whole) == counted != []


def test_other_names_are_all_there_for_programs(client: FlaskClient) -> None:
    told = client.get("/vocab/threat-type/unemployment.json").get_json()
    assert {"desempleados", "chômeurs"} <= set(told["also"])


KEPT = (
    *PAGES,
    *("/ontology", "/query", "/query/completions.json", "/quality", "/vocab", "/search"),
    *("/explore/money", "/explore/time", "/explore/causes", "/explore/network", "/contribute"),
    *("/browse/project", "/browse/organisation", "/organisation/undp", "/place/serbia"),
    *("/vocab/threat-type", "/vocab/threat-type/unemployment"),
    "/source/untfhs-fact-sheet-serbia-sandzak",
    *("/search?q=unemployment", "/suggest?q=unempl", "/reconcile/suggest/entity?prefix=unempl"),
)


def test_what_is_kept_for_one_reader_is_not_told_to_one_of_another_language(
    tenth_snapshot: Snapshot,
) -> None:
    """English pages are the same where all was asked for in French before."""
    folder = tenth_snapshot.path
    like = {"Accept": "text/html, */*;q=0.5"}
    with KnowledgeGraph.open(folder) as one, KnowledgeGraph.open(folder) as other:
        first_french = create_app(one, load(environ={})).test_client()
        english = create_app(other, load(environ={})).test_client()
        for path in KEPT:
            french = path + ("&" if "?" in path else "?") + "lang=fr"
            assert first_french.get(french, headers=like).status_code == 200, path
        mixed = [
            path
            for path in KEPT
            if first_french.get(path, headers=like).data != english.get(path, headers=like).data
        ]
    assert mixed == []
