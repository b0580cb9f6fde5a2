// Names of things and properties in an answer, asked for all at once.

import { LANGUAGE } from "./words";

const MOST = 700;
const PROPERTIES = [
  "http://www.w3.org/2004/02/skos/core#prefLabel",
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://purl.org/dc/terms/title",
  "http://xmlns.com/foaf/0.1/name",
];
const PATIENCE = 3000;
const PLAIN = /^https?:[^\s<>"{}|\\^`]+$/;

interface Answer {
  results: { bindings: { thing: { value: string }; label: { value: string; "xml:lang"?: string } }[] };
}

/** Labels by IRI, in the language of the page where there are such, else English or plain; none for what has none, and none at all if that takes long. */
export async function labels(endpoint: string, iris: Iterable<string>): Promise<Map<string, string>> {
  const asked = [...new Set(iris)].filter((iri) => PLAIN.test(iri)).slice(0, MOST);
  const found = new Map<string, string>();
  if (asked.length === 0) return found;
  const query = `SELECT ?thing ?label WHERE {
  VALUES ?thing { ${asked.map((iri) => `<${iri}>`).join(" ")} }
  ?thing ${PROPERTIES.map((iri) => `<${iri}>`).join("|")} ?label
  FILTER (LANG(?label) IN ("${LANGUAGE}", "en", ""))
} LIMIT ${2 * MOST}`;
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { Accept: "application/sparql-results+json" },
      body: new URLSearchParams({ query }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) return found;
    const answer = (await response.json()) as Answer;
    for (const { thing, label } of answer.results.bindings) {
      if (!found.has(thing.value) || label["xml:lang"] === LANGUAGE) found.set(thing.value, label.value);
    }
  } catch {
    return found;
  }
  return found;
}
