// The small windows of the editor: code to copy, and the keys.

import { button, element } from "./dom";
import { snippets } from "./snippets";
import { _ } from "./words";

const KEYS: [string, string][] = [
  ["Ctrl / Cmd + Enter", _("run the query")],
  ["Ctrl + Space", _("complete a class, property or concept: type part of its name first")],
  ["Ctrl + /", _("turn lines into comments, and back")],
  ["Ctrl + Shift + F", _("format the query")],
  ["Ctrl + Shift + D", _("repeat the line")],
  ["Ctrl + Shift + K", _("delete the line")],
  ["Ctrl + Z, Ctrl + Y", _("undo, redo")],
  ["Esc", _("leave the editor, so that Tab moves on")],
];

export function showKeys(): void {
  const list = element("dl", { class: "keys" });
  for (const [keys, what] of KEYS) {
    list.append(element("div", {}, element("dt", {}, element("kbd", {}, keys)), element("dd", {}, what)));
  }
  open(_("Keys in the editor"), list);
}

export function showCode(endpoint: string, query: string, graph: boolean): void {
  const parts = snippets(endpoint, query, graph).map(({ name, code }) => {
    const copy = button(_("Copy"), () => void copied(copy, code));
    return element("section", {}, element("h3", {}, name, " ", copy), element("pre", { tabindex: 0 }, code));
  });
  open(_("Ask this from a program"), element("div", {}, ...parts));
}

/** Put text on the clipboard and say so on the button that was pressed. */
export async function copied(pressed: HTMLButtonElement, text: string): Promise<void> {
  const label = pressed.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    pressed.textContent = _("Copied");
  } catch {
    open(_("Copy this"), element("textarea", { rows: 6, readonly: "", "aria-label": _("Text to copy") }, text));
    return;
  }
  setTimeout(() => (pressed.textContent = label), 1500);
}

function open(title: string, content: HTMLElement): void {
  const dialog = element("dialog", { class: "query-dialog", "aria-label": title });
  const close = button(_("Close"), () => dialog.close());
  dialog.append(element("header", {}, element("h2", {}, title), close), content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
