/** What the whole fleet did in a window: figures, who reached the maxima, and alerts by rule. */
import { el, keyed, setAttribute, setText } from "../../dom.js";
import { decimal, gear, integer, iso, percent, time } from "../../format.js";

const MAXIMA = [
  { name: "Highest speed", key: "max_speed", unit: "km/h", said: decimal },
  { name: "Highest engine speed", key: "max_rpm", unit: "rpm", said: integer },
  { name: "Highest gear", key: "max_gear", unit: "", said: gear },
];

/** The figures of a window, and a list of bars for its alerts by rule. */
export function createTotals() {
  const plain = { samples: figure("Samples"), late: figure("Late samples"), mean: figure("Mean speed", "km/h"), alerts: figure("Alerts") };
  const maxima = MAXIMA.map((one) => ({ ...one, ...figure(one.name, one.unit, holder()) }));
  const bars = el("ul", { class: "rule-bars" });
  const rules = el("div", { class: "totals-rules" }, el("h3", { text: "Alerts by rule" }), bars);
  const list = el("dl", { class: "figures" }, Object.values(plain).map((one) => one.node), maxima.map((one) => one.node));
  return {
    node: el("div", { class: "totals" }, list, rules),
    draw(row) {
      setText(plain.samples.value, integer(row?.samples));
      setText(plain.late.value, integer(row?.late));
      setText(plain.mean.value, decimal(row?.mean_speed));
      setText(plain.alerts.value, integer(row?.alerts));
      for (const one of maxima) drawMaximum(one, row);
      drawRules(bars, row);
      setAttribute(rules, "hidden", !bars.childElementCount);
    },
  };
}

function figure(name, unit, extra) {
  const value = el("span");
  const node = el("div", {}, el("dt", { text: name }), el("dd", {}, value, unit && " ", unit && el("small", { text: unit }), extra));
  return { node, value, holder: extra };
}

function holder() {
  return el("small", { class: "holder" }, el("a"), el("time"));
}

function drawMaximum(one, row) {
  const car = row?.[`${one.key}_car_id`];
  const at = row?.[`${one.key}_at`];
  const [link, when] = one.holder.children;
  setText(one.value, one.said(row?.[one.key]));
  setAttribute(one.holder, "hidden", car === null || car === undefined);
  setText(link, `car ${car}`);
  setAttribute(link, "href", `#/car/${car}`);
  setText(when, ` at ${time(at)}`);
  setAttribute(when, "datetime", iso(at));
}

function drawRules(bars, row) {
  const rules = Object.entries(row?.by_rule ?? {}).sort((one, other) => other[1] - one[1]).slice(0, 24);
  const most = Math.max(1, ...rules.map(([, count]) => count));
  const create = ([rule]) => el("li", {}, el("span", { class: "rule-name", text: rule }), el("span", { class: "share-bar", "aria-hidden": "true" }), el("span", { class: "rule-count" }));
  keyed(bars, rules, ([rule]) => rule, create, (item, [, count]) => {
    item.children[1].style.setProperty("--share", count / most);
    setText(item.lastChild, `${integer(count)} (${percent(count / Math.max(1, row.alerts))})`);
  });
}
