/** Windows: choose one of the last 15-minute windows; its totals, and its figures by colour and by model. */
import { el, empty, setAttribute, setText } from "../dom.js";
import { dateTime, duration, minute, percent } from "../format.js";
import { replaceQuery } from "../routes.js";
import { createChooser } from "./windows/chooser.js";
import { createGroups, createRules } from "./windows/groups.js";
import { periods, progress, rowsOf } from "./windows/reading.js";
import { createTotals } from "./windows/totals.js";

const DIMENSIONS = [
  { dimension: "color", word: "Colour", plural: "colours" },
  { dimension: "model", word: "Model", plural: "models" },
];

export default { title: "Windows", mount };

function mount(root, store, { query }) {
  // Null follows the newest window: a page that is left open shows the one that runs.
  let chosen = Number(query.get("start")) || null;
  const chooser = createChooser((start) => {
    chosen = start === periods(store.windows)[0]?.start ? null : start;
    replaceQuery(new URLSearchParams(chosen ? { start: chosen } : {}));
    draw();
  });
  const heading = headingOf();
  const totals = createTotals();
  const groups = DIMENSIONS.map(groupPanel);
  const body = el("div", { class: "windows-body" }, el("section", { class: "panel" }, heading.node, totals.node), groups.map((one) => one.node));
  const nothing = el("div", { class: "panel" });
  root.append(el("div", { class: "view-head" }, el("h1", { text: "Windows" })), nothing, chooser.node, body);

  function draw() {
    const list = periods(store.windows);
    const period = list.find((one) => one.start === chosen) ?? list[0];
    setAttribute(nothing, "hidden", Boolean(period));
    for (const node of [chooser.node, body]) setAttribute(node, "hidden", !period);
    if (!period) return sayNothing(nothing, store.loaded);
    chooser.draw(list, period.start, store.clock.event_time);
    heading.draw(period, store.clock.event_time);
    totals.draw(period.fleet);
    for (const one of groups) one.draw(rowsOf(store.windows, period.start, one.dimension));
  }
  function tick() {
    const list = periods(store.windows);
    const period = list.find((one) => one.start === chosen) ?? list[0];
    if (!period) return;
    chooser.draw(list, period.start, store.clock.event_time);
    heading.draw(period, store.clock.event_time);
  }
  draw();
  return {
    update(changes) {
      if (changes.whole || changes.keys.has("windows")) draw();
      else if (changes.keys.has("clock")) tick();
    },
  };
}

function sayNothing(node, loaded) {
  const [heading, sentence] = loaded
    ? ["No window yet", "The enricher writes the first figures of a window some seconds after its first sample."]
    : ["Waiting for the first word", "The page has not heard from its server yet; this takes a second or two."];
  if (node.dataset.said !== heading) node.replaceChildren(empty(heading, sentence));
  node.dataset.said = heading;
}

/** When the window was, and how far it is while it runs. */
function headingOf() {
  const title = el("h2");
  const state = el("span", { class: "muted" });
  const bar = el("progress", { max: 1, "aria-label": "How much of the window has passed" });
  return {
    node: el("div", { class: "panel-head window-head" }, title, el("div", { class: "window-progress" }, state, bar)),
    draw(period, eventTime) {
      const done = progress(period, eventTime);
      setText(title, `${dateTime(period.start).replace(/:\d\d$/, "")} to ${minute(period.end)}`);
      setText(state, done < 1 ? `running: ${percent(Math.floor(done * 100) / 100)}, ${duration(period.end - eventTime)} to go` : "over; late alerts may still be counted");
      setAttribute(bar, "hidden", done >= 1);
      bar.value = done;
    },
  };
}

function groupPanel({ dimension, word, plural }) {
  const figures = createGroups(word, dimension);
  const rules = createRules(word);
  const matrix = el("div", { class: "group-rules" }, el("h3", { text: "Alerts by rule" }), rules.node);
  const none = el("p", { class: "muted", text: `No figures by ${word.toLowerCase()} for this window yet.` });
  const head = el("div", { class: "panel-head" }, el("h2", { text: `By ${word.toLowerCase()}` }), el("span", { class: "muted group-count" }));
  return {
    dimension,
    node: el("section", { class: "panel group" }, head, figures.node, matrix, none),
    draw(rows) {
      setText(head.lastChild, `${rows.length} ${plural}`);
      for (const node of [figures.node, matrix]) setAttribute(node, "hidden", rows.length === 0);
      setAttribute(none, "hidden", rows.length > 0);
      figures.draw(rows);
      rules.draw(rows);
    },
  };
}
