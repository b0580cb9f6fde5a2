// The form for a new programme: one form a thing, from the shapes of the server, and the file they make.

import "@ulb-darmstadt/shacl-form/dist/form-default.js";

interface ShaclForm extends HTMLElement {
  serialize(format?: string): string;
}

interface Part {
  form: ShaclForm;
  kind: string;
  number: number;
}

const HS = "https://w3id.org/hsgraph/ontology#";
const ID = "https://w3id.org/hsgraph/id/";
const LONGEST = 6000;
const parts: Part[] = [];
const numbers = new Map<string, number>();

function one<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

function slug(): string {
  return one<HTMLInputElement>("slug").value.trim() || "country-programme";
}

function address(part: Part): string {
  const own = part.kind === "project" ? slug() : `${slug()}-${part.number}`;
  return `${ID}${part.kind}/${own}`;
}

/** What one form says, with the address of its thing in the place of the one the form made up. */
function statements(part: Part): string {
  const made = new RegExp(`<?${ID}${part.kind}/[0-9a-f]{8}-[0-9a-f-]{27}>?`, "g");
  const text = part.form
    .serialize("text/turtle")
    .replace(made, `<${address(part)}>`)
    .replace(/,\s*<https:\/\/w3id\.org\/hsgraph\/shapes#\w+>/g, "");
  if (part.kind === "project" || !text.includes(address(part))) return text;
  return `${text}\n<${address(part)}> <${HS}partOf> <${ID}project/${slug()}> .\n`;
}

/** The source, and that the programme is from it. */
function documented(source: string): string {
  let url: string;
  try {
    url = new URL(source).href;
  } catch {
    return "";
  }
  const node = `${ID}source/${slug()}-1`;
  return (
    `\n<${ID}project/${slug()}> <http://purl.org/dc/terms/source> <${node}> .\n\n` +
    `<${node}> a <${HS}Source> ;\n` +
    `    <http://www.w3.org/2004/02/skos/core#prefLabel> "Document about ${slug()}"@en ;\n` +
    `    <https://schema.org/url> <${url}> .\n`
  );
}

function file(): string {
  const source = one<HTMLInputElement>("source").value.trim();
  const prefixes = new Set<string>();
  const bodies = parts.map((part) =>
    statements(part).replace(/^@prefix .*\n/gm, (line) => {
      prefixes.add(line);
      return "";
    }),
  );
  return [...prefixes].join("") + bodies.join("") + documented(source);
}

function show(): void {
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
  form.setAttribute("data-language", "en");
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = `${label.charAt(0).toUpperCase()}${label.slice(1)}${kind === "project" ? "" : ` ${number}`}`;
  set.append(legend, form);
  one("forms").append(set);
  parts.push({ form, kind, number });
  form.addEventListener("change", show);
  if (kind === "project") button.disabled = true;
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
  const answer = await fetch(place.dataset.shapes ?? "");
  if (!answer.ok) throw new Error(`the shapes cannot be fetched: ${answer.status}`);
  const shapes = await answer.text();
  place.hidden = false;
  const buttons = [...place.querySelectorAll<HTMLButtonElement>("button[data-shape]")];
  for (const button of buttons) button.addEventListener("click", () => add(shapes, button));
  for (const id of ["slug", "source"]) one(id).addEventListener("input", show);
  one("download").addEventListener("click", download);
  if (buttons[0]) add(shapes, buttons[0]);
}

void start();
