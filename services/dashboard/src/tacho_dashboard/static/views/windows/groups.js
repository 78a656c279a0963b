/** The tables of a window: its figures by colour or by model, and the alerts of each group by rule. */
import { el, keyed, setAttribute, setText } from "../../dom.js";
import { decimal, gear, integer } from "../../format.js";
import { paint, swatch } from "../../swatch.js";
import { rulesIn } from "./reading.js";

const MOST_ROWS = 100; // colours and models are some ten each; what comes over the wire has no bound
const MOST_RULES = 12;
const MAXIMA = ["max_speed", "max_rpm", "max_gear"];
const SAID = { max_speed: decimal, max_rpm: integer, max_gear: gear };
const HEADS = ["Samples", "Late", "Mean km/h", "Max km/h", "Max rpm", "Max gear", "Alerts"];

/** The table of one dimension; `word` heads its first column ("Colour", "Model"). */
export function createGroups(word, dimension) {
  const body = el("tbody");
  const heads = [word, ...HEADS].map((head, place) => el("th", { scope: "col", class: place ? "number" : null, text: head }));
  const caption = el("caption", { class: "visually-hidden", text: `Figures by ${word.toLowerCase()}, with the car that reached each maximum` });
  const table = el("table", { class: "groups" }, caption, el("thead", {}, el("tr", {}, heads)), body);
  return {
    node: frame(table, `Figures by ${word.toLowerCase()}`),
    draw(rows) {
      const shown = rows.slice(0, MOST_ROWS);
      const most = { samples: largest(shown, "samples"), alerts: largest(shown, "alerts") };
      keyed(body, shown, (row) => row.value, () => createRow(dimension), (node, row) => fillRow(node, row, most));
    },
  };
}

/** A matrix: a row for each group, a column for each rule that occurs, darker where there are more alerts. */
export function createRules(word) {
  const head = el("tr");
  const body = el("tbody");
  const table = el("table", { class: "matrix" }, el("caption", { class: "visually-hidden", text: `Alerts by ${word.toLowerCase()} and rule` }), el("thead", {}, head), body);
  return {
    node: frame(table, `Alerts by ${word.toLowerCase()} and rule`),
    draw(rows) {
      const rules = rulesIn(rows).slice(0, MOST_RULES);
      const most = Math.max(1, ...rows.flatMap((row) => rules.map((rule) => row.by_rule?.[rule] ?? 0)));
      keyed(head, [word, ...rules], (name) => name, (name) => el("th", { scope: "col", class: name === word ? null : "number", text: name }), () => {});
      keyed(body, rows.slice(0, MOST_ROWS), (row) => row.value, (row) => el("tr", {}, el("th", { scope: "row", text: row.value })), (node, row) => fillCounts(node, row, rules, most));
    },
  };
}

function frame(table, name) {
  return el("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": name }, table);
}

function largest(rows, key) {
  return Math.max(1, ...rows.map((row) => row[key] ?? 0));
}

function createRow(dimension) {
  const name = dimension === "color" ? swatch(null) : el("span");
  const parts = { name, samples: barred(), late: el("td", { class: "number" }), mean: el("td", { class: "number" }), alerts: barred() };
  for (const key of MAXIMA) parts[key] = el("td", { class: "number" }, el("span"), el("a", { class: "groups-car" }));
  const node = el("tr", {}, el("th", { scope: "row" }, name), parts.samples, parts.late, parts.mean, MAXIMA.map((key) => parts[key]), parts.alerts);
  node.tacho = parts;
  return node;
}

function barred() {
  return el("td", { class: "number" }, el("span"), el("span", { class: "share-bar", "aria-hidden": "true" }));
}

function fillRow(node, row, most) {
  const parts = node.tacho;
  if (row.dimension === "color") paint(parts.name, row.value);
  else setText(parts.name, row.value);
  for (const key of ["samples", "alerts"]) {
    setText(parts[key].firstChild, integer(row[key]));
    parts[key].lastChild.style.setProperty("--share", (row[key] ?? 0) / most[key]);
  }
  setText(parts.late, integer(row.late));
  setText(parts.mean, decimal(row.mean_speed));
  for (const key of MAXIMA) fillMaximum(parts[key], SAID[key](row[key]), row[`${key}_car_id`]);
}

function fillMaximum(cell, text, car) {
  const absent = car === null || car === undefined;
  setText(cell.firstChild, text);
  setText(cell.lastChild, absent ? "" : car);
  setAttribute(cell.lastChild, "href", absent ? null : `#/car/${car}`);
  setAttribute(cell.lastChild, "aria-label", absent ? null : `reached by car ${car}`);
}

function fillCounts(node, row, rules, most) {
  const cells = rules.map((rule) => ({ rule, count: row.by_rule?.[rule] ?? 0 }));
  const lead = node.firstChild;
  const create = () => el("td", { class: "number" });
  // The row's own heading stays in front: only the cells behind it follow the rules.
  while (node.childElementCount - 1 > cells.length) node.lastChild.remove();
  while (node.childElementCount - 1 < cells.length) node.append(create());
  let cell = lead.nextElementSibling;
  for (const { count } of cells) {
    setText(cell, count ? integer(count) : "·");
    cell.style.setProperty("--share", count / most);
    cell = cell.nextElementSibling;
  }
}
