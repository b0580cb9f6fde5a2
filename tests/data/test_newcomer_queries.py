"""A query as a newcomer writes it gives what the careful query gives: no prefix, no trap."""

from __future__ import annotations

import pytest

from hsgraph.graph import KnowledgeGraph
from hsgraph.questions import questions

BY_SLUG = {question.slug: question for question in questions()}
US_DOLLARS = """?b hs:partOf ?p ; hs:budgetKind budget-kind:fund-contribution ; hs:amount ?a ;
    hs:currency currency:USD . FILTER NOT EXISTS { ?b hs:preferred false }"""

PAIRS = {
    "programmes in Uganda": (
        "SELECT DISTINCT ?p { ?p a hs:Project ; hs:takesPlaceIn place:uganda }",
        """SELECT DISTINCT ?p { ?p a hs:Project ; hs:takesPlaceIn/hs:within* ?c
        FILTER (?c = <https://w3id.org/hsgraph/id/place/uganda>) }""",
    ),
    "facing unemployment": (
        "SELECT DISTINCT ?p { ?p hs:facesThreatType threat-type:unemployment }",
        """SELECT DISTINCT ?p { ?t a hs:Threat ; hs:partOf ?p .
        ?t hs:threatType/skos:broader* threat-type:unemployment }""",
    ),
    "against unemployment": (
        "SELECT DISTINCT ?p { ?p hs:addressesType threat-type:unemployment }",
        """SELECT DISTINCT ?p { ?i hs:mitigates ?t ; hs:partOf ?p .
        ?t hs:threatType/skos:broader* threat-type:unemployment }""",
    ),
    "duration by subregion": (
        """SELECT ?s (COUNT(*) AS ?n) { ?p hs:durationMonths ?m ; hs:subregion ?s } GROUP BY ?s""",
        """SELECT ?s (COUNT(*) AS ?n) {
          { SELECT DISTINCT ?p ?s { ?p hs:startDate ?from ; hs:endDate ?to ; hs:takesPlaceIn ?c .
            FILTER NOT EXISTS { ?p hs:startPrecision date-precision:year }
            FILTER NOT EXISTS { ?p hs:endPrecision date-precision:year }
            ?c a hs:Country ; hs:within ?s . ?s hs:m49 ?code .
            FILTER NOT EXISTS { ?c hs:within ?in . ?in hs:within ?s } } }
        } GROUP BY ?s""",
    ),
    "money of the fund by country": (
        """SELECT ?c (SUM(?usd) AS ?n) { ?p hs:fundContributionUSD ?usd ; hs:takesPlaceIn ?c .
        ?c a hs:Country } GROUP BY ?c""",
        f"""SELECT ?c (SUM(?a) AS ?n) {{ {{ SELECT DISTINCT ?b ?a ?c {{ {US_DOLLARS}
        ?p hs:takesPlaceIn ?c . ?c a hs:Country }} }} }} GROUP BY ?c""",
    ),
    "for refugees, in Africa": (
        """SELECT DISTINCT ?p { ?p hs:servesGroup population-group:refugees ;
        hs:worldRegion place:africa }""",
        """SELECT DISTINCT ?p { ?part hs:partOf ?p ; hs:benefits|hs:group ?g .
        ?g skos:broader* population-group:refugees .
        ?p hs:takesPlaceIn/hs:within* place:africa }""",
    ),
    "money for each person": (
        """SELECT DISTINCT ?p ?n { ?p hs:fundContributionUSD ?usd ; hs:includes ?t .
        ?t hs:count ?n }""",
        f"""SELECT DISTINCT ?p ?n {{ ?t a hs:BeneficiaryTarget ; hs:partOf ?p ; hs:count ?n .
        {US_DOLLARS} }}""",
    ),
    "what has both strategies": (
        "SELECT DISTINCT ?x { ?x hs:strategy strategy:protection , strategy:empowerment }",
        """SELECT DISTINCT ?x { ?x hs:strategy strategy:protection , strategy:empowerment .
        FILTER NOT EXISTS { ?x a skos:Concept } }""",
    ),
    "threats that occur together": (
        """SELECT DISTINCT ?p {
        ?p hs:facesThreatType threat-type:poverty , threat-type:unemployment }""",
        """SELECT DISTINCT ?p {
        ?t hs:partOf ?p ; hs:threatType/skos:broader* threat-type:poverty .
        ?u hs:partOf ?p ; hs:threatType/skos:broader* threat-type:unemployment }""",
    ),
    "agencies by year": (
        """SELECT ?year (COUNT(DISTINCT ?o) AS ?n) { ?p hs:year ?year ; hs:implementedBy ?o }
        GROUP BY ?year""",
        """SELECT ?year (COUNT(DISTINCT ?o) AS ?n) { ?p a hs:Project .
        OPTIONAL { ?p hs:startDate ?one } OPTIONAL { ?p hs:approvedDate ?two }
        OPTIONAL { ?p hs:announcedDate ?three }
        BIND (YEAR(COALESCE(?one, ?two, ?three)) AS ?year) FILTER (BOUND(?year))
        ?in hs:partOf ?p ; a hs:Participation ; prov:agent ?o ; prov:hadRole ?role .
        FILTER (?role IN (role:lead-agency, role:implementing-agency)) } GROUP BY ?year""",
    ),
    "environment drives displacement": (
        """SELECT DISTINCT ?a ?b { ?a hs:drives ?b ; hs:dimension dimension:environmental .
        ?b hs:threatType threat-type:climate-displacement }""",
        """SELECT DISTINCT ?a ?b { ?l a hs:Interlinkage ; hs:from ?a ; hs:to ?b .
        ?a hs:dimension dimension:environmental .
        ?b hs:threatType threat-type:climate-displacement }""",
    ),
    "evaluated programmes": (
        """SELECT DISTINCT ?p { ?p hs:includes ?o . ?o hs:outcomeKind outcome-kind:evaluation }""",
        """SELECT DISTINCT ?p { ?o a hs:Outcome ; hs:partOf ?p ;
        hs:outcomeKind <https://w3id.org/hsgraph/vocab/outcome-kind/evaluation> }""",
    ),
    "all organisations and places": (
        "SELECT DISTINCT ?x { { ?x a hs:Organisation } UNION { ?x a hs:Place } }",
        """SELECT DISTINCT ?x { ?x a ?k FILTER (?k IN (hs:Organisation, hs:Agency, hs:Partner,
        hs:Fund, hs:Place, hs:Country, hs:Region, hs:Municipality)) }""",
    ),
}


