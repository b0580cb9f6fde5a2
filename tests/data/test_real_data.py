"""What must hold over the whole of the data, whoever adds the next programme."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store

from hsgraph.build.read.reader import expand
from hsgraph.namespaces import GRAPH, ID, PREFIXES, VOCAB

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
PARTS = (
    "hs:Participation hs:Budget hs:Situation hs:Threat hs:Interlinkage hs:Objective "
    "hs:Intervention hs:BeneficiaryTarget hs:PrincipleApplication hs:Outcome"
)
PLACES = "hs:Place hs:Country hs:Region hs:Municipality"
ORGANISATIONS = "hs:Organisation hs:Agency hs:Partner hs:Fund"
ROUGH = "(?:about|approximately|around|some|nearly|almost|over|more than|at least|約)"
LONGEST_QUOTE = 80
LARGEST_SHARE = 0.1
SMALLEST_TELLING = 100
THOUSANDS = re.compile(r"(?<=\d)[ ,.’'\u00a0\u202f](?=\d{3}(?!\d))")
PREFIX_LINE = re.compile(r"@prefix ([\w-]+): ")
STRING_OR_IRI = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>')

Row = tuple[str, ...]


class Data:
    """The files of data/ and ontology/, each a named graph, and questions to them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted([*root.glob("data/**/*.ttl"), *root.glob("ontology/**/*.ttl")])
        self.store = Store()
        for file in self.files:
            name = file.relative_to(root).with_suffix("").as_posix()
            graph = NamedNode(GRAPH + name)
            self.store.bulk_load(path=file, format=RdfFormat.TURTLE, to_graph=graph)
        expand(self.store, {})

    def rows(self, query: str) -> list[Row]:
        found = self.store.query(PROLOGUE + query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return [tuple(value.value if value else "" for value in row) for row in found]

    @property
    def projects(self) -> list[Path]:
        return [file for file in self.files if file.parent.name == "projects"]


@pytest.fixture(scope="module")
def data(root: Path) -> Data:
    return Data(root)


def local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def test_no_programme_was_lost(data: Data) -> None:
    assert len(data.projects) >= 178


def test_a_file_is_named_after_the_one_programme_it_tells_of(data: Data) -> None:
    found = data.rows("SELECT ?g ?p WHERE { GRAPH ?g { ?p a hs:Project } }")
    expected = [
        (f"{GRAPH}data/projects/{file.stem}", f"{ID}project/{file.stem}") for file in data.projects
    ]
    assert sorted(found) == sorted(expected)


def test_every_file_describes_itself_and_what_it_was_made_from(data: Data) -> None:
    described = {g for (g,) in data.rows("SELECT ?g WHERE { GRAPH ?g { ?g a hs:DataFile } }")}
    assert described >= {f"{GRAPH}data/projects/{file.stem}" for file in data.projects}
    assert not data.rows("""SELECT ?p ?source WHERE {
        GRAPH ?g { ?p a hs:Project }
        { ?p dcterms:source ?source MINUS { ?g prov:wasDerivedFrom ?source } }
        UNION { ?g prov:wasDerivedFrom ?source MINUS { ?p dcterms:source ?source } } }""")


def test_parts_stand_in_the_file_of_their_programme_and_begin_with_its_name(data: Data) -> None:
    strays = data.rows(f"""SELECT ?g ?part ?project WHERE {{
        VALUES ?class {{ {PARTS} }} GRAPH ?g {{ ?part a ?class ; hs:partOf ?project }} }}""")
    assert strays
    for graph, part, project in strays:
        assert local(graph) == local(project)
        assert local(part).startswith(f"{local(project)}-")


def test_every_programme_has_a_source_a_funder_and_evidence_for_its_title(data: Data) -> None:
    complete = data.rows("""SELECT DISTINCT ?p WHERE {
        ?p a hs:Project ; dcterms:source ?source .
        ?claim rdf:subject ?p ; hs:evidence ?evidence .
        { ?claim rdf:predicate dcterms:title } UNION { ?claim rdf:predicate skos:prefLabel }
        ?part hs:partOf ?p ; prov:hadRole <https://w3id.org/hsgraph/vocab/role/funder> }""")
    assert len(complete) == len(data.projects)


def test_what_a_programme_says_of_itself_has_a_claim_with_evidence(data: Data) -> None:
    said = data.rows("""SELECT ?p ?property ?value WHERE {
        VALUES ?property { hs:startDate hs:endDate hs:announcedDate hs:approvedDate
                           hs:durationStated hs:takesPlaceIn hs:scopeNote dcterms:title }
        ?p a hs:Project ; ?property ?value }""")
    claimed = data.rows("""SELECT ?p ?property ?value WHERE {
        ?claim rdf:subject ?p ; rdf:predicate ?property ; rdf:object ?value ;
               hs:evidence ?evidence }""")
    assert said
    assert set(said) - set(claimed) == set()


def test_every_sum_of_money_has_evidence(data: Data) -> None:
    assert not data.rows(
        "SELECT ?b WHERE { ?b a hs:Budget FILTER NOT EXISTS { ?b hs:evidence ?e } }"
    )


def test_numbers_that_rest_on_no_words_stay_few(data: Data) -> None:
    without = data.rows("""SELECT DISTINCT ?part WHERE {
        ?part hs:amount|hs:count|hs:figure ?number ; hs:evidence ?some
        FILTER NOT EXISTS { ?part hs:evidence/oa:hasSelector ?words } }""")
    assert len(without) <= 6


def test_parts_without_evidence_stay_few(data: Data) -> None:
    without = data.rows(f"""SELECT ?part WHERE {{ VALUES ?class {{ {PARTS} }} ?part a ?class
        FILTER NOT EXISTS {{ ?part hs:evidence ?e }} }}""")
    assert len(without) <= 15


def test_results_that_speak_of_no_intervention_stay_few(data: Data) -> None:
    without = data.rows("""SELECT ?outcome WHERE {
        VALUES ?kind { outcome-kind:result outcome-kind:output outcome-kind:plan }
        ?outcome hs:outcomeKind ?kind
        FILTER NOT EXISTS { ?outcome hs:concerns/a hs:Intervention } }""")
    assert len(without) <= 20


def test_what_claims_say_is_said_once(data: Data) -> None:
    claims = data.rows("""SELECT ?claim ?s ?p ?o WHERE {
        ?claim a hs:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }""")
    told = Counter(tuple(what) for _, *what in claims)
    assert [what for what, times in told.items() if times > 1] == []


def numbers(quote: str) -> set[float]:
    """The numbers that a quotation prints, whatever stands between their thousands."""
    plain = THOUSANDS.sub("", quote)
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}


