// What YASGUI leaves without a name, a state or a way out, mended as it draws.

import type Yasgui from "@zazuko/yasgui";
import { _ } from "./words";

/** YASGUI's own words, which it has in English alone. */
const OWN: Record<string, string> = {
  "Show all": _("Show all"),
  "Download result": _("Download result"),
  True: _("True"),
  False: _("False"),
  "cannot render result": _("The answer cannot be shown."),
  "Press CTRL - <spacebar> to autocomplete": _("Ctrl + Space completes."),
  "Nothing to autocomplete yet!": _("Nothing to complete here yet."),
  "Failed fetching suggestions": _("The suggestions could not be fetched."),
};
const SPOKEN = ".yasr_response_chip, .overlay_btn, .overlay_btn span, .booleanResult span, .yasr_results, .yasr_fallback_info p, .notification";

/** What YASGUI says, in the language of the page. */
function said(text: string): string {
  if (text.startsWith("Could not render results")) return _("The answer has nothing for the view that was chosen; it is shown in another.");
  const chip = /^(?:(\d+) results?|Response)?(?: in ([\d.]+) seconds?)?$/.exec(text);
  if (!chip?.[0]) return OWN[text] ?? text;
  const parts = [chip[1] && _("Results: {1}", Number(chip[1])), chip[2] && _("Answered in {1} s", Number(chip[2]))];
  return parts.filter(Boolean).join(" · ");
}

/** Give names, states and words to what YASGUI leaves without, now and as it draws more. */
export function complete(yasgui: Yasgui): void {
  const mend = (): void => {
    for (const input of yasgui.rootEl.querySelectorAll(".CodeMirror textarea:not([aria-label])")) {
      input.setAttribute("aria-label", _("SPARQL query. Escape leaves the editor."));
    }
    for (const editor of yasgui.rootEl.querySelectorAll<Editor>(".yasqe .CodeMirror:not([data-passable])")) passable(editor);
    for (const scrolled of yasgui.rootEl.querySelectorAll('.CodeMirror-scroll[tabindex="-1"]')) {
      scrolled.setAttribute("tabindex", "0");
      scrolled.setAttribute("role", "group");
      scrolled.setAttribute("aria-label", _("Query"));
    }
    for (const rename of yasgui.rootEl.querySelectorAll(".tab input:not([aria-label])")) {
      rename.setAttribute("aria-label", _("Name of the tab"));
    }
    for (const twice of yasgui.rootEl.querySelectorAll("#yasr_plugin_control, [id='']")) twice.removeAttribute("id");
    yasgui.rootEl.querySelector(".CodeMirror-hints:not([aria-label])")?.setAttribute("aria-label", _("Completions"));
    for (const results of yasgui.rootEl.querySelectorAll<HTMLElement>(".yasr_results:not([data-empty])")) {
      results.dataset.empty = _("The answer comes here when the query has run.");
    }
    for (const each of yasgui.rootEl.querySelectorAll<HTMLElement>(SPOKEN)) {
      const words = each.firstElementChild && !each.matches(".yasr_fallback_info p") ? "" : (each.textContent ?? "");
      if (words && said(words) !== words) each.textContent = said(words);
      each.title = OWN[each.title] ?? each.title;
    }
    for (const view of yasgui.rootEl.querySelectorAll(".yasr_btnGroup .yasr_btn")) {
      const chosen = String(view.classList.contains("selected"));
      view.removeAttribute("aria-label");
      if (view.getAttribute("aria-pressed") !== chosen) view.setAttribute("aria-pressed", chosen);
    }
  };
  mend();
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] };
  new MutationObserver(mend).observe(yasgui.rootEl, changes);
}

interface Editor extends HTMLElement {
  CodeMirror: {
    getOption(name: "extraKeys"): Record<string, unknown>;
    setOption(name: "extraKeys", keys: Record<string, unknown>): void;
    on(event: string, act: () => void): void;
  };
}

/** Let Tab pass through an editor that it only came by; once something is typed, Tab indents. */
function passable(editor: Editor): void {
  const code = editor.CodeMirror;
  const keys = code.getOption("extraKeys");
  editor.dataset.passable = "yes";
  const pass = (): void => code.setOption("extraKeys", { ...keys, Tab: false, "Shift-Tab": false });
  const indent = (): void => code.setOption("extraKeys", keys);
  pass();
  code.on("focus", pass);
  for (const event of ["inputRead", "mousedown"]) code.on(event, indent);
}
