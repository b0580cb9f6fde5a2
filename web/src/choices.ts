// Makes the long lists of the form searchable: a field that finds by any name takes a list's place.

import { element } from "./dom";
import { _ } from "./words";

const SHORTEST = 8;
/** What the form lacks: fields that shrink on a narrow screen, targets, the colours of the page. */
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`.editor.editor { box-sizing: border-box; max-width: 100%; min-width: 0; }
  .editor.editor, .lang-chooser.lang-chooser { background-color: Canvas; color: CanvasText; }
  .add-button.add-button.add-button, h1 { color: inherit; }
  .lang-chooser.lang-chooser { position: static; } input.search { background-color: Canvas; color: CanvasText; }
  select.searched { display: none; } input.search { flex: 1; min-width: 0; }
  form { --label-width: 11rem; }
  .property-instance { flex-wrap: wrap; } .property-instance > * { min-width: 0; max-width: 100%; }
  .property-instance small { flex: 0 0 100%; box-sizing: border-box; padding-inline-start: var(--label-width); color: color-mix(in srgb, CanvasText 72%, Canvas); }
  .property-instance label { display: inline-block; } .property-instance label::first-letter { text-transform: uppercase; }
  .property-instance label { word-break: normal; overflow-wrap: anywhere; line-height: 1.25; }
  .editor.editor, input.search { border: 1px solid GrayText; border-radius: 3px; padding: 4px 6px; font: inherit; }
  @media (max-width: 40rem) { .property-instance.property-instance label { width: 100%; } .property-instance small { padding: 0; } .editor.editor, input.search { flex: 1 0 calc(100% - 6rem); } }
  input, select, textarea, button, .lang-chooser, .control-button { min-height: 24px; min-width: 24px; }`);

/** Says of a thing its other names, and the things that it is narrower than. */
export interface Known {
  names(iri: string): string[];
  above(iri: string): string[];
}

/** Puts a field before each long list under a root, those that come later too. */
export function searchable(root: ShadowRoot, known: Known): void {
  const lists = new Map<string, HTMLDataListElement>();
  const all = (): void => {
    if (!root.adoptedStyleSheets.includes(STYLE)) root.adoptedStyleSheets.push(STYLE);
    for (const select of root.querySelectorAll<HTMLSelectElement>("select.editor:not(.searched)"))
      if (select.options.length > SHORTEST) search(root, select, known, lists);
    for (const field of root.querySelectorAll<HTMLElement>('[placeholder]:not([placeholder=""])')) hint(field);
    for (const field of root.querySelectorAll<HTMLElement>(".lang-chooser:not([aria-label])"))
      field.setAttribute("aria-label", field.title);
  };
  new MutationObserver(all).observe(root, { childList: true, subtree: true });
  all();
}

/** What a field is for stands below it: within it, it is cut, and gone with the first letter. */
function hint(field: HTMLElement): void {
  const told = element("small", { id: `${field.id}-hint` }, field.getAttribute("placeholder") ?? "");
  field.removeAttribute("placeholder");
  field.setAttribute("aria-describedby", told.id);
  field.parentElement?.append(told);
}

function search(root: ShadowRoot, select: HTMLSelectElement, known: Known, lists: Map<string, HTMLDataListElement>): void {
  select.classList.add("searched");
  const values = new Map<string, string>();
  for (const { value, text } of select.options)
    if (value) values.set(values.has(text) ? `${text} (${value.replace(/.*\//, "")})` : text, value);
  const key = [...values.values()].join(" ");
  const list = lists.get(key) ?? datalist(values, known, `list-${lists.size}`);
  lists.set(key, list);
  root.append(list);
  const field = document.createElement("input");
  field.className = "search";
  field.id = `${select.id}-search`;
  field.setAttribute("list", list.id);
  field.autocomplete = "off";
  field.placeholder = select.getAttribute("placeholder") ?? "";
  select.removeAttribute("placeholder");
  field.required = select.required;
  select.required = false;
  field.value = [...values].find(([, value]) => value === select.value)?.[0] ?? "";
  const label = root.querySelector<HTMLLabelElement>(`label[for="${select.id}"]`);
  if (label) label.htmlFor = field.id;
  field.addEventListener("change", (event) => {
    event.stopPropagation();
    const typed = field.value.trim();
    const chosen = values.get(typed) ?? byAnyName(typed, values, known);
    field.setCustomValidity(chosen || !typed ? "" : _("Choose one from the list."));
    field.reportValidity();
    if (chosen) field.value = [...values].find(([, value]) => value === chosen)?.[0] ?? typed;
    select.value = chosen ?? "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  select.before(field);
}

function datalist(values: Map<string, string>, known: Known, id: string): HTMLDataListElement {
  const list = document.createElement("datalist");
  list.id = id;
  const texts = new Map([...values].map(([text, iri]) => [iri, text]));
  for (const [text, value] of values) {
    const option = document.createElement("option");
    option.value = text;
    const above = known.above(value).map((iri) => texts.get(iri)).filter((name) => name);
    const others = known.names(value).filter((name) => name !== text);
    if (above.length) others.push(`(${_("a kind of {1}", above.join(", "))})`);
    if (others.length) option.label = `${text}: ${others.join(", ")}`;
    list.append(option);
  }
  return list;
}

/** The one thing that is called so, or has this code at the end of its address. */
function byAnyName(typed: string, values: Map<string, string>, known: Known): string | undefined {
  const wanted = typed.toLocaleLowerCase();
  const found = [...values].filter(([text, iri]) =>
    [text, iri.replace(/.*[/#]/, ""), ...known.names(iri)].some((name) => name.toLocaleLowerCase() === wanted),
  );
  const own = found.filter(([text]) => text.toLocaleLowerCase() === wanted);
  const only = own.length ? own : found;
  return only.length === 1 ? only[0]?.[1] : undefined;
}
