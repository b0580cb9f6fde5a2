// Completes classes, properties and concepts from our own graph, by IRI, local name or label.

import Yasgui from "@zazuko/yasgui";
import { element } from "./dom";
import type { Term, Vocabulary } from "./page";

const MOST = 60;
const THINGS = new Set(["organisation", "place", "project"]);
const { Yasqe } = Yasgui;
type Editor = InstanceType<typeof Yasqe>;

interface Token {
  string: string;
  type?: string | null;
  start: number;
  end: number;
  from?: { ch: number };
  to?: { ch: number };
  state: { lastProperty?: string };
  autocompletionString?: string;
}

interface Hint {
  text: string;
  displayText?: string;
  render?: (place: HTMLElement) => void;
}

export const COMPLETERS = ["hsgraph-prefixes", "hsgraph-terms", "variables"];

export function registerCompleters(vocabulary: Vocabulary): void {
  const labels = new Map<string, string>();
  const declaring = new Set<string>();
  Yasqe.forkAutocompleter("prefixes", {
    name: "hsgraph-prefixes",
    persistenceId: undefined,
    bulk: false,
    autoShow: true,
    get: async (_yasqe: Editor, token?: Token) => {
      const typed = token?.autocompletionString ?? token?.string ?? "";
      if (token?.autocompletionString && !once(declaring, typed)) return [];
      const lines = Object.entries(vocabulary.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
      return lines.filter((line) => line.startsWith(typed));
    },
  } as never);
  Yasqe.registerAutocompleter({
    name: "hsgraph-terms",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: (yasqe: Editor) => fits(yasqe),
    preProcessToken: (yasqe: Editor) => typedWord(yasqe),
    get: async (yasqe: Editor, token?: Token) => {
      await vocabulary.ready;
      const found = suggestions(vocabulary, token?.string ?? "", wanted(yasqe, token), propertiesHere(yasqe, vocabulary));
      for (const term of found) labels.set(written(vocabulary, term), term.label);
      return found.map((term) => written(vocabulary, term));
    },
    postprocessHints: (_yasqe: Editor, hints: Hint[]) =>
      hints.map((hint) => ({ ...hint, render: (place: HTMLElement) => tell(place, hint.text, labels) })),
  } as never);
  onlyOurs();
}

/** YASQE lays the list of a page over its own, by position, so that its own must be no longer. */
function onlyOurs(): void {
  (Yasqe.defaults as { autocompleters: string[] }).autocompleters = [...COMPLETERS];
}

/** Whether this is the first time in a while: keys that are typed at once would all declare a prefix. */
function once(held: Set<string>, name: string): boolean {
  if (held.has(name)) return false;
  held.add(name);
  setTimeout(() => held.delete(name), 100);
  return true;
}

/**
 * The whole word around the cursor, which a completion replaces.
 *
 * The lexer takes `count` off `country`, so its tokens are no words.
 */
function typedWord(yasqe: Editor): Token | undefined {
  const cursor = yasqe.getDoc().getCursor();
  const line = yasqe.getDoc().getLine(cursor.line);
  const before = /(?:<[^<>\s]*|(?<![?$\w])[\w:-]+)$/.exec(line.slice(0, cursor.ch))?.[0];
  if (!before) return undefined;
  const after = (before.startsWith("<") ? /^[^<>\s]*>?/ : /^[\w:-]*/).exec(line.slice(cursor.ch))?.[0] ?? "";
  const token = yasqe.getTokenAt(cursor) as unknown as Token;
  const [start, end] = [cursor.ch - before.length, cursor.ch + after.length];
  return { ...token, string: before, start, end, from: { ch: start }, to: { ch: end } };
}

/** A prefixed name, an IRI, or the beginning of a word where a term may stand. */
function fits(yasqe: Editor): boolean {
  const token = yasqe.getTokenAt(yasqe.getDoc().getCursor()) as unknown as Token;
  const text = typedWord(yasqe)?.string;
  if (!text || token.type === "comment" || token.type === "string") return false;
  if (token.type === "keyword" && token.string.trim() === text) return false;
  const line = yasqe.getDoc().getLine(yasqe.getDoc().getCursor().line);
  if (/^\s*PREFIX\b/i.test(line)) return false;
  return /^<?[\w:/.#-]+$/.test(text) && (text.startsWith("<") || text.includes(":") || text.length > 2);
}

function wanted(yasqe: Editor, token?: Token): string {
  const cursor = yasqe.getDoc().getCursor();
  const before = yasqe.getDoc().getLine(cursor.line).slice(0, token?.start ?? cursor.ch).trimEnd();
  if (/(^|\s)(a|rdf:type)$/.test(before)) return "class";
  return /[?$]\w+$|[;.{]$|^$/.test(before) ? "property" : "concept";
}

/** The properties that things of the class have which the query says the subject here to be of. */
function propertiesHere(yasqe: Editor, vocabulary: Vocabulary): Set<string> | undefined {
  const whole = yasqe.getValue().replace(/#[^\n<>]*$/gm, "");
  const cursor = yasqe.getDoc().getCursor();
  const before = yasqe.getDoc().getRange({ line: 0, ch: 0 }, cursor);
  const subject = /[{}.]\s*([?$]\w+)\s[^{}]*$/.exec(before.replace(/<[^>]*>|"[^"]*"/g, "x"))?.[1];
  if (!subject) return undefined;
  const [, full, prefix, local] = new RegExp(`\\${subject}\\s+(?:a|rdf:type)\\s+(?:<([^>]+)>|([\\w-]+):([\\w-]+))`).exec(whole) ?? [];
  return vocabulary.uses.get(full ?? (vocabulary.prefixes[prefix ?? ""] ?? "") + (local ?? ""));
}

function suggestions(vocabulary: Vocabulary, typed: string, kind: string, here?: Set<string>): Term[] {
  const text = typed.replace(/^</, "").toLowerCase();
  const local = text.split(":").pop() ?? "";
  const rank = (term: Term): number => {
    const short = (vocabulary.short(term.iri) ?? "").toLowerCase();
    const begins = short.startsWith(text) || term.iri.toLowerCase().startsWith(text);
    const names = local.length > 1 && !typed.startsWith("<") ? [term.label, ...term.names].map((name) => name.toLowerCase()) : [];
    const worded = names.some((name) => name.includes(local));
    const starts = names.some((name) => name.startsWith(local));
    const named = local.length > 2 && short.includes(local) && (!text.includes(":") || short.startsWith(text.split(":")[0] + ":"));
    if (!begins && !worded && !named) return -1;
    const fitting = term.kind === kind || (kind === "concept" && THINGS.has(term.kind));
    const known = kind === "property" && here?.has(term.iri);
    return (begins ? 4 : 0) + (fitting ? 8 : 0) + (known ? 16 : 0) + (starts ? 2 : 0) + (worded ? 1 : 0);
  };
  const ranked = vocabulary.terms.map((term) => [rank(term), term] as const).filter(([number]) => number >= 0);
  return ranked.sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, term]) => term);
}

function written(vocabulary: Vocabulary, term: Term): string {
  return vocabulary.short(term.iri) ?? `<${term.iri}>`;
}

function tell(place: HTMLElement, text: string, labels: Map<string, string>): void {
  place.append(text, " ", element("span", { class: "hint-label" }, labels.get(text) ?? ""));
}
