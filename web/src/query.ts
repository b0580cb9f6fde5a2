// The query page: YASGUI over our endpoint, with our completions, our views and our own tools.

import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import { complete } from "./access";
import { advice } from "./advice";
import { ChartView } from "./chart";
import { COMPLETERS, registerCompleters } from "./completion";
import { copied, showCode, showKeys } from "./dialogs";
import { button, element } from "./dom";
import { GraphView } from "./graph";
import { MapView } from "./map";
import { parameters } from "./parameters";
import { readSite, type Site, Vocabulary } from "./page";
import { TableView } from "./table";
import { View } from "./view";
import { _, LANGUAGE } from "./words";

const VIEWS = { table: TableView, map: MapView, chart: ChartView, graph: GraphView };
const ORDER = ["graph", "table", "map", "chart", "boolean", "response"];
const TABLES: [string, string][] = [["CSV", "text/csv"], ["TSV", "text/tab-separated-values"], ["JSON", "application/sparql-results+json"], ["XML", "application/sparql-results+xml"]];
const GRAPHS: [string, string][] = [["Turtle", "text/turtle"], ["N-Triples", "application/n-triples"], ["JSON-LD", "application/ld+json"], ["RDF/XML", "application/rdf+xml"]];
const BLANK = "SELECT * WHERE {\n  \n}\nLIMIT 100\n";
const SUFFIX: Record<string, string> = { CSV: "csv", TSV: "tsv", JSON: "srj", XML: "srx", Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };

type Tab = NonNullable<ReturnType<Yasgui["getTab"]>>;

const place = document.getElementById("editor");
if (place) start(place);

function start(place: HTMLElement): void {
  const site = readSite(place);
  const text = place.querySelector("textarea")?.value ?? "";
  View.site = site;
  View.vocabulary = new Vocabulary(site.completions, site.prefixes);
  registerCompleters(View.vocabulary);
  registerViews();
  const yasgui = make(place, site, text);
  for (const id of Object.keys(yasgui._tabs)) yasgui.getTab(id)?.setEndpoint(site.endpoint);
  place.querySelector("form")?.remove();
  place.prepend(tools(yasgui, site, place));
  openWhatWasGiven(yasgui, site, text);
  tellOf(text, yasgui);
  window.addEventListener("hashchange", () => openWhatWasGiven(yasgui, site, ""));
  complete(yasgui);
  void parameters(View.vocabulary, () => yasgui.getTab());
}

function registerViews(): void {
  const { Yasr } = Yasgui;
  const answer = Yasr.plugins["response"] as unknown as new (yasr: unknown) => { label: string };
  Yasr.registerPlugin("response", class extends answer { override label = _("Response"); } as never);
  for (const known of ["table", ...Object.keys(VIEWS)]) {
    delete Yasr.plugins[known];
    delete Yasr.defaults.plugins[known];
  }
  for (const [name, view] of Object.entries(VIEWS)) Yasr.registerPlugin(name, view as never);
  Yasr.defaults.pluginOrder = ORDER;
  Yasr.defaults.defaultPlugin = "table";
  Yasr.defaults.errorRenderers = [explain];
}

function make(place: HTMLElement, site: Site, text: string): Yasgui {
  return new Yasgui(place, {
    autofocus: false,
    persistenceId: "hsgraph",
    tabName: site.name || _("Query"),
    populateFromUrl: false,
    copyEndpointOnNewTab: false,
    endpointCatalogueOptions: { getData: () => [] },
    requestConfig: { endpoint: site.endpoint, method: "POST" },
    yasqe: {
      value: text,
      autocompleters: COMPLETERS,
      prefixCcApi: null,
      showQueryButton: false,
      createShareableLink: undefined,
      editorHeight: "24rem",
      screenReaderLabel: _("SPARQL query. Escape leaves the editor."),
    },
    yasr: { prefixes: () => View.vocabulary.prefixes },
  } as never);
}

/** A shared link (`#query=`) is opened and run; an example of the address is opened. */
function openWhatWasGiven(yasgui: Yasgui, site: Site, text: string): void {
  const given = new URLSearchParams(location.hash.slice(1));
  const shared = given.get("query");
  if (shared) {
    View.axes = { by: given.get("by") ?? undefined, of: given.get("of") ?? undefined };
    open(yasgui, site, _("Shared"), shared);
    if (given.get("view") === "chart") yasgui.once("queryResponse", (_yasgui: Yasgui, tab: Tab) => tab.getYasr().selectPlugin("chart"));
    void yasgui.getTab()?.query().catch(() => undefined);
    history.replaceState(null, "", location.pathname + location.search);
  } else if (site.given && text) {
    open(yasgui, site, site.name || _("Query"), text);
  }
}

/** The tab that holds this query already, or a new one. */
function open(yasgui: Yasgui, site: Site, title: string, query: string): void {
  const ids = Object.keys(yasgui._tabs);
  const same = ids.find((id) => textOf(yasgui.getTab(id)).trim() === query.trim());
  if (same) {
    yasgui.selectTabId(same);
    return;
  }
  const only = ids.length === 1 ? yasgui.getTab(ids[0]) : undefined;
  if (only && only.getName().startsWith(_("Query")) && !only.hasResults() && !site.given) only.close();
  yasgui.addTab(true, { name: title, yasqe: { value: query } } as never);
}

/** The query of a tab, also of one kept from an earlier visit that has not been shown yet. */
function textOf(tab: Tab | undefined): string {
  const drawn = tab?.getYasqe() as unknown;
  return (drawn ? tab?.getQuery() : tab?.getPersistedJson().yasqe.value) ?? "";
}

