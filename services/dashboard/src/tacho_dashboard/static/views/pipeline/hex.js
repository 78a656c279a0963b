/** Bytes side by side as hex and as printable text, as `xxd` shows them. */
import { el } from "../../dom.js";

const WIDE_PX = 620; // 16 bytes a line need some 75 characters; a phone has room for 8

/** A block of lines "offset  hex  text" of the bytes written as `hex`; anything that does not print is a dot. */
export function dump(hex, name, width) {
  const perLine = width >= WIDE_PX ? 16 : 8;
  return el("pre", { class: "dump", tabindex: 0, role: "group", "aria-label": `${name}: bytes as hex and as text`, text: lines(hex, perLine).join("\n") });
}

export function lines(hex, perLine) {
  const all = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const made = [];
  for (let at = 0; at < all.length; at += perLine) {
    const row = all.slice(at, at + perLine);
    const offset = at.toString(16).padStart(4, "0");
    made.push(`${offset}  ${row.join(" ").padEnd(perLine * 3 - 1)}  ${row.map(printable).join("")}`);
  }
  return made;
}

function printable(pair) {
  const code = Number.parseInt(pair, 16);
  return code >= 32 && code < 127 ? String.fromCharCode(code) : ".";
}
