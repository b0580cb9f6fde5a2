// Turns lists of threats and interventions into a diagram, on demand; the lists stay as they are.
//
// The markup says what there is: inside an element with `data-diagram`, elements with `data-node`
// (an id; `data-kind`; the first link inside is its label and address) and with `data-from`,
// `data-to` and `data-how`.

import { button, element } from "./dom";
import type { Drawing, Link, Thing } from "./drawing";
import { _ } from "./words";

for (const source of document.querySelectorAll<HTMLElement>("[data-diagram]")) offer(source);

function offer(source: HTMLElement): void {
  const things = readThings(source);
  const links = readLinks(source, things);
  if (links.length === 0) return;
  const place = element("div", { class: "diagram no-print" });
  source.before(place);
  const show = button(_("Show as a diagram"), () => void open(place, source, things, links));
  show.setAttribute("aria-expanded", "false");
  place.append(show);
  if (source.hasAttribute("data-diagram-open")) void open(place, source, things, links);
}

async function open(place: HTMLElement, source: HTMLElement, things: Map<string, Thing>, links: Link[]): Promise<void> {
  const label = source.dataset.diagramLabel ?? _("Diagram");
  const canvas = element("div", { class: "diagram-canvas", role: "img", "aria-label": _("{1}. What it shows is written below.", label) });
  const { draw, zoomButtons } = await import("./drawing");
  let drawing: Drawing | undefined;
  const hide = button(_("Hide the diagram"), () => {
    drawing?.destroy();
    place.replaceChildren();
    source.removeAttribute("data-diagram-open");
    offerAgain(place, source, things, links);
  });
  const tools = element(
    "div",
    { class: "diagram-tools" },
    ...zoomButtons(() => drawing),
    hide,
  );
  place.replaceChildren(canvas, tools);
  drawing = draw(canvas, [...things.values()], links, "dagre");
}

function offerAgain(place: HTMLElement, source: HTMLElement, things: Map<string, Thing>, links: Link[]): void {
  const show = button(_("Show as a diagram"), () => void open(place, source, things, links));
  place.append(show);
  show.focus();
}

function readThings(source: HTMLElement): Map<string, Thing> {
  const found = new Map<string, Thing>();
  for (const node of source.querySelectorAll<HTMLElement>("[data-node]")) {
    const id = node.dataset.node ?? "";
    const link = node.querySelector<HTMLAnchorElement>("a[href]");
    if (!id || found.has(id)) continue;
    found.set(id, { id, label: (link ?? node).textContent?.trim() ?? id, kind: node.dataset.kind, href: link?.href });
  }
  return found;
}

function readLinks(source: HTMLElement, things: Map<string, Thing>): Link[] {
  const found = new Map<string, Link>();
  for (const edge of source.querySelectorAll<HTMLElement>("[data-from][data-to]")) {
    const { from = "", to = "", how } = edge.dataset;
    if (from !== to && things.has(from) && things.has(to)) found.set(`${from} ${how} ${to}`, { from, to, how });
  }
  return [...found.values()];
}
