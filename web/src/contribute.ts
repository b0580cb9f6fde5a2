// The form for a new programme: one form a thing, from the shapes of the server, and the file they make.

import "@ulb-darmstadt/shacl-form/dist/form-default.js";
import { searchable, type Known } from "./choices";
import { RDF_TYPE, Writer, type Statement, type Term } from "./turtle";
import { LANGUAGE } from "./words";

interface ShaclForm extends HTMLElement {
  config: { shapesGraph: { getObjects(subject: string, predicate: string, graph: null): Term[] } };
  toRDF(): Iterable<Statement>;
}

interface Part {
  form: ShaclForm;
  kind: string;
  number: number;
}

const HS = "https://w3id.org/hsgraph/ontology#";
const ID = "https://w3id.org/hsgraph/id/";
const SHAPES = "https://w3id.org/hsgraph/shapes#";
const GRAPH = "https://w3id.org/hsgraph/graph/data/projects/";
const DCTERMS = "http://purl.org/dc/terms/";
const SKOS = "http://www.w3.org/2004/02/skos/core#";
const LONGEST = 6000;
const parts: Part[] = [];
const numbers = new Map<string, number>();
const prefixes = new Map<string, string>();

function one<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

function slug(): string {
  const field = one<HTMLInputElement>("slug");
  return field.value.trim() || field.placeholder || "country-programme";
}

/** A name for the file, from the place and the first words of the name that were typed. */
function suggested({ form }: Part): string {
  const typed = [...form.toRDF()];
  const first = (property: string): string => typed.find(({ predicate }) => predicate.value === property)?.object.value ?? "";
  const place = first(`${HS}takesPlaceIn`).replace(/.*\//, "");
  const words = first(`${SKOS}prefLabel`).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const telling = words.filter((word) => word.length > 3 && !place.split("-").includes(word)).slice(0, 3);
  return [place, ...telling].filter(Boolean).join("-");
}

function address(part: Part): string {
  const own = part.kind === "project" ? slug() : `${slug()}-${part.number}`;
  return `${ID}${part.kind}/${own}`;
}

function iri(value: string): Term {
  return { termType: "NamedNode", value };
}

function text(value: string): Term {
  return { termType: "Literal", value, language: "en" };
}

function said(subject: string, predicate: string, object: Term): Statement {
  return { subject: iri(subject), predicate: iri(predicate), object };
}

/** What one form says, with the address of its thing in the place of the one the form made up. */
function statements(part: Part, document: string): Statement[] {
  const own = [...part.form.toRDF()].filter(({ object }) => !object.value.startsWith(SHAPES));
  if (part.kind !== "project" && own.length < 2) return [];
  const thing = address(part);
  const out = own.map(({ predicate, object }) => said(thing, predicate.value, object));
  if (part.kind === "project") return out;
  out.push(said(thing, `${HS}partOf`, iri(`${ID}project/${slug()}`)));
  if (document) {
    out.push(said(thing, `${HS}basis`, iri(`${HS}Stated`)));
    out.push(said(thing, `${HS}evidence`, iri(`${ID}evidence/${slug()}-s1`)));
  }
  return out;
}

/** The file itself, its source, and the evidence that all parts share. */
function documented(url: string): Statement[] {
  const file = GRAPH + slug();
  const project = `${ID}project/${slug()}`;
  const source = `${ID}source/${slug()}-1`;
  const evidence = `${ID}evidence/${slug()}-s1`;
  const today: Term = {
    termType: "Literal",
    value: new Date().toISOString().slice(0, 10),
    datatype: iri("http://www.w3.org/2001/XMLSchema#date"),
  };
  const about = [
    said(file, RDF_TYPE, iri(`${HS}DataFile`)),
    said(file, `${SKOS}prefLabel`, text(`Data file: ${slug()}`)),
    said(file, `${DCTERMS}creator`, iri(`${ID}organisation/hsgraph`)),
    said(file, `${DCTERMS}created`, today),
    said(file, `${DCTERMS}modified`, today),
  ];
  if (!url) return about;
  return [
    ...about,
    said(file, "http://www.w3.org/ns/prov#wasDerivedFrom", iri(source)),
    said(project, `${DCTERMS}source`, iri(source)),
    said(evidence, "http://www.w3.org/ns/oa#hasSource", iri(source)),
    said(source, RDF_TYPE, iri(`${HS}Source`)),
    said(source, `${SKOS}prefLabel`, text(`Document about ${slug()}`)),
    said(source, "https://schema.org/url", iri(url)),
  ];
}

function documentUrl(): string {
  try {
    return new URL(one<HTMLInputElement>("source").value.trim()).href;
  } catch {
    return "";
  }
}

function file(): string {
  const url = documentUrl();
  const all = parts.flatMap((part) => statements(part, url));
  return new Writer(prefixes).file([...all, ...documented(url)]);
}

function show(): void {
  if (parts[0]) one<HTMLInputElement>("slug").placeholder = suggested(parts[0]);
  const text = file();
  one("turtle").textContent = text;
  const target = one("contribute").dataset.target ?? "";
  const link = one<HTMLAnchorElement>("propose");
  link.hidden = !target;
  if (target) {
    const body = text.length > LONGEST ? "Please attach the file that you downloaded." : text;
    link.href = target
      .replace("{title}", encodeURIComponent(`New programme: ${slug()}`))
      .replace("{body}", encodeURIComponent(body));
  }
}

function add(shapes: string, button: HTMLButtonElement): void {
  const { shape, kind, label } = button.dataset as { shape: string; kind: string; label: string };
  const number = (numbers.get(kind) ?? 0) + 1;
  numbers.set(kind, number);
  const form = document.createElement("shacl-form") as ShaclForm;
  form.setAttribute("data-shapes", shapes);
  form.setAttribute("data-shape-subject", shape);
  form.setAttribute("data-values-namespace", `${ID}${kind}/`);
  form.setAttribute("data-ignore-owl-imports", "");
  form.setAttribute("data-language", LANGUAGE);
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = `${label.charAt(0).toUpperCase()}${label.slice(1)}${kind === "project" ? "" : ` ${number}`}`;
  set.append(legend, form);
  one("forms").append(set);
  parts.push({ form, kind, number });
  if (form.shadowRoot) searchable(form.shadowRoot, known(form));
  form.addEventListener("change", show);
  button.hidden = kind === "project";
}

function known(form: ShaclForm): Known {
  const values = (thing: string, property: string): string[] =>
    form.config.shapesGraph.getObjects(thing, SKOS + property, null).map(({ value }) => value);
  const names = (thing: string): string[] => ["prefLabel", "altLabel"].flatMap((name) => values(thing, name));
  return { names, above: (thing) => values(thing, "broader") };
}

function download(): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file()], { type: "text/turtle" }));
  link.download = `${slug()}.ttl`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function start(): Promise<void> {
  const place = one("contribute");
  place.hidden = false;
  const answer = await fetch(place.dataset.shapes ?? "");
  if (!answer.ok) throw new Error(`the shapes cannot be fetched: ${answer.status}`);
  const shapes = await answer.text();
  for (const [, prefix, namespace] of shapes.matchAll(/^@prefix ([\w-]+): <([^>]+)>/gm))
    if (prefix && namespace) prefixes.set(prefix, namespace);
  const buttons = [...place.querySelectorAll<HTMLButtonElement>("button[data-shape]")];
  for (const button of buttons) button.addEventListener("click", () => add(shapes, button));
  for (const id of ["slug", "source"]) one(id).addEventListener("input", show);
  one("download").addEventListener("click", download);
  show();
  if (buttons[0]) add(shapes, buttons[0]);
}

void start();
