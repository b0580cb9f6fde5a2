// The shape of our own views of answers, as YASR's plugins.

import type { Yasr } from "./answer";
import { drawn } from "./dom";
import type { Site, Vocabulary } from "./page";

export abstract class View {
  static site: Site;
  static vocabulary: Vocabulary;
  /** The query that was run last. */
  static asked = "";
  /** The columns that the reader has chosen to draw: what names the bars, and what measures them. */
  static axes: { by?: string; of?: string } = {};
  abstract priority: number;
  abstract label: string;
  hideFromSelection = false;

  constructor(protected yasr: Yasr) {}

  abstract canHandleResults(): boolean;
  abstract draw(): void | Promise<void>;

  getIcon(): Element {
    return drawn("svg", { "aria-hidden": "true" });
  }

  protected get site(): Site {
    return View.site;
  }

  protected get vocabulary(): Vocabulary {
    return View.vocabulary;
  }
}