/** What is told of an example stands only above that example as it is. */
function tellOf(example: string, yasgui: Yasgui): void {
  const told = document.getElementById("example");
  const heard = new WeakSet<object>();
  const show = (): void => {
    const editor = yasgui.getTab()?.getYasqe();
    if (!told || !editor) return;
    told.hidden = editor.getValue().trim() !== example.trim();
    if (!heard.has(editor)) editor.on("change", show);
    heard.add(editor);
  };
  show();
  new MutationObserver(show).observe(yasgui.rootEl, { subtree: true, attributes: true, attributeFilter: ["class"] });
}

function tools(yasgui: Yasgui, site: Site, place: HTMLElement): HTMLElement {
  const tab = (): Tab | undefined => yasgui.getTab();
  const query = (): string => tab()?.getQuery() ?? "";
  const share = button(_("Copy link"), () => void copied(share, linkTo(site, query(), chosenView(place))));
  const run = runButton(yasgui, tab);
  return element(
    "div",
    { class: "query-tools", role: "toolbar", "aria-label": _("Query") },
    run,
    share,
    button(_("Code"), () => showCode(site.endpoint, query(), makesGraph(tab()))),
    download(site, tab),
    button(_("Format"), () => tab()?.getYasqe().autoformat()),
    button(_("Keys"), showKeys),
    newTab(yasgui),
  );
}

/** Runs the query of the open tab; stops it while it runs. */
function runButton(yasgui: Yasgui, tab: () => Tab | undefined): HTMLButtonElement {
  let running: Tab | undefined;
  const run = button(_("Run"), () => {
    if (running) running.getYasqe().abortQuery();
    else void tab()?.query().catch(() => undefined);
  });
  const say = (now: Tab | undefined): void => {
    running = now;
    run.textContent = running ? _("Stop") : _("Run");
  };
  run.className = "run";
  yasgui.on("query", (_yasgui: Yasgui, asked: Tab) => {
    View.asked = asked.getQuery();
    say(asked);
  });
  yasgui.on("queryResponse", (_yasgui: Yasgui, answered: Tab) => {
    say(undefined);
    if (makesGraph(answered)) answered.getYasr().selectPlugin("graph");
  });
  yasgui.on("queryAbort", () => say(undefined));
  return run;
}

/** In place of YASGUI's own button, which repeats the query and stands in the list of tabs. */
function newTab(yasgui: Yasgui): HTMLElement {
  yasgui.rootEl.querySelector(".addTab")?.remove();
  const add = button(_("New query"), () => {
    yasgui.addTab(true, { name: _("Query"), yasqe: { value: BLANK } } as never);
  });
  add.className = "add-query";
  return add;
}

/** What a link keeps of the answer: that it is drawn as a chart, and of which columns. */
function chosenView(place: HTMLElement): string {
  const chart = [...place.querySelectorAll<HTMLElement>(".yasr_btn.select_chart.selected")].some((each) => each.offsetParent);
  return chart ? `&${new URLSearchParams({ view: "chart", ...JSON.parse(JSON.stringify(View.axes)) }).toString()}` : "";
}

function linkTo(site: Site, query: string, view: string): string {
  return `${site.page}#query=${encodeURIComponent(query)}${view}`;
}

function makesGraph(tab: Tab | undefined): boolean {
  return ["CONSTRUCT", "DESCRIBE"].includes(tab?.getYasqe().getQueryType() ?? "");
}

function download(site: Site, tab: () => Tab | undefined): HTMLElement {
  const choice = element("select", { "aria-label": _("Download the whole answer as") });
  const fill = (): void => {
    const formats = makesGraph(tab()) ? GRAPHS : TABLES;
    const options = formats.map(([name, type]) => element("option", { value: type }, name));
    choice.replaceChildren(element("option", { value: "" }, _("Download as …")), ...options);
  };
  fill();
  choice.addEventListener("focus", fill);
  choice.addEventListener("pointerdown", fill);
  choice.addEventListener("change", () => {
    const [option, type] = [choice.selectedOptions[0], choice.value];
    if (type) void save(site, tab()?.getQuery() ?? "", type, SUFFIX[option?.text ?? ""] ?? "txt");
    choice.value = "";
  });
  return choice;
}

async function save(site: Site, query: string, type: string, suffix: string): Promise<void> {
  const body = new URLSearchParams({ query });
  const response = await fetch(site.endpoint, { method: "POST", headers: { Accept: type }, body });
  const address = URL.createObjectURL(await response.blob());
  const link = element("a", { href: address, download: response.ok ? `hsgraph-answer.${suffix}` : "problem.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

interface Problem {
  title?: string;
  detail?: string;
  remedy?: string;
  line?: number;
  column?: number;
}

/** A problem document (RFC 9457) as words: what is wrong, where, and what to do. */
async function explain(error: { text: string; status?: number }): Promise<HTMLElement | undefined> {
  if (!error.status && !error.text?.startsWith("{")) return problem(_("The server did not answer."), [_("Try again; if it stays so, the server or the way to it is down.")]);
  try {
    const told = JSON.parse(error.text) as Problem;
    if (!told.title) return undefined;
    const remedy = told.remedy ?? advice(View.asked, told.line, told.column);
    const lines = [told.detail, remedy].filter((line): line is string => Boolean(line));
    return problem(_(told.title), lines, "en");
  } catch {
    return undefined;
  }
}

function problem(title: string, lines: string[], lang = LANGUAGE): HTMLElement {
  return element("div", { class: "query-problem", role: "alert" }, element("strong", {}, title), ...lines.map((line) => element("p", { lang }, line)));
}
