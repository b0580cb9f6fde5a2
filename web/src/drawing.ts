// Draws things and links between them with Cytoscape, in the colours of the page.

import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";
import { button } from "./dom";
import { _ } from "./words";

cytoscape.use(dagre);
cytoscape.warnings(false);

const STYLE = "__________cytoscape_stylesheet";
const MARGIN = 16;
const LEGIBLE = { narrow: 0.85, wide: 0.5 };
const LETTERS = 22;
const LONGEST = 90;
const LARGEST = 1;

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
      ...things.map((thing) => ({ data: { ...thing, label: clip(thing.label), height: heightOf(clip(thing.label)) } })),
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
  if (layout === "dagre") turn(place, drawing);
  frame(place, drawing);
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

/** Buttons that draw larger, smaller, or all of it. */
export function zoomButtons(drawn: () => Drawing | undefined): HTMLButtonElement[] {
  const zoom = (factor: number) => (): void => {
    const drawing = drawn();
    if (!drawing) return;
    const middle = { x: drawing.width() / 2, y: drawing.height() / 2 };
    drawing.zoom({ level: drawing.zoom() * factor, renderedPosition: middle });
  };
  return [
    button(_("Larger"), zoom(1.3)),
    button(_("Smaller"), zoom(1 / 1.3)),
    button(_("Whole"), () => drawn()?.fit(undefined, MARGIN)),
  ];
}

/** From left to right or, where that takes less width, from top to bottom. */
function turn(place: HTMLElement, drawing: Drawing): void {
  const across = drawing.elements().boundingBox().w;
  if (across + 2 * MARGIN <= place.clientWidth) return;
  drawing.layout(arrangement("dagre", "TB") as never).run();
  if (drawing.elements().boundingBox().w < across) return;
  drawing.layout(arrangement("dagre") as never).run();
}

/** Large enough to read, and as high as that needs within bounds; what is wider is dragged. */
function frame(place: HTMLElement, drawing: Drawing): void {
  const box = drawing.elements().boundingBox();
  const room = place.clientWidth - 2 * MARGIN;
  const narrow = room < 600;
  const least = narrow ? LEGIBLE.narrow : LEGIBLE.wide;
  const zoom = Math.min(Math.max(room / Math.max(box.w, 1), least), LARGEST);
  const wanted = box.h * zoom + 2 * MARGIN;
  const height = Math.round(Math.min(Math.max(wanted, 120), narrow ? 0.75 * innerHeight : 1400));
  place.style.height = `${height}px`;
  drawing.resize();
  drawing.zoom(zoom);
  const left = Math.max(MARGIN, (place.clientWidth - box.w * zoom) / 2);
  drawing.pan({ x: left - box.x1 * zoom, y: top(drawing, box, zoom, room, height) });
}

/** Where the drawing begins: at its head, or where the first things are if not all can be seen. */
function top(drawing: Drawing, box: cytoscape.BoundingBox, zoom: number, room: number, height: number): number {
  const head = MARGIN - box.y1 * zoom;
  const hidden = box.h * zoom + 2 * MARGIN - height;
  if (hidden <= 0) return head - hidden / 2;
  const first = drawing.nodes().filter((node) => (node.position().x - box.x1) * zoom < room);
  const part = first.boundingBox();
  const centred = height / 2 - ((part.y1 + part.y2) / 2) * zoom;
  return part.h * zoom > height ? head : Math.min(head, Math.max(head - hidden, centred));
}

/** Cytoscape adds a style element, which our policy forbids, unless one of that id is there. */
function withoutInlineStyle(): void {
  if (document.getElementById(STYLE)) return;
  const stand = document.createElement("meta");
  stand.id = STYLE;
  document.head.append(stand);
}

/** So high that a label of so many letters stands inside. */
function heightOf(label: string): number {
  return Math.max(46, 18 + 15 * Math.ceil(label.length / LETTERS));
}

function clip(label: string): string {
  if (label.length <= LONGEST) return label;
  const cut = label.slice(0, LONGEST);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), LONGEST / 2))} …`;
}

function arrangement(layout: "dagre" | "cose", direction: "LR" | "TB" = "LR"): object {
  return layout === "dagre"
    ? { name: "dagre", rankDir: direction, nodeSep: 14, rankSep: 44, padding: MARGIN, animate: false }
    : {
        name: "cose",
        animate: false,
        padding: MARGIN,
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
        height: "data(height)",
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
