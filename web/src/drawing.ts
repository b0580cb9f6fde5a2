// Draws things and links between them with Cytoscape, in the colours of the page.

import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";

cytoscape.use(dagre);
cytoscape.warnings(false);

const STYLE = "__________cytoscape_stylesheet";

export interface Thing {
  id: string;
  label: string;
  kind?: string;
  href?: string;
}

export interface Link {
  from: string;
  to: string;
  label?: string;
  how?: string;
}

export type Drawing = cytoscape.Core;

export function draw(place: HTMLElement, things: Thing[], links: Link[], layout: "dagre" | "cose"): Drawing {
  withoutInlineStyle();
  const known = new Set(things.map((thing) => thing.id));
  const drawing = cytoscape({
    container: place,
    elements: [
      ...things.map((thing) => ({ data: { ...thing, label: clip(thing.label) } })),
      ...links
        .filter((link) => known.has(link.from) && known.has(link.to))
        .map((link) => ({ data: { source: link.from, target: link.to, label: link.label ?? "", how: link.how ?? "" } })),
    ],
    style: styles() as never,
    layout: arrangement(layout) as never,
    minZoom: 0.15,
    maxZoom: 2.5,
    userZoomingEnabled: false,
    autounselectify: true,
  });
  fitHeight(place, drawing);
  drawing.on("tap", "node", (event: { target: { data(name: string): unknown } }) => {
    const address = event.target.data("href");
    if (typeof address === "string") location.href = address;
  });
  drawing.on("mouseover", "node[href]", () => place.classList.add("on-link"));
  drawing.on("mouseout", "node[href]", () => place.classList.remove("on-link"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawing.style(styles() as never);
  });
  return drawing;
}

/** As high as what is drawn needs, within bounds, so that little is not lost in much. */
function fitHeight(place: HTMLElement, drawing: Drawing): void {
  const box = drawing.elements().boundingBox();
  const wanted = (box.h / Math.max(box.w, 1)) * place.clientWidth + 32;
  place.style.height = `${Math.round(Math.min(Math.max(wanted, 180), 640))}px`;
  drawing.resize();
  drawing.fit(undefined, 16);
}

/** Cytoscape adds a style element, which our policy forbids, unless one of that id is there. */
function withoutInlineStyle(): void {
  if (document.getElementById(STYLE)) return;
  const stand = document.createElement("meta");
  stand.id = STYLE;
  document.head.append(stand);
}

function clip(label: string): string {
  return label.length > 62 ? `${label.slice(0, 60).trimEnd()} …` : label;
}

function arrangement(layout: "dagre" | "cose"): object {
  return layout === "dagre"
    ? { name: "dagre", rankDir: "LR", nodeSep: 14, rankSep: 70, padding: 16, animate: false }
    : {
        name: "cose",
        animate: false,
        padding: 16,
        nodeOverlap: 60,
        nodeRepulsion: () => 1_500_000,
        idealEdgeLength: () => 200,
        gravity: 0.15,
      };
}

/** The custom properties of the page, so that dark and light follow it. */
function styles(): object[] {
  const page = getComputedStyle(document.documentElement);
  const colour = (name: string): string => page.getPropertyValue(`--${name}`).trim();
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        shape: "round-rectangle",
        width: 150,
        height: 46,
        "background-color": colour("paper"),
        "border-width": 1.5,
        "border-color": colour("rule-strong"),
        color: colour("ink"),
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": 12,
        "text-wrap": "wrap",
        "text-max-width": "138px",
        "text-valign": "center",
        "text-halign": "center",
      },
    },
    { selector: "node[kind = 'threat'], node[kind = 'threat-type']", style: { "border-color": colour("accent"), "border-width": 2 } },
    { selector: "node[kind = 'intervention']", style: { "background-color": colour("accent-ground"), "border-color": colour("accent-ground") } },
    { selector: "node[kind = 'objective']", style: { "background-color": colour("ground"), shape: "rectangle" } },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "curve-style": "bezier",
        "line-color": colour("rule-strong"),
        "target-arrow-color": colour("rule-strong"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.9,
        label: "data(label)",
        "font-size": 10,
        color: colour("ink-2"),
        "text-background-color": colour("paper"),
        "text-background-opacity": 1,
      },
    },
    { selector: "edge[how = 'drives']", style: { "line-color": colour("accent"), "target-arrow-color": colour("accent"), width: 2 } },
    { selector: "edge[how = 'answers']", style: { "line-style": "dashed" } },
  ];
}