def test_a_number_rests_on_the_words_that_print_it(data: Data) -> None:
    printed: dict[str, set[float]] = defaultdict(set)
    for file, quote in data.rows("SELECT ?g ?quote WHERE { GRAPH ?g { ?s oa:exact ?quote } }"):
        printed[file] |= numbers(quote)
    own: dict[Row, set[float]] = defaultdict(set)
    for *said, quote in data.rows("""SELECT ?g ?part ?value ?quote WHERE { GRAPH ?g {
        ?part hs:count|hs:amount|hs:figure ?value ; hs:evidence ?evidence
        OPTIONAL { ?evidence oa:hasSelector/oa:exact ?quote } } }"""):
        own[tuple(said)] |= numbers(quote)
    assert not [
        (local(part), value)
        for (file, part, value), words in own.items()
        if float(value) >= SMALLEST_TELLING and float(value) in printed[file] - words
    ]


def test_evidence_is_in_a_source_of_the_programme(data: Data) -> None:
    assert not data.rows("""SELECT ?evidence ?source WHERE {
        GRAPH ?g { ?p a hs:Project . ?evidence oa:hasSource ?source }
        FILTER NOT EXISTS { ?p dcterms:source ?source } }""")


def test_evidence_and_selectors_are_used(data: Data) -> None:
    assert not data.rows("""SELECT ?unused WHERE {
        { ?unused a oa:SpecificResource FILTER NOT EXISTS { ?fact hs:evidence ?unused } }
        UNION { ?unused a oa:TextQuoteSelector
                FILTER NOT EXISTS { ?evidence oa:hasSelector ?unused } } }""")


def test_a_quotation_is_a_few_words(data: Data) -> None:
    quotes = [quote for (quote,) in data.rows("SELECT ?q WHERE { ?s oa:exact ?q }")]
    assert quotes
    for quote in quotes:
        assert 0 < len(quote) <= LONGEST_QUOTE
        assert not re.search(r"[.。]$", quote), f"a sentence: {quote}"


def test_a_value_set_aside_says_why_and_leaves_another_in_its_place(data: Data) -> None:
    aside = data.rows("""SELECT ?claim ?reason ?value WHERE {
        ?claim a hs:Claim ; hs:preferred false ; rdf:subject ?s ; rdf:predicate ?property
        OPTIONAL { ?claim hs:preferenceReason ?reason }
        OPTIONAL { ?s ?property ?value .
                   ?other rdf:subject ?s ; rdf:predicate ?property ; rdf:object ?value ;
                          hs:preferred true ; hs:preferenceReason ?why } }""")
    assert aside
    reasons = Counter(reason for _, reason, _ in aside)
    for claim, reason, value in aside:
        assert reason, claim
        assert value, claim
        assert len(reason) > 20, claim
    assert max(reasons.values()) < len(aside) / 2, "one reason for all is no reason"


