/** The table of instances: what each says of itself, in units people read. */
import { el, keyed, setAttribute, setText } from "../../dom.js";
import { bytes, compact, dateTime, integer, iso, rate } from "../../format.js";
import { hasInput } from "./flow.js";
import { healthBadge, healthOf, sentence } from "./health.js";

const ORDER = ["producer", "enricher", "alerter", "dashboard"];
const MOST_ROWS = 100;
const NUMBERS = ["Rate", "Waiting", "Handled", "Restarts", "State"];

export function createInstances() {
  const body = el("tbody");
  const heads = ["Service", "Health", ...NUMBERS, "Started", "Version"].map((head) => el("th", { scope: "col", class: NUMBERS.includes(head) ? "number" : null, text: head }));
  const caption = el("caption", { class: "visually-hidden", text: "Each instance by its own word, every 2 seconds" });
  const table = el("table", { class: "instances" }, caption, el("thead", {}, el("tr", {}, heads)), body);
  const more = el("p", { class: "muted instances-more", hidden: true });
  return {
    node: el("div", {}, el("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Instances" }, table), more),
    draw(services, now) {
      const heard = services.filter((status) => healthOf(status, now) !== "gone").sort(inOrder);
      keyed(body, heard.slice(0, MOST_ROWS), (status) => `${status.service}/${status.instance}`, createRow, (row, status) => fill(row, status, now));
      const gone = services.length - heard.length;
      setAttribute(more, "hidden", gone === 0 && heard.length <= MOST_ROWS);
      setText(more, [heard.length > MOST_ROWS && `${integer(heard.length - MOST_ROWS)} more are not shown.`, gone > 0 && `${integer(gone)} with no word for over an hour are left out.`].filter(Boolean).join(" "));
    },
  };
}

function inOrder(one, other) {
  const place = (status) => (ORDER.indexOf(status.service) + ORDER.length + 1) % (ORDER.length + 1);
  return place(one) - place(other) || one.service.localeCompare(other.service) || one.instance.localeCompare(other.instance);
}

function createRow(status) {
  const cell = () => el("td", { class: "number" });
  const parts = { health: el("td", { class: "instance-health" }), rate: cell(), lag: cell(), total: cell(), restarts: cell(), state: cell(), since: el("time", { class: "nowrap" }), version: el("td", { class: "muted" }) };
  const name = el("th", { scope: "row" }, el("span", { text: status.service }), status.instance !== status.service && el("span", { class: "muted instance-name", text: status.instance }));
  const row = el("tr", {}, name, parts.health, parts.rate, parts.lag, parts.total, parts.restarts, parts.state, el("td", {}, parts.since), parts.version);
  row.tacho = parts;
  return row;
}

function fill(row, status, now) {
  const parts = row.tacho;
  const health = healthOf(status, now);
  const said = sentence(status, now);
  if (parts.said !== health + said) parts.health.replaceChildren(healthBadge(health, said));
  parts.said = health + said;
  setAttribute(row, "data-health", health);
  setText(parts.rate, health === "silent" ? "–" : rate(status.rate));
  setText(parts.lag, hasInput(status) ? integer(status.lag) : "no input");
  setAttribute(parts.lag, "title", partitions(status.lag_by_partition));
  setText(parts.total, compact(status.total));
  setAttribute(parts.total, "title", `${integer(status.total)} since it started`);
  setText(parts.restarts, integer(status.restarts));
  setAttribute(parts.restarts, "data-some", status.restarts > 0);
  setText(parts.state, status.state_bytes ? bytes(status.state_bytes) : "none");
  setText(parts.since, dateTime(status.since));
  setAttribute(parts.since, "datetime", iso(status.since));
  setText(parts.version, status.version);
}

function partitions(lag) {
  const waiting = Object.entries(lag ?? {}).slice(0, 100).map(([partition, count]) => `partition ${partition}: ${integer(count)}`);
  return waiting.join("\n") || null;
}
