// Answers with numbers as bars: a column of words or years names them, one of numbers measures; the
// reader may choose another.

import { columns, isNumber, rows, type Row } from "./answer";
import { drawn, element } from "./dom";
import { View } from "./view";
import { _, figure } from "./words";

const MOST = 60;
const LINE = 26;
const WIDEST = 900;
const NARROWEST = 320;
const LETTER = 7.4;

export class ChartView extends View {
  priority = 4;
  label = _("Chart");

  canHandleResults(): boolean {
    return Boolean(this.chosen());
  }

  draw(): void {
    this.show();
  }

  private show(): void {
    const chosen = this.chosen();
    if (!chosen) return;
    const [name, number] = chosen;
    const found = rows(this.yasr).filter((row) => isNumber(row[number]));
    const bars = found.slice(0, MOST);
    const values = bars.map((row) => Number(row[number]?.value));
    const most = Math.max(...values.map(Math.abs), 0) || 1;
    const width = Math.min(WIDEST, Math.max(NARROWEST, this.yasr.resultsEl.clientWidth));
    const also = this.apart(name);
    const lines = bars.map((row, place) => this.bar([name, ...also].map((each) => this.named(row, each)).join(" "), values[place] ?? 0, most, place, width));
    const height = bars.length * LINE;
    const cut = found.length > MOST ? " " + _("The first {1} of {2} rows.", MOST, found.length) : "";
    const without = this.without(name, number);
    this.yasr.resultsEl.replaceChildren(
      drawn("svg", { class: "bars-chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": _("Bars of {1} by {2}; the table has the same numbers", number, name) }, ...lines),
      element("p", { class: "small quiet" }, this.choice("of", _("What the bars measure"), this.numeric(), number), ` ${_("by")} `, this.choice("by", _("What names the bars"), this.others(number), name), `.${cut}${without}`),
    );
  }

  /** The columns of words that tell apart rows of the same name, such as two currencies of a year. */
  private apart(name: string): string[] {
    const every = rows(this.yasr);
    if (new Set(every.map((row) => row[name]?.value)).size === every.length) return [];
    return columns(this.yasr).filter((each) => each !== name && every.some((row) => row[each]?.type === "literal" && !isNumber(row[each])));
  }

  /** The name of the column that is drawn; a choice where there are several. */
  private choice(axis: "by" | "of", told: string, names: string[], chosen: string): HTMLElement | string {
    if (names.length < 2) return chosen;
    const options = names.map((each) => element("option", { value: each }, each));
    const choice = element("select", { "aria-label": told }, ...options);
    choice.value = chosen;
    choice.addEventListener("change", () => {
      View.axes = { ...View.axes, [axis]: choice.value };
      this.show();
      this.yasr.resultsEl.querySelector<HTMLElement>(`select[aria-label="${told}"]`)?.focus();
    });
    return choice;
  }

  private others(number: string): string[] {
    const some = rows(this.yasr).slice(0, 50);
    return columns(this.yasr).filter((name) => name !== number && some.some((row) => row[name]));
  }

  /** What has no bar: rows without the number, and years between others that have no row. */
  private without(name: string, number: string): string {
    const every = rows(this.yasr);
    const empty = every.filter((row) => !isNumber(row[number])).map((row) => this.named(row, name));
    const named = every.map((row) => row[name]?.value ?? "");
    const years = named.every((value) => /^\d{4}$/.test(value)) ? named.map(Number) : [];
    const first = Math.min(...years);
    const span = years.length ? Math.max(...years) - first : 0;
    const between = Array.from({ length: span }, (_, step) => first + step).filter((year) => !years.includes(year));
    const missing = [...empty, ...between.map(String)].sort();
    return missing.length ? " " + _("No {1} for {2}.", number, missing.slice(0, MOST).join(", ")) : "";
  }

  private bar(name: string, value: number, most: number, place: number, room: number): SVGElement {
    const start = Math.min(300, 0.42 * room);
    const letters = Math.floor((start - 10) / LETTER);
    const width = (Math.abs(value) / most) * (room - start - Math.min(110, 0.22 * room));
    const y = place * LINE;
    return drawn(
      "g",
      {},
      drawn("title", {}, `${name}: ${figure(value)}`),
      drawn("text", { x: start - 10, y: y + 17, "text-anchor": "end" }, name.length > letters ? name.slice(0, letters - 1) + "…" : name),
      drawn("rect", { x: start, y: y + 4, width: Math.max(1, width), height: LINE - 9 }),
      drawn("text", { x: start + width + 8, y: y + 17 }, figure(value)),
    );
  }

  private named(row: Row, name: string): string {
    const term = row[name];
    if (!term) return "";
    return term.type === "uri" ? this.vocabulary.told(term.value, this.site) : term.value;
  }

  private numeric(): string[] {
    const some = rows(this.yasr).slice(0, 50);
    return columns(this.yasr).filter((name) => some.some((row) => isNumber(row[name])));
  }

  /**
   * The columns to name and to measure by: words before IRIs; sums before counts, years last.
   *
   * A count beside a sum tells how many things the sum is of.
   */
  private chosen(): [string, string] | undefined {
    const some = rows(this.yasr).slice(0, 50);
    if (some.length < 2) return undefined;
    const numeric = this.numeric().filter((name) => !/year/i.test(name));
    const sums = numeric.filter((name) => some.some((row) => /#(decimal|double|float)$/.test(row[name]?.datatype ?? "")));
    const { of = "", by = "" } = View.axes;
    const number = this.numeric().includes(of) ? of : sums[0] ?? numeric[0] ?? this.numeric()[0];
    const others = this.others(number ?? "");
    const words = others.find((name) => some.some((row) => row[name]?.type === "literal"));
    const name = others.includes(by) ? by : (words ?? others[0]);
    return number && name ? [name, number] : undefined;
  }
}
