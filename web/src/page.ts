// What the server says in the page about itself: addresses, prefixes, the map.

export interface WorldMap {
  file: string;
  width: number;
  height: number;
  scale: number;
  x: number;
  y: number;
}

export interface Term {
  kind: string;
  iri: string;
  label: string;
  names: string[];
}

export interface Site {
  endpoint: string;
  page: string;
  completions: string;
  given: boolean;
  name: string;
  prefixes: Record<string, string>;
  places: [string, string][];
  world?: WorldMap;
}

interface Completions {
  terms: [string, string, string, ...string[]][];
  uses: Record<string, number[]>;
}

export function readSite(place: HTMLElement): Site {
  const { endpoint = "/sparql", page = "/query", completions = "", given, name = "" } = place.dataset;
  return {
    endpoint: new URL(endpoint, location.href).href,
    page: new URL(page, location.href).href,
    completions,
    given: given === "yes",
    name,
    prefixes: JSON.parse(place.dataset.prefixes ?? "{}"),
    places: JSON.parse(place.dataset.places ?? "[]"),
    world: place.dataset.world ? JSON.parse(place.dataset.world) : undefined,
  };
}

/** Prefixes, which the page has, and terms, fetched once. */
export class Vocabulary {
  terms: Term[] = [];
  /** The properties that things of a class have, by the class. */
  readonly uses = new Map<string, Set<string>>();
  private loading?: Promise<void>;

  constructor(private readonly address: string, readonly prefixes: Record<string, string>) {}

  /** Loaded when first needed: who only runs an example need not wait for it. */
  get ready(): Promise<void> {
    return (this.loading ??= this.load());
  }

  private async load(): Promise<void> {
    const response = await fetch(this.address);
    if (!response.ok) return;
    const told = (await response.json()) as Completions;
    this.terms = told.terms.map(([kind, iri, label, ...names]) => ({ kind, iri, label, names }));
    for (const [kind, places] of Object.entries(told.uses)) {
      this.uses.set(kind, new Set(places.map((place) => this.terms[place]?.iri ?? "")));
    }
  }

  /** How a table names an IRI: `hs:Project` by a prefix, `project/…` where it is a thing of ours. */
  told(iri: string, site: Site): string {
    const ours = site.places.find(([namespace]) => namespace.endsWith("/") && iri.startsWith(namespace));
    return this.short(iri) ?? (ours ? iri.slice(ours[0].length) : iri);
  }

  /** `hs:Project` where a prefix fits, else undefined. */
  short(iri: string): string | undefined {
    let best: string | undefined;
    let longest = 0;
    for (const [prefix, namespace] of Object.entries(this.prefixes)) {
      const local = iri.slice(namespace.length);
      if (namespace.length > longest && iri.startsWith(namespace) && /^[\w-]+$/.test(local)) {
        best = `${prefix}:${local}`;
        longest = namespace.length;
      }
    }
    return best;
  }
}

const CHOSEN = new URLSearchParams(location.search).get("lang");
const LANGUAGE_KEPT = CHOSEN ? `?${new URLSearchParams({ lang: CHOSEN }).toString()}` : "";

/** What a link to an IRI points to: a page here for ours, the IRI itself for http(s), else nothing. */
export function href(iri: string, site: Site): string | undefined {
  for (const [namespace, path] of site.places) {
    if (iri.startsWith(namespace) && !/^[/\\]/.test(iri.slice(namespace.length)))
      return encodeURI(path + iri.slice(namespace.length)) + LANGUAGE_KEPT;
  }
  return /^https?:\/\//i.test(iri) ? iri : undefined;
}
