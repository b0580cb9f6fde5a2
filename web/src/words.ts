// The words of scripts in the language of the page, which brings them along where it is not English.

const brought = document.getElementById("words")?.textContent;
const words: Record<string, string> = brought ? JSON.parse(brought) : {};

/** The language that numbers and dates are written in. */
export const LANGUAGE = document.documentElement.lang || "en";

/** A text in the language of the page, with what stands for `{1}`, `{2}` … in it. */
export function _(text: string, ...values: (string | number)[]): string {
  return (words[text] ?? text).replace(/\{(\d)\}/g, (_place, number) => figure(values[Number(number) - 1] ?? ""));
}

/** A number as the language of the page writes it; a text as it is. */
export function figure(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString(LANGUAGE) : value;
}
