// What to do about mistakes that people make: at the end of an example, and such as give no rows.

import { _ } from "./words";

const LAST = /\b(LIMIT|OFFSET|ORDER|GROUP|HAVING)\s*$/i;

/** A remedy for a second LIMIT, or for a clause after the LIMIT that must stand before it. */
export function advice(query: string, line?: number, column?: number): string | undefined {
  const before = upTo(query, line, column);
  const word = LAST.exec(before)?.[1]?.toUpperCase();
  if (!word) return undefined;
  const start = before.lastIndexOf("}") + 1;
  const ending = before.slice(start).replace(LAST, "").replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
  const limit = /\bLIMIT\s+\d+/i.exec(ending);
  const offset = /\bOFFSET\s+\d+/i.exec(ending);
  const earlier = word === "OFFSET" ? offset : limit;
  if (!earlier) return undefined;
  const place = before.slice(0, start + earlier.index).split("\n").length;
  return word === "LIMIT" || word === "OFFSET"
    ? _("Line {1} has a {2} already, and a query can have only one: change the number there.", place, word)
    : _("{1} must stand before the LIMIT in line {2}.", word === "HAVING" ? word : `${word} BY`, place);
}

/** What is likely to be the reason that nothing fits a query. */
export function reason(query: string): string | undefined {
  const bare = query.replace(/"[^"\n]*"|'[^'\n]*'|<[^<>\s]*>/g, '""').replace(/#[^\n]*/g, "");
  const alias = [...bare.matchAll(/\bAS\s+([?$]\w+)/gi)].map((found) => found[1] ?? "");
  const late = /\bHAVING\s*\(([^{}]*)/i.exec(bare)?.[1]?.match(/[?$]\w+/g)?.find((name) => alias.includes(name));
  if (late) return _("HAVING does not know {1}, a name given in SELECT: repeat there what it stands for.", late);
  if (/\b(pref|alt)Label\s+""(?!\s*[@^])/.test(bare)) return _("Names have a language, such as @en after the closing quotation mark.");
  if (/\brdfs:label\b/.test(bare)) return _("Things have their names in skos:prefLabel; only classes, properties and other terms have an rdfs:label.");
  return undefined;
}

/** The text up to a place told as line and column, both from one, with the word that begins there. */
function upTo(query: string, line?: number, column?: number): string {
  if (!line || !column) return "";
  const lines = query.split("\n");
  const there = lines[line - 1] ?? "";
  const word = /^[a-z]*/i.exec(there.slice(column - 1))?.[0] ?? "";
  return [...lines.slice(0, line - 1), there.slice(0, column - 1) + word].join("\n");
}
