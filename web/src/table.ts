// Answers as a table: links to pages here, sorting by column, a filter, and more rows on demand.

import { reason } from "./advice";
import { columns, inWords, isNumber, rows, type Row, type Value } from "./answer";
import { button, element } from "./dom";
import { href } from "./page";
import { View } from "./view";
import { _, LANGUAGE } from "./words";

const STEP = 200;
const LONGEST = 300;

export class TableView extends View {
  priority = 10;
  label = _("Table");
  private shown = STEP;
  private sorted = "";
  private downwards = false;
  private words = "";
  private raw = false;

  canHandleResults(): boolean {
    return columns(this.yasr).length > 0;
  }

  draw(): void {
    this.shown = STEP;
    this.sorted = this.words = "";
    const filter = element("input", { type: "search", placeholder: _("Filter rows"), "aria-label": _("Filter rows") });
    const place = element("div");
    filter.addEventListener("input", () => {
      this.words = filter.value.toLowerCase();
      this.fill(place);
    });
    const raw = element("input", { type: "checkbox" });
    raw.checked = this.raw;
    raw.addEventListener("change", () => {
      this.raw = raw.checked;
      this.fill(place);
    });
    const tools = element("div", { class: "answer-tools" }, filter, element("label", {}, raw, ` ${_("As it was answered")}`));
    this.yasr.resultsEl.replaceChildren(tools, place);
    this.fill(place);
  }

  private fill(place: HTMLElement): void {
    const names = columns(this.yasr).filter((name) => this.raw || !this.folds(name));
    const all = rows(this.yasr);
    const found = this.order(all.filter((row) => this.fits(row)));
    const head = element("tr", {}, ...names.map((name) => this.head(name, place)));
    const body = element("tbody", {}, ...found.slice(0, this.shown).map((row) => this.line(names, row)));
    const table = element("table", { class: "answer" }, element("thead", {}, head), body);
    const scroll = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": _("Answer") }, table);
    place.replaceChildren(scroll, this.foot(found.length, all.length, place));
  }

  private head(name: string, place: HTMLElement): HTMLElement {
    const chosen = this.sorted === name;
    const direction = this.downwards ? "descending" : "ascending";
    const sort = button(name + (chosen ? (this.downwards ? " ↓" : " ↑") : ""), () => {
      this.downwards = chosen && !this.downwards;
      this.sorted = name;
      this.fill(place);
    });
    return element("th", { scope: "col", "aria-sort": chosen ? direction : undefined }, sort);
  }

  private line(names: string[], row: Row): HTMLElement {
    return element("tr", {}, ...names.map((name) => this.cell(name, row)));
  }

  /** Whether a column of labels stands in that of the things it names: `?placeLabel` in `?place`. */
  private folds(name: string): boolean {
    const named = name.replace(/Label$/, "");
    return named !== name && rows(this.yasr).some((row) => row[named]?.type === "uri");
  }

  private cell(name: string, row: Row): HTMLElement {
    const term = row[name];
    if (!term) return element("td");
    if (isNumber(term)) return element("td", { class: "number", title: term.value }, this.raw ? term.value : inWords(name, term));
    if (term.type !== "uri") {
      const text = element("bdi", { lang: term.language }, clip(this.raw ? term.value : inWords(name, term)));
      return element("td", { title: term.value.length > LONGEST ? term.value.slice(0, 5000) : undefined }, text);
    }
    const address = href(term.value, this.site);
    const label = this.raw ? undefined : row[name + "Label"];
    const text = clip(label?.value ?? this.vocabulary.told(term.value, this.site));
    if (!address) return element("td", {}, element("bdi", {}, text));
    const link = element("a", { href: address, title: clip(term.value) }, text);
    return element("td", { class: text.length < 40 ? "whole" : undefined }, link);
  }

  private foot(found: number, all: number, place: HTMLElement): HTMLElement {
    const shown = Math.min(found, this.shown);
    const row = found === 1 ? _("1 row") : _("{1} rows", found);
    const text = found === all ? row : _("{1} of {2} rows", found, all);
    const told = all ? text : _("No rows: nothing in the graph fits this query.");
    const why = this.says() ? undefined : reason(View.asked);
    const foot = element("p", { class: "small quiet", role: "status" }, why ? `${told} ${why}` : told);
    if (shown < found) {
      const more = button(_("Show {1} more", Math.min(STEP, found - shown)), () => {
        this.shown += STEP;
        this.fill(place);
      });
      foot.append(` · ${_("{1} shown", shown)} `, more);
    }
    return foot;
  }

  /** Whether the answer has more than a count of nothing. */
  private says(): boolean {
    return rows(this.yasr).some((row) => Object.values(row).some((term) => term?.value !== "0"));
  }

  private fits(row: Row): boolean {
    if (!this.words) return true;
    return Object.values(row).some((term) => term?.value.toLowerCase().includes(this.words));
  }

  private order(list: Row[]): Row[] {
    if (!this.sorted) return list;
    const sign = this.downwards ? -1 : 1;
    return [...list].sort((a, b) => sign * compare(a[this.sorted], b[this.sorted]));
  }
}

function compare(a: Value | undefined, b: Value | undefined): number {
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  if (isNumber(a) && isNumber(b)) return Number(a.value) - Number(b.value);
  return a.value.localeCompare(b.value, LANGUAGE);
}

function clip(text: string): string {
  return text.length > LONGEST ? text.slice(0, LONGEST) + " …" : text;
}
