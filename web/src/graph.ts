// Triples as a diagram; the library that draws it is loaded when it is first wanted.

import { element } from "./dom";
import type { Drawing, Link, Thing } from "./drawing";
import { labels } from "./labels";
import { href } from "./page";
import { View } from "./view";
import { _ } from "./words";

const MOST = 300;

interface Statement {
  subject: { value: string };
  predicate: { value: string };
  object: { value: string; termType: string };
}

export class GraphView extends View {
  priority = 11;
  label = _("Graph");

  canHandleResults(): boolean {
    return this.links().length > 0;
  }

  async draw(): Promise<void> {
    const links = this.links();
    const shown = links.slice(0, MOST);
    const told = _("Things of the answer and the links between them, drawn; the response has the same as text.");
    const place = element("div", { class: "diagram-canvas", role: "img", "aria-label": told });
    const tools = element("div", { class: "diagram-tools" });
    const cut = links.length > MOST ? " " + _("The first {1} of {2} links.", MOST, links.length) : "";
    const note = element("p", { class: "small quiet" }, _("Links between things; texts and numbers are in the response. Drag to move.") + cut);
    this.yasr.resultsEl.replaceChildren(place, tools, note);
    const iris = shown.flatMap(({ from, to, label }) => [from, to, label ?? ""]);
    const [{ draw, zoomButtons }, names] = await Promise.all([
      import("./drawing"),
      labels(this.site.endpoint, iris),
    ]);
    const things = new Map<string, Thing>();
    for (const { from, to } of shown) for (const iri of [from, to]) things.set(iri, this.thing(iri, names));
    const named = shown.map((link) => ({ ...link, label: this.named(link.label ?? "", names) }));
    const layout = shown.length > 1.5 * things.size ? "cose" : "dagre";
    const drawing: Drawing = draw(place, [...things.values()], named, layout);
    tools.append(...zoomButtons(() => drawing));
  }

  private thing(iri: string, names: Map<string, string>): Thing {
    return { id: iri, label: this.named(iri, names), href: href(iri, this.site) };
  }

  /** The label of a thing or a property; what its IRI ends with, if it has none. */
  private named(iri: string, names: Map<string, string>): string {
    return names.get(iri) ?? decodeURIComponentSafely(iri.split(/[/#]/).pop() || iri).replaceAll("-", " ");
  }

  private links(): Link[] {
    if (this.yasr.results?.getType() !== "ttl") return [];
    const statements = (this.yasr.results.getStatements() ?? []) as unknown as Statement[];
    return statements
      .filter((statement) => statement.object.termType !== "Literal")
      .map(({ subject, predicate, object }) => ({
        from: subject.value,
        to: object.value,
        label: predicate.value,
      }));
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
