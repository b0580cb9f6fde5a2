// Answers with numbers as bars: the first column of words names them, the first of numbers measures.

import { columns, isNumber, rows, type Row } from "./answer";
import { drawn, element } from "./dom";
import { View } from "./view";

const MOST = 60;
const LINE = 26;
const WIDEST = 900;
const NARROWEST = 320;
const LETTER = 7.4;

export class ChartView extends View {
  priority = 4;
  label = "Chart";

  canHandleResults(): boolean {
    return Boolean(this.chosen());
  }

  draw(): void {
    const chosen = this.chosen();
    if (!chosen) return;
    const [name, number] = chosen;
    const found = rows(this.yasr).filter((row) => isNumber(row[number]));
    const bars = found.slice(0, MOST);
    const values = bars.map((row) => Number(row[number]?.value));
    const most = Math.max(...values.map(Math.abs), 0) || 1;
    const width = Math.min(WIDEST, Math.max(NARROWEST, this.yasr.resultsEl.clientWidth));
    const lines = bars.map((row, place) => this.bar(this.named(row, name), values[place] ?? 0, most, place, width));
    const height = bars.length * LINE;
    const cut = found.length > MOST ? ` The first ${MOST} of ${found.length} rows.` : "";
    this.yasr.resultsEl.replaceChildren(
      drawn("svg", { class: "bars-chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Bars of ${number} by ${name}; the table has the same numbers` }, ...lines),
      element("p", { class: "small quiet" }, `${number} by ${name}.${cut}`),
    );
  }

  private bar(name: string, value: number, most: number, place: number, room: number): SVGElement {
    const start = Math.min(300, 0.42 * room);
    const letters = Math.floor((start - 10) / LETTER);
    const width = (Math.abs(value) / most) * (room - start - Math.min(110, 0.22 * room));
    const y = place * LINE;
    return drawn(
      "g",
      {},
      drawn("title", {}, `${name}: ${value.toLocaleString("en")}`),
      drawn("text", { x: start - 10, y: y + 17, "text-anchor": "end" }, name.length > letters ? name.slice(0, letters - 1) + "…" : name),
      drawn("rect", { x: start, y: y + 4, width: Math.max(1, width), height: LINE - 9 }),
      drawn("text", { x: start + width + 8, y: y + 17 }, value.toLocaleString("en")),
    );
  }

  private named(row: Row, name: string): string {
    const term = row[name];
    if (!term) return "";
    return term.type === "uri" ? this.vocabulary.told(term.value, this.site) : term.value;
  }

  /** The columns to name and to measure by: words before IRIs, numbers that are not years last. */
  private chosen(): [string, string] | undefined {
    const names = columns(this.yasr);
    const some = rows(this.yasr).slice(0, 50);
    if (some.length < 2) return undefined;
    const numeric = names.filter((name) => some.some((row) => isNumber(row[name])));
    const number = numeric.find((name) => !/year/i.test(name)) ?? numeric[0];
    const others = names.filter((name) => name !== number && some.some((row) => row[name]));
    const words = others.find((name) => some.some((row) => row[name]?.type === "literal"));
    const name = words ?? others[0];
    return number && name ? [name, number] : undefined;
  }
}
