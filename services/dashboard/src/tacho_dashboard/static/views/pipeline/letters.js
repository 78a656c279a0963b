/** Dead letters: how many by reason, and the newest with their original bytes, which stay bytes and text. */
import { el, keyed, setAttribute, setText } from "../../dom.js";
import { bytes, dateTime, integer, iso, percent, time } from "../../format.js";
import { dump } from "./hex.js";

const MOST_REASONS = 50;
const SHOWN_FIRST = 12;
const SHOWN_MOST = 50;

export function createLetters() {
  const total = el("span", { class: "muted" });
  const reasons = el("ul", { class: "letter-reasons" });
  const latest = el("ul", { class: "letters" });
  const note = el("h3", { text: "The newest" });
  const more = el("button", { type: "button", class: "button small" });
  let newest = { latest: [] };
  let shown = SHOWN_FIRST;
  more.addEventListener("click", () => {
    shown = shown === SHOWN_FIRST ? SHOWN_MOST : SHOWN_FIRST;
    list(newest);
  });
  function list(letters) {
    newest = letters;
    keyed(latest, letters.latest.slice(-shown).reverse(), positionOf, createLetter, () => {});
    setAttribute(more, "hidden", letters.latest.length <= SHOWN_FIRST);
    setText(more, shown === SHOWN_FIRST ? `Show the newest ${Math.min(SHOWN_MOST, letters.latest.length)}` : "Show fewer");
  }
  const none = el("p", { class: "muted", text: "None: every record could be used so far." });
  return {
    node: el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "Dead letters" }), total), none, reasons, note, latest, more),
    draw(letters) {
      setText(total, `${integer(letters.total)} since the dashboard began to read`);
      setAttribute(none, "hidden", letters.total > 0);
      setAttribute(note, "hidden", letters.latest.length === 0);
      drawReasons(reasons, letters);
      list(letters);
    },
  };
}

function positionOf(letter) {
  return `${letter.source_topic} ${letter.source_partition} ${letter.source_offset} ${letter.service}`;
}

function drawReasons(list, letters) {
  const counts = Object.entries(letters.by_reason).sort((one, other) => other[1] - one[1]).slice(0, MOST_REASONS);
  const most = Math.max(1, ...counts.map(([, count]) => count));
  const create = ([reason]) => el("li", {}, el("span", { text: reason }), el("span", { class: "letter-bar", "aria-hidden": "true" }), el("span", { class: "number" }));
  keyed(list, counts, ([reason]) => reason, create, (item, [, count]) => {
    item.children[1].style.setProperty("--share", count / most);
    setText(item.lastChild, `${integer(count)} (${percent(count / Math.max(1, letters.total))})`);
  });
}

/** One letter, closed; its bytes are laid out only when it is opened. */
function createLetter(letter) {
  const when = el("time", { datetime: iso(letter.source_timestamp), title: dateTime(letter.source_timestamp), text: time(letter.source_timestamp) });
  const place = el("code", { text: `${letter.source_topic} ${letter.source_partition}@${letter.source_offset}` });
  const summary = el("summary", {}, when, el("strong", { text: letter.reason }), el("span", { class: "letter-detail", text: letter.detail }), place);
  const box = el("details", { class: "letter" }, summary);
  box.addEventListener("toggle", () => box.open && box.childElementCount === 1 && box.append(contents(letter, box.clientWidth)));
  return el("li", {}, box);
}

function contents(letter, width) {
  const fact = (name, value) => el("div", {}, el("dt", { text: name }), el("dd", { text: value }));
  const facts = el(
    "dl",
    { class: "letter-facts" },
    fact("What was wrong", letter.detail),
    fact("Where it came from", `topic ${letter.source_topic}, partition ${letter.source_partition}, offset ${letter.source_offset}`),
    fact("Written", dateTime(letter.source_timestamp)),
    fact("Found by", letter.service),
  );
  const shown = (letter.value_hex ?? "").length / 2;
  const cut = shown < letter.value_size ? `, the first ${integer(shown)} of them` : "";
  return el(
    "div",
    { class: "letter-body" },
    facts,
    block("Key", letter.key_hex, "The record had no key.", "", width),
    block("Value", letter.value_hex, "The record had no value.", letter.value_hex === null ? "" : `${bytes(letter.value_size)}${cut}`, width),
  );
}

function block(name, hex, absent, size, width) {
  const head = el("h4", {}, name, size && el("span", { class: "muted", text: ` ${size}` }));
  if (hex === null) return el("div", {}, head, el("p", { class: "muted", text: absent }));
  if (hex === "") return el("div", {}, head, el("p", { class: "muted", text: "It has no bytes." }));
  return el("div", {}, head, dump(hex, name, width));
}
