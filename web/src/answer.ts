// An answer as rows of terms, whichever form the query had.

import type Yasgui from "@zazuko/yasgui";
import { LANGUAGE } from "./words";

export type Yasr = InstanceType<typeof Yasgui.Yasr>;

export interface Value {
  type: "uri" | "literal" | "bnode";
  value: string;
  datatype?: string;
  language?: string;
}

export type Row = Record<string, Value | undefined>;

const NUMBERS = /XMLSchema#(integer|decimal|double|float|int|long|short|nonNegativeInteger|gYear)$/;

export function columns(yasr: Yasr): string[] {
  return yasr.results?.getVariables() ?? [];
}

export function rows(yasr: Yasr): Row[] {
  const bindings = yasr.results?.getBindings() ?? [];
  return bindings.map((binding: Record<string, Bound | undefined>) => {
    const row: Row = {};
    for (const [name, bound] of Object.entries(binding)) if (bound) row[name] = value(bound);
    return row;
  });
}

interface Bound {
  type: string;
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

function value(bound: Bound): Value {
  const type = bound.type === "uri" || bound.type === "bnode" ? bound.type : "literal";
  return { type, value: bound.value, datatype: bound.datatype, language: bound["xml:lang"] };
}

export function isNumber(term: Value | undefined): boolean {
  return term?.type === "literal" && NUMBERS.test(term.datatype ?? "") && term.value.trim() !== "";
}

const DAY = new Intl.DateTimeFormat(LANGUAGE === "en" ? "en-GB" : LANGUAGE, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Numbers with thousands signs, dates as words; years, and what is too long to be counted, as they are. */
export function inWords(column: string, term: Value): string {
  if (isNumber(term)) {
    const plain = /^-?\d{1,15}(\.\d{1,6})?$/.test(term.value) && !/gYear$/.test(term.datatype ?? "") && !/year/i.test(column);
    return plain ? Number(term.value).toLocaleString(LANGUAGE, { maximumFractionDigits: 6 }) : term.value;
  }
  const day = /#date$/.test(term.datatype ?? "") && /^\d{4}-\d\d-\d\d$/.test(term.value) ? Date.parse(term.value) : Number.NaN;
  return Number.isNaN(day) ? term.value : DAY.format(day);
}
