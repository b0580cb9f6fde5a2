# What the files of data/ need not write, put where it belongs: one meaning for each short form.

PREFIX hs: <https://w3id.org/hsgraph/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

# Evidence that has the words itself: they belong to its selector, which has the same slug.
DELETE { GRAPH ?file { ?evidence oa:exact ?words } }
INSERT { GRAPH ?file {
  ?evidence oa:hasSelector ?selector .
  ?selector a oa:TextQuoteSelector ; oa:exact ?words .
} }
WHERE {
  GRAPH ?file { ?evidence oa:hasSource ?source ; oa:exact ?words }
  FILTER(CONTAINS(STR(?evidence), "/hsgraph/id/evidence/"))
  BIND(IRI(REPLACE(STR(?evidence), "/id/evidence/", "/id/selector/")) AS ?selector)
} ;

INSERT { GRAPH ?file { ?evidence a oa:SpecificResource } }
WHERE {
  GRAPH ?file { ?evidence oa:hasSource ?source }
  FILTER(CONTAINS(STR(?evidence), "/hsgraph/id/evidence/"))
} ;

# A claim is about the programme of its file.
INSERT { GRAPH ?file { ?claim a hs:Claim } }
WHERE {
  GRAPH ?file { ?claim rdf:predicate|rdf:object ?said }
  FILTER(CONTAINS(STR(?claim), "/hsgraph/id/claim/"))
} ;

INSERT { GRAPH ?file { ?claim rdf:subject ?project } }
WHERE { GRAPH ?file {
  ?claim a hs:Claim . ?project a hs:Project
  FILTER NOT EXISTS { ?claim rdf:subject ?subject }
} } ;

# Where a file has several programmes, that is the one by whose name the claim's own begins.
DELETE { GRAPH ?file { ?claim rdf:subject ?project } }
WHERE { GRAPH ?file {
  ?project a hs:Project . ?other a hs:Project
  FILTER(?project != ?other)
  BIND(CONCAT("/id/claim/", STRAFTER(STR(?other), "/id/project/"), "-") AS ?name)
  ?claim rdf:subject ?project , ?other
  FILTER(CONTAINS(STR(?claim), ?name))
} } ;

# A claim that names the property alone means its value; one that names the value, its property.
INSERT { GRAPH ?file { ?claim rdf:object ?value ; rdf:predicate ?property } }
WHERE { GRAPH ?file {
  { ?claim a hs:Claim ; rdf:subject ?subject ; rdf:predicate ?property
    FILTER NOT EXISTS { ?claim rdf:object ?other } }
  UNION
  { ?claim a hs:Claim ; rdf:subject ?subject ; rdf:object ?value
    FILTER NOT EXISTS { ?claim rdf:predicate ?other } }
  ?subject ?property ?value
} } ;

# What has evidence and does not say otherwise is stated, and belongs to the programme of its file.
INSERT { GRAPH ?file { ?thing hs:basis hs:Stated } }
WHERE { GRAPH ?file {
  ?project a hs:Project . ?thing hs:evidence ?evidence
  FILTER NOT EXISTS { ?thing hs:basis ?basis }
} } ;

INSERT { GRAPH ?file { ?part hs:partOf ?project } }
WHERE { GRAPH ?file {
  ?project a hs:Project . ?part hs:basis ?basis ; a ?class
  FILTER(?class NOT IN (hs:Claim, hs:Project))
  FILTER NOT EXISTS { ?part hs:partOf ?whole }
} } ;

DELETE { GRAPH ?file { ?part hs:partOf ?project } }
WHERE { GRAPH ?file {
  ?project a hs:Project . ?other a hs:Project
  FILTER(?project != ?other)
  BIND(CONCAT("/", STRAFTER(STR(?other), "/id/project/"), "-") AS ?name)
  ?part hs:partOf ?project , ?other
  FILTER(CONTAINS(STR(?part), ?name))
} }
