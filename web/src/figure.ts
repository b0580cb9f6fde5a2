// Offers each drawing or shaded table of a page as SVG and as PNG, in the colours that it is seen in.

import { button, drawn, element } from "./dom";
import { lengthOf, tabled } from "./tabled";
import { _ } from "./words";

const SHARP = 2;
const PROPERTIES = ["fill", "fill-opacity", "stroke", "stroke-width", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 16;
const LARGE = 14;

for (const figure of document.querySelectorAll<HTMLElement>("[data-figure]")) {
  const [svg, table] = [figure.querySelector("svg"), figure.querySelector("table")];
  const drawing = svg ? () => styled(svg) : table ? () => Promise.resolve(tabled(table)) : undefined;
  if (drawing && getComputedStyle(figure).display !== "none") offer(figure, drawing);
}

function offer(figure: HTMLElement, drawing: () => Promise<SVGSVGElement>): void {
  const name = figure.dataset.figure ?? "figure";
  const said = document.querySelector(".finding")?.textContent?.replace(/\s+/g, " ").trim() ?? document.title;
  const alone = (): Promise<string> => drawing().then((drawn) => framed(drawn, said));
  const tools = element(
    "div",
    { class: "figure-tools no-print" },
    button(_("Picture as SVG"), () => void alone().then((text) => save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`))),
    button(_("Picture as PNG"), () => void alone().then(pixels).then((blob) => save(blob, `${name}.png`))),
  );
  figure.append(tools);
}

/** A copy that needs no other file, with its size: outlines and colours inside. */
async function styled(svg: SVGSVGElement): Promise<SVGSVGElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((node, place) => {
    const style = getComputedStyle(originals[place] as Element);
    for (const property of PROPERTIES) node.setAttribute(property, style.getPropertyValue(property));
  });
  await withOutlines(copy);
  for (const link of [...copy.querySelectorAll("a")]) link.replaceWith(...link.childNodes);
  const { width, height } = svg.getBoundingClientRect();
  set(copy, { width, height });
  return copy;
}

/** A drawing as a file, with the finding above it and the address below. */
function framed(copy: SVGSVGElement, said: string): string {
  const [width, height] = [Number(copy.getAttribute("width")), Number(copy.getAttribute("height"))];
  const ground = getComputedStyle(document.body);
  const [wide, high] = [Math.max(width, lengthOf(said, ground.fontFamily, LARGE)) + 2 * MARGIN, height + 2 * MARGIN + 40];
  const whole = drawn("svg", { width: wide, height: high, viewBox: `0 0 ${wide} ${high}` });
  set(copy, { x: MARGIN, y: MARGIN + 24 });
  whole.append(
    drawn("rect", { width: wide, height: high, fill: ground.backgroundColor }),
    drawn("text", { x: MARGIN, y: 20, "font-family": ground.fontFamily, "font-size": LARGE, fill: ground.color }, said),
    copy,
    drawn("text", { x: MARGIN, y: high - 8, "font-family": ground.fontFamily, "font-size": 10, fill: ground.color }, location.href),
  );
  return new XMLSerializer().serializeToString(whole);
}

/** Outlines of the map stand in a file of their own: they are put where they are used. */
async function withOutlines(copy: SVGSVGElement): Promise<void> {
  const files = new Map<string, Document>();
  for (const use of copy.querySelectorAll("use")) {
    const [file = "", id = ""] = (use.getAttribute("href") ?? "").split("#");
    if (!files.has(file)) files.set(file, new DOMParser().parseFromString(await (await fetch(file)).text(), "image/svg+xml"));
    const outline = files.get(file)?.getElementById(decodeURIComponent(id));
    if (!outline) continue;
    const part = document.createElementNS(SVG, "g");
    for (const property of PROPERTIES) part.setAttribute(property, use.getAttribute(property) ?? "");
    part.append(...[...(outline.tagName === "symbol" ? outline.childNodes : [outline])].map((node) => document.importNode(node, true)));
    use.replaceWith(part);
  }
}

function pixels(text: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onerror = reject;
    image.onload = () => {
      const canvas = element("canvas", { width: image.width * SHARP, height: image.height * SHARP });
      canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: `hsgraph-${name}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function set(node: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
