// The fields above an example: another thing in place of the example's own, and the answer to that.

import type { Vocabulary } from "./page";
import { _ } from "./words";

const MOST = 1000;

interface Open {
  getQuery(): string;
  setQuery(query: string): void;
  query(): Promise<unknown>;
}

/** Let each field offer what fits it; a change rewrites the query and runs it. */
export async function parameters(vocabulary: Vocabulary, tab: () => Open | undefined): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form.parameters");
  if (!form) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  await new Promise((begun) => form.addEventListener("focusin", begun, { once: true }));
  await vocabulary.ready;
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-written]")) {
    const choices = new Map<string, string>();
    for (const term of vocabulary.terms.filter(({ kind, iri }) => fits(field, kind, iri))) {
      for (const name of [term.label, ...term.names]) if (!choices.has(name.toLowerCase())) choices.set(name.toLowerCase(), `<${term.iri}>`);
      if (field.list && field.list.childElementCount < MOST) field.list.append(new Option(term.names.join(", "), term.label));
    }
    field.addEventListener("change", () => {
      const text = field.value.trim();
      const next = field.dataset.kind === "year" ? (/^\d{1,4}$/.test(text) ? text : undefined) : choices.get(text.toLowerCase());
      field.setCustomValidity(next ? "" : _("Choose one from the list."));
      const [open, written = ""] = [tab(), field.dataset.written];
      if (!field.reportValidity() || !next || !open?.getQuery().includes(written)) return;
      open.setQuery(open.getQuery().replaceAll(written, next));
      field.dataset.written = next;
      void open.query().catch(() => undefined);
    });
    if (field.value !== field.defaultValue && document.activeElement !== field) field.dispatchEvent(new Event("change"));
  }
}

function fits(field: HTMLInputElement, kind: string, iri: string): boolean {
  const { kind: wanted, scheme } = field.dataset;
  if (wanted === "concept") return kind === "concept" && iri.includes(`/vocab/${scheme}/`);
  return kind === wanted;
}
