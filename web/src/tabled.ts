// A table of numbers as a drawing: heads of columns upright, each cell in the colour that it is seen in.

import { drawn, element } from "./dom";

const [WIDE, HIGH, GAP, SIZE] = [44, 32, 8, 13];

/** The drawing of a table with one head for each row and column, and its size. */
export function tabled(table: HTMLTableElement): SVGSVGElement {
  const [heads, ...rows] = [...table.rows].map((row) => [...row.cells]);
  const font = getComputedStyle(table).fontFamily;
  const longest = (cells: HTMLElement[]): number => Math.max(...cells.map((cell) => lengthOf(said(cell), font))) + 2 * GAP;
  const [left, top] = [longest(rows.flatMap((row) => row.slice(0, 1))), longest(heads?.slice(1) ?? [])];
  const [width, height] = [left + WIDE * ((heads?.length ?? 1) - 1), top + HIGH * rows.length];
  const made = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": font, "font-size": SIZE });
  heads?.slice(1).forEach((head, n) =>
    made.append(written(head, { transform: `translate(${left + WIDE * (n + 0.6)} ${top - GAP}) rotate(-90)` })),
  );
  rows.forEach(([head, ...cells], row) => {
    const [above, middle] = [top + HIGH * row, top + HIGH * (row + 0.65)];
    if (head) made.append(written(head, { x: left - GAP, y: middle, "text-anchor": "end" }));
    cells.forEach((cell, n) => {
      const { backgroundColor: fill } = getComputedStyle(cell);
      const x = left + WIDE * n;
      made.append(drawn("rect", { x, y: above, width: WIDE - 2, height: HIGH - 2, fill }));
      made.append(written(cell, { x: x + WIDE / 2 - 1, y: middle, "text-anchor": "middle" }));
    });
  });
  return made;
}

function said(cell: HTMLElement): string {
  return (cell.textContent ?? "").replace(/\s+/g, " ").trim();
}

function written(cell: HTMLElement, place: Record<string, string | number>): SVGTextElement {
  const fill = getComputedStyle(cell.matches("td") ? (cell.querySelector("a") ?? cell) : cell).color;
  return drawn("text", { ...place, fill }, said(cell));
}

/** How long a text is on a line. */
export function lengthOf(text: string, font: string, size = SIZE): number {
  const pen = element("canvas").getContext("2d");
  if (!pen) return size * text.length;
  pen.font = `${size}px ${font}`;
  return pen.measureText(text).width;
}
