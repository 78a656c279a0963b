/** The colour of a car, shown: a dot beside the word. Only the known words paint; any other stays a word with an empty dot. */
import { el, setText } from "./dom.js";

const PAINT = new Map([
  ["black", "#17191c"],
  ["red", "#cc2b2b"],
  ["gray", "#8b9199"],
  ["white", "#ffffff"],
  ["green", "#2f8f4e"],
  ["blue", "#2f66cf"],
  ["pink", "#ee82b4"],
]);

/** A dot and the colour's word; "unknown colour" without one. */
export function swatch(color) {
  const node = el("span", { class: "swatch-word" }, el("span", { class: "swatch", "aria-hidden": "true" }), el("span"));
  paint(node, color);
  return node;
}

/** Gives a node made by `swatch` another colour. */
export function paint(node, color) {
  const known = PAINT.get(String(color ?? "").toLowerCase());
  if (known) node.firstChild.style.setProperty("--swatch", known);
  else node.firstChild.style.removeProperty("--swatch");
  setText(node.lastChild, color ?? "unknown colour");
}
