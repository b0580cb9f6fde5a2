# The labels that follow from labels that are things (SKOS Reference, B.3.4.1: S55 to S57).
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xl: <http://www.w3.org/2008/05/skos-xl#>
INSERT { GRAPH ?graph { ?thing ?plain ?text } } WHERE {
  VALUES (?of ?plain) {
    (xl:prefLabel skos:prefLabel) (xl:altLabel skos:altLabel) (xl:hiddenLabel skos:hiddenLabel)
  }
  GRAPH ?graph { ?thing ?of ?label }
  GRAPH ?other { ?label xl:literalForm ?text }
}
