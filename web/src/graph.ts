// Triples as a diagram; the library that draws it is loaded when it is first wanted.

import { element } from "./dom";
import type { Link, Thing } from "./drawing";
import { href } from "./page";
import { View } from "./view";

const MOST = 300;

interface Statement {
  subject: { value: string };
  predicate: { value: string };
  object: { value: string; termType: string };
}

export class GraphView extends View {
  priority = 11;
  label = "Graph";

  canHandleResults(): boolean {
    return this.links().length > 0;
  }

  async draw(): Promise<void> {
    const links = this.links();
    const shown = links.slice(0, MOST);
    const place = element("div", { class: "diagram-canvas" });
    const cut = links.length > MOST ? ` The first ${MOST} of ${links.length} links.` : "";
    const note = element("p", { class: "small quiet" }, `Links between things; texts and numbers are in the table.${cut}`);
    this.yasr.resultsEl.replaceChildren(place, note);
    const { draw } = await import("./drawing");
    const things = new Map<string, Thing>();
    for (const { from, to } of shown) for (const iri of [from, to]) things.set(iri, this.thing(iri));
    draw(place, [...things.values()], shown, shown.length > 1.5 * things.size ? "cose" : "dagre");
  }

  private thing(iri: string): Thing {
    const known = this.vocabulary.terms.find((term) => term.iri === iri)?.label;
    const local = decodeURIComponentSafely(iri.split(/[/#]/).pop() || iri).replaceAll("-", " ");
    return { id: iri, label: known ?? local, href: href(iri, this.site) };
  }

  private links(): Link[] {
    if (this.yasr.results?.getType() !== "ttl") return [];
    const statements = (this.yasr.results.getStatements() ?? []) as unknown as Statement[];
    return statements
      .filter((statement) => statement.object.termType !== "Literal")
      .map(({ subject, predicate, object }) => ({
        from: subject.value,
        to: object.value,
        label: predicate.value.split(/[/#]/).pop() ?? "",
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
