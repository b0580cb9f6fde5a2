// The query as it is asked from a shell, from Python and from R.

export interface Snippet {
  name: string;
  code: string;
}

export function snippets(endpoint: string, query: string, graph: boolean): Snippet[] {
  return [
    { name: "curl", code: curl(endpoint, query, graph) },
    { name: "Python, SPARQLWrapper", code: wrapper(endpoint, query, graph) },
    ...(graph ? [] : [
      { name: "Python, pandas", code: pandas(endpoint, query) },
      { name: "R", code: r(endpoint, query) },
    ]),
  ];
}

function curl(endpoint: string, query: string, graph: boolean): string {
  const accept = graph ? "text/turtle" : "text/csv";
  return `curl '${endpoint}' -H 'Accept: ${accept}' --data-urlencode 'query=${query.replaceAll("'", "'\\''")}'\n`;
}

function python(query: string): string {
  return `"""\n${query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').trimEnd()}\n"""`;
}

function wrapper(endpoint: string, query: string, graph: boolean): string {
  const lines = graph
    ? ["sparql.setReturnFormat(TURTLE)", 'print(sparql.query().convert().decode("utf-8"))']
    : [
        "sparql.setReturnFormat(JSON)",
        'for row in sparql.query().convert()["results"]["bindings"]:',
        '    print({name: term["value"] for name, term in row.items()})',
      ];
  return [
    "# pip install SPARQLWrapper",
    `from SPARQLWrapper import ${graph ? "TURTLE" : "JSON"}, POST, SPARQLWrapper`,
    "",
    `sparql = SPARQLWrapper("${endpoint}")`,
    "sparql.setMethod(POST)",
    `sparql.setQuery(${python(query)})`,
    ...lines,
    "",
  ].join("\n");
}

function pandas(endpoint: string, query: string): string {
  return [
    "# pip install pandas",
    "from io import BytesIO",
    "from urllib.parse import urlencode",
    "from urllib.request import Request, urlopen",
    "",
    "import pandas as pd",
    "",
    `query = ${python(query)}`,
    `request = Request("${endpoint}", urlencode({"query": query}).encode(), {"Accept": "text/csv"})`,
    "frame = pd.read_csv(BytesIO(urlopen(request).read()))",
    "print(frame)",
    "",
  ].join("\n");
}

function r(endpoint: string, query: string): string {
  const fence = query.includes(")---") ? "-----" : "---";
  return [
    '# install.packages("httr2")',
    "library(httr2)",
    "",
    `query <- r"${fence}(`,
    query.trimEnd(),
    `)${fence}"`,
    `answer <- request("${endpoint}") |>`,
    '  req_headers(Accept = "text/csv") |>',
    "  req_body_form(query = query) |>",
    "  req_perform()",
    "frame <- read.csv(text = resp_body_string(answer))",
    "print(frame)",
    "",
  ].join("\n");
}