def test_a_date_set_aside_says_how_much_of_it_its_source_gives(data: Data) -> None:
    told = """SELECT ?claim WHERE { ?claim hs:preferred false ; rdf:object ?date
      FILTER(datatype(?date) = xsd:date) %s }"""
    unknown = data.rows(told % "FILTER NOT EXISTS { ?claim hs:datePrecision ?precision }")
    assert data.rows(told % "")
    assert unknown == []


def test_sums_that_compete_are_decided(data: Data) -> None:
    decided = data.rows("""SELECT ?budget ?reason ?other WHERE {
        ?budget a hs:Budget ; hs:preferred false ; hs:partOf ?p ; hs:budgetKind ?kind
        OPTIONAL { ?budget hs:preferenceReason ?reason }
        OPTIONAL { ?other hs:partOf ?p ; hs:budgetKind ?kind ; hs:preferred true ;
                          hs:preferenceReason ?why } }""")
    assert decided
    for budget, reason, other in decided:
        assert reason, budget
        assert other, budget


@pytest.mark.parametrize("which", ["start", "end"])
def test_a_day_fits_its_precision(data: Data, which: str) -> None:
    first = which == "start"
    rows = data.rows(f"""SELECT ?day ?precision WHERE {{
        ?p a hs:Project ; hs:{which}Date ?day ; hs:{which}Precision ?precision }}""")
    assert rows
    for day, precision in rows:
        if local(precision) == "year":
            assert day.endswith("-01-01" if first else "-12-31")
        elif local(precision) == "month":
            assert day.endswith("-01") if first else int(day[-2:]) >= 28


def test_things_have_names_of_their_own(data: Data) -> None:
    for classes in ("hs:Project", ORGANISATIONS, "hs:Source"):
        assert not data.rows(f"""SELECT ?a ?b ?label WHERE {{
            VALUES ?class {{ {classes} }} VALUES ?other {{ {classes} }}
            ?a a ?class ; skos:prefLabel ?label . ?b a ?other ; skos:prefLabel ?label
            FILTER(STR(?a) < STR(?b)) }}""")
    assert not data.rows("""SELECT ?a ?b ?label WHERE {
        ?a skos:inScheme ?scheme ; skos:prefLabel ?label .
        ?b skos:inScheme ?scheme ; skos:prefLabel ?label FILTER(STR(?a) < STR(?b)) }""")


def test_parts_of_a_kind_have_different_names_within_a_programme(data: Data) -> None:
    assert not data.rows("""SELECT ?a ?b ?label WHERE {
        ?a hs:partOf ?p ; a ?class ; skos:prefLabel ?label .
        ?b hs:partOf ?p ; a ?class ; skos:prefLabel ?label FILTER(STR(?a) < STR(?b)) }""")


def test_labels_read_as_labels(data: Data) -> None:
    for part, label in data.rows("""SELECT ?part ?label WHERE {
            ?part hs:partOf ?p ; skos:prefLabel ?label }"""):
        assert not re.match(r"[a-z]", label), f"{part}: begins small: {label}"
        assert not re.search(r"…|\.$|;|  ", label), f"{part}: not a label: {label}"
        assert 0 < len(label) <= 160, part


def test_texts_are_written_out(data: Data) -> None:
    for subject, text in data.rows("""SELECT ?s ?text WHERE {
            VALUES ?property { dcterms:description skos:editorialNote hs:disagreement
                               hs:preferenceReason hs:scopeNote skos:prefLabel }
            ?s ?property ?text FILTER(STRSTARTS(STR(?s), "https://w3id.org/hsgraph/id/")) }"""):
        assert not re.search(r"\b(approx|incl|esp|etc)\b|…|->|\bMOFA\b", text), f"{subject}: {text}"


