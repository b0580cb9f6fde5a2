// What YASGUI leaves without a name, a state or a way out, mended as it draws.

import type Yasgui from "@zazuko/yasgui";
import { _ } from "./words";

/** Give names and states to what YASGUI leaves without, now and as it draws more. */
export function complete(yasgui: Yasgui): void {
  const mend = (): void => {
    for (const input of yasgui.rootEl.querySelectorAll(".CodeMirror textarea:not([aria-label])")) {
      input.setAttribute("aria-label", _("SPARQL query. Escape leaves the editor."));
    }
    for (const editor of yasgui.rootEl.querySelectorAll<Editor>(".yasqe .CodeMirror:not([data-passable])")) passable(editor);
    for (const rename of yasgui.rootEl.querySelectorAll(".tab input:not([aria-label])")) {
      rename.setAttribute("aria-label", _("Name of the tab"));
    }
    yasgui.rootEl.querySelector(".CodeMirror-hints:not([aria-label])")?.setAttribute("aria-label", _("Completions"));
    for (const view of yasgui.rootEl.querySelectorAll(".yasr_btnGroup .yasr_btn")) {
      const chosen = String(view.classList.contains("selected"));
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
