// Writes statements as the data files do: a thing after the other, its class first, known prefixes.

export interface Term {
  termType: string;
  value: string;
  language?: string;
  datatype?: Term;
}

export interface Statement {
  subject: Term;
  predicate: Term;
  object: Term;
}

export const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const THING = /^(https:\/\/w3id\.org\/hsgraph\/id\/([a-z-]+)\/)[a-z0-9]+(-[a-z0-9]+)*$/;
const LOCAL = /^[A-Za-z][\w-]*$/;
const STRING = "http://www.w3.org/2001/XMLSchema#string";
const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

export class Writer {
  private used = new Map<string, string>();

  /** `prefixes` has the namespaces by prefix. */
  constructor(private prefixes: Map<string, string>) {}

  /** The text of statements, those of a thing together, in the order in which things come. */
  file(statements: Iterable<Statement>): string {
    const things = new Map<string, Map<string, Set<string>>>();
    for (const { subject, predicate, object } of statements) {
      const lines = things.get(subject.value) ?? new Map<string, Set<string>>();
      things.set(subject.value, lines);
      const written = predicate.value === RDF_TYPE ? "a" : this.iri(predicate.value);
      lines.set(written, (lines.get(written) ?? new Set<string>()).add(this.term(object)));
    }
    const blocks = [...things].map(([iri, lines]) => {
      const ordered = [...lines].sort(([a], [b]) => Number(b === "a") - Number(a === "a"));
      const said = ordered.map(([predicate, objects]) => `${predicate} ${[...objects].join(" , ")}`);
      return `${this.iri(iri)} ${said.join(" ;\n    ")} .\n`;
    });
    const heads = [...this.used].map(([prefix, iri]) => `@prefix ${prefix}: <${iri}> .\n`);
    return `${heads.join("")}\n${blocks.join("\n")}`;
  }

  private term(term: Term): string {
    if (term.termType !== "Literal") return this.iri(term.value);
    const text = `"${term.value.replace(/[\\"\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign)}"`;
    if (term.language) return `${text}@${term.language}`;
    const datatype = term.datatype?.value ?? STRING;
    return datatype === STRING ? text : `${text}^^${this.iri(datatype)}`;
  }

  private iri(iri: string): string {
    const thing = THING.exec(iri);
    if (thing?.[1] && thing[2]) return this.short(thing[2], thing[1], iri);
    for (const [prefix, namespace] of this.prefixes) {
      if (iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length)))
        return this.short(prefix, namespace, iri);
    }
    return `<${iri}>`;
  }

  private short(prefix: string, namespace: string, iri: string): string {
    this.used.set(prefix, namespace);
    return `${prefix}:${iri.slice(namespace.length)}`;
  }
}
