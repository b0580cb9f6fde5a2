// An answer as rows of terms, whichever form the query had.

import type Yasgui from "@zazuko/yasgui";

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