def test_our_own_texts_are_in_english_and_those_that_programmes_share_in_two_languages_more(
    data: Data,
) -> None:
    """Of programmes and their parts nothing is translated: a source says it in its own words."""
    assert not data.rows("""SELECT ?s ?text WHERE {
        VALUES ?property { skos:prefLabel skos:definition skos:scopeNote dcterms:description
                           skos:editorialNote hs:disagreement hs:preferenceReason hs:scopeNote
                           hs:durationStated }
        ?s ?property ?text FILTER(LANG(?text) != "en")
        FILTER(!STRSTARTS(STR(?s), "https://w3id.org/hsgraph/lexicon#"))
        FILTER NOT EXISTS {
            ?s ?property ?english FILTER(LANG(?text) IN ("es", "fr") && LANG(?english) = "en")
            FILTER(STRSTARTS(STR(?s), "https://w3id.org/hsgraph/dataset")
                || ?s = <https://w3id.org/hsgraph/ontology> || EXISTS {
                VALUES ?shared { skos:Concept skos:ConceptScheme hs:Agency hs:Fund }
                ?s a ?shared } || (?property = skos:prefLabel && EXISTS {
                VALUES ?body { hs:Partner hs:Organisation } ?s a ?body })) }
        FILTER(?property != skos:prefLabel || NOT EXISTS {
            VALUES ?class { skos:Concept skos:ConceptScheme hs:Country hs:Region }
            ?s a ?class }) }""")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_concepts_are_named_in_the_working_languages(data: Data, language: str) -> None:
    assert not data.rows(f"""SELECT ?concept WHERE {{
        VALUES ?class {{ skos:Concept skos:ConceptScheme }} ?concept a ?class
        FILTER(STRSTARTS(STR(?concept), "https://w3id.org/hsgraph/vocab/"))
        FILTER NOT EXISTS {{
            ?concept skos:prefLabel ?name FILTER(LANG(?name) = "{language}") }} }}""")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_bodies_of_several_states_are_named_in_the_working_languages(
    data: Data, language: str
) -> None:
    assert not data.rows(f"""SELECT ?body WHERE {{
        VALUES ?kind {{ organisation-type:regional-organisation organisation-type:multilateral
                        organisation-type:un-agency organisation-type:un-secretariat-office }}
        ?body hs:organisationType ?kind FILTER NOT EXISTS {{
            ?body skos:prefLabel ?name FILTER(LANG(?name) = "{language}") }} }}""")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_concepts_are_defined_in_the_working_languages(data: Data, language: str) -> None:
    assert not data.rows(f"""SELECT ?concept WHERE {{
        VALUES ?class {{ skos:Concept skos:ConceptScheme }} ?concept a ?class
        FILTER(STRSTARTS(STR(?concept), "https://w3id.org/hsgraph/vocab/"))
        FILTER NOT EXISTS {{ ?concept skos:definition|dcterms:description ?text
            FILTER(LANG(?text) = "{language}") }} }}""")


@pytest.mark.parametrize("scheme", ["dimension", "strategy", "principle"])
def test_the_core_concepts_are_named_in_the_six_languages(data: Data, scheme: str) -> None:
    languages: dict[str, set[str]] = {}
    for concept, language in data.rows(f"""SELECT ?concept (LANG(?name) AS ?language) WHERE {{
            ?concept skos:inScheme <https://w3id.org/hsgraph/vocab/{scheme}> ;
                skos:prefLabel ?name }}"""):
        languages.setdefault(concept, set()).add(language)
    assert languages
    for concept, found in languages.items():
        assert found == {"ar", "en", "es", "fr", "ru", "zh"}, concept


def test_every_place_of_a_programme_lies_in_one_of_its_countries(data: Data) -> None:
    assert not data.rows(f"""SELECT ?p ?place WHERE {{
        VALUES ?class {{ {PLACES} }} ?p a hs:Project ; hs:takesPlaceIn ?place . ?place a ?class
        FILTER(?class != hs:Country)
        FILTER EXISTS {{ ?place hs:within+/a hs:Country }}
        FILTER NOT EXISTS {{
            ?p hs:takesPlaceIn ?c . ?c a hs:Country . ?place hs:within+ ?c }} }}""")


def test_every_place_is_part_of_the_world_by_one_way(data: Data) -> None:
    assert not data.rows(f"""SELECT ?place WHERE {{
        VALUES ?class {{ {PLACES} }} ?place a ?class
        FILTER(?place != <https://w3id.org/hsgraph/id/place/world>)
        FILTER NOT EXISTS {{ ?place hs:within+ <https://w3id.org/hsgraph/id/place/world> }} }}""")
    assert not data.rows("""SELECT ?place WHERE {
        ?place hs:within+/a hs:Country ; hs:within ?a , ?b FILTER(STR(?a) < STR(?b)) }""")


def test_every_country_has_its_record_in_the_list_of_another_publisher(data: Data) -> None:
    """The catalogue names countries by it (`dcterms:spatial`)."""
    assert not data.rows(
        "SELECT ?c WHERE { ?c a hs:Country FILTER NOT EXISTS { ?c hs:authorityRecord ?record } }"
    )