def test_no_type_is_paired_with_a_broader_one(graph: KnowledgeGraph) -> None:
    """Else the pairs that occur together most are a type and what it is a kind of."""
    slugs = ("threat-types-together", "interventions-that-combine")
    found = {(row[0], row[2]) for slug in slugs for row in graph.query(BY_SLUG[slug].query)}
    broader = {tuple(row) for row in graph.query("SELECT ?a ?b { ?a skos:broader+ ?b }")}
    assert found
    assert found.isdisjoint(broader | {(b, a) for a, b in broader})


@pytest.mark.parametrize("asked", PAIRS)
def test_the_natural_query_gives_the_rows_of_the_careful_one(
    graph: KnowledgeGraph, asked: str
) -> None:
    natural, careful = (
        {tuple(str(term) for term in row) for row in graph.query(query)} for query in PAIRS[asked]
    )
    assert natural == careful
    assert natural


def test_what_follows_is_never_authored(graph: KnowledgeGraph) -> None:
    rows = graph.query(
        """SELECT DISTINCT ?file ?property {
          VALUES ?property { hs:year hs:durationMonths hs:fundContributionUSD hs:facesThreatType
            hs:addressesType hs:usesInterventionType hs:servesGroup hs:worldRegion hs:subregion }
          GRAPH ?file { ?programme ?property ?value }
          FILTER (!STRSTARTS(STR(?file), "https://w3id.org/hsgraph/graph/inferred/")) }"""
    )
    assert [tuple(row) for row in rows] == []
