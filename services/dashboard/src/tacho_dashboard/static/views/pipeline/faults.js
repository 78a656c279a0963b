/** Which faults are injected on purpose: loud while one is, a quiet line otherwise. */
import { el, keyed, mark, setAttribute, setText } from "../../dom.js";
import { dateTime, percent, present } from "../../format.js";

const MOST_ROWS = 20;
const MEANING = new Map([
  ["late", "some samples are held back for two to three minutes"],
  ["duplicate", "some samples are sent twice"],
  ["out-of-order", "some samples are sent behind the next one of their car"],
  ["poison", "records that no reader can use are sent between samples"],
  ["silent-car", "some cars send nothing"],
  ["burst", "all samples are held back, and sent at once every 20 s"],
  ["clock-skew", "some cars' clocks are minutes ahead or behind"],
]);

export function createFaults() {
  const title = el("h2");
  const list = el("ul", { class: "fault-list" });
  const quiet = el("p", { class: "muted", text: "No fault is switched on: what you see is the pipeline undisturbed." });
  const loud = el("section", { class: "panel faults-on", "data-testid": "faults" }, el("div", { class: "panel-head" }, title), list);
  return {
    node: el("div", { role: "status" }, loud, quiet),
    draw(faults) {
      const on = faults.filter((fault) => fault.on);
      setAttribute(loud, "hidden", on.length === 0);
      setAttribute(quiet, "hidden", on.length > 0);
      setText(title, on.length === 1 ? "A fault is injected on purpose" : `${on.length} faults are injected on purpose`);
      keyed(list, on.slice(0, MOST_ROWS), (fault) => fault.name, createItem, (item, fault) => setText(item.lastChild, details(fault)));
    },
  };
}

function createItem(fault) {
  const name = el("span", { class: "fault-name tone-warning" }, mark("warning"), el("strong", { text: fault.name }));
  return el("li", {}, name, el("span", { text: MEANING.get(fault.name) ?? "" }), el("span", { class: "muted" }));
}

function details(fault) {
  const whom = present(fault.car_id) ? `car ${fault.car_id} only` : present(fault.share) ? `share ${percent(fault.share)}` : "";
  return [`since ${dateTime(fault.at)}`, `by ${fault.by || "unknown"}`, whom].filter(Boolean).join(", ");
}