@pytest.mark.parametrize("classes", [ORGANISATIONS, PLACES, "hs:Source"])
def test_shared_things_are_used(data: Data, classes: str) -> None:
    assert not data.rows(f"""SELECT ?thing WHERE {{ VALUES ?class {{ {classes} }}
        ?thing a ?class FILTER NOT EXISTS {{ ?user ?property ?thing }} }}""")


def test_a_source_can_be_found_and_is_described_once(data: Data) -> None:
    rows = data.rows("""SELECT ?source ?at WHERE { ?source a hs:Source
        OPTIONAL { { ?source schema:url ?at } UNION { ?source hs:fileName ?at } } }""")
    assert rows
    sources = defaultdict(set)
    for source, address in rows:
        assert address, f"{source} has no address"
        sources[address].add(source)
    assert [at for at, found in sources.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    ("kind", "property_"), [("Threat", "threatType"), ("Intervention", "interventionType")]
)
def test_concepts_are_used_and_none_holds_more_than_a_tenth(
    data: Data, kind: str, property_: str
) -> None:
    total = len(data.rows(f"SELECT ?x WHERE {{ ?x a hs:{kind} }}"))
    counts = data.rows(f"""SELECT ?concept (COUNT(DISTINCT ?x) AS ?n) WHERE {{
        ?x a hs:{kind} ; hs:{property_} ?concept }} GROUP BY ?concept""")
    assert [concept for concept, n in counts if int(n) > total * LARGEST_SHARE] == []
    scheme = f"{VOCAB}{kind.lower()}-type"
    assert not data.rows(f"""SELECT ?concept WHERE {{ ?concept skos:inScheme <{scheme}>
        FILTER NOT EXISTS {{ ?x hs:{property_} ?concept }}
        FILTER NOT EXISTS {{ ?narrower skos:broader ?concept }} }}""")


def named(data: Data) -> Iterator[tuple[str, str]]:
    """IRIs that the data use, with the graph they are used in."""
    for quad in data.store:
        graph = quad.graph_name
        assert isinstance(graph, NamedNode)
        if graph.value.startswith(f"{GRAPH}data/"):
            for node in (quad.subject, quad.object):
                if isinstance(node, NamedNode):
                    yield node.value, graph.value


def test_nothing_is_named_that_is_not_described(data: Data) -> None:
    described = {quad.subject.value for quad in data.store if isinstance(quad.subject, NamedNode)}
    dangling = {(iri, g) for iri, g in named(data) if iri.startswith((ID, VOCAB))}
    assert {(iri, g) for iri, g in dangling if iri not in described} == set()


def test_files_of_facts_speak_only_of_things_of_ours_and_of_no_blank_node(data: Data) -> None:
    for quad in data.store:
        graph = quad.graph_name
        assert isinstance(graph, NamedNode)
        if not graph.value.startswith((f"{GRAPH}data/", f"{GRAPH}ontology/vocab/")):
            continue
        assert not isinstance(quad.subject, BlankNode), graph
        assert not isinstance(quad.object, BlankNode), graph
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.startswith("https://w3id.org/hsgraph/"), quad.subject


def test_every_declared_prefix_is_used(data: Data) -> None:
    for file in data.files:
        if file.is_relative_to(data.root / "data"):
            text = file.read_text(encoding="utf-8")
            bare = STRING_OR_IRI.sub("", text)
            for prefix in PREFIX_LINE.findall(text):
                uses = len(re.findall(rf"(?<![\w-]){prefix}:", bare))
                assert uses > 1, f"{file.name} declares {prefix}: and does not use it"


def test_money_is_exact(data: Data) -> None:
    for quad in data.store.quads_for_pattern(None, NamedNode(PREFIXES["hs"] + "amount"), None):
        assert isinstance(quad.object, Literal)
        assert quad.object.datatype.value == PREFIXES["xsd"] + "decimal"


def test_a_figure_that_a_quotation_calls_rough_is_told_as_rough(data: Data) -> None:
    exact = data.rows("""SELECT DISTINCT ?part ?value ?quote WHERE {
        ?part hs:count|hs:amount|hs:figure ?value ; hs:evidence/oa:hasSelector/oa:exact ?quote
        FILTER NOT EXISTS { ?part hs:approximate true } }""")
    assert not [
        (local(part), quote)
        for part, value, quote in exact
        if re.search(rf"{ROUGH}\s*{float(value):,.0f}(?![\d,.])", quote, re.IGNORECASE)
    ]
