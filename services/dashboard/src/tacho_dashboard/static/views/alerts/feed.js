/** The live feed: the newest alerts in a table, newest first. */
import { badge, el, keyed } from "../../dom.js";
import { dateTime, iso, model, time } from "../../format.js";
import { measured } from "../../wording.js";

/** A table with room for rows; `caption` is read with it. */
export function createFeed(caption) {
  const body = el("tbody");
  const heads = ["When", "What", "Car", "Value"].map((head) => el("th", { scope: "col", text: head, class: head === "Value" ? "number" : null }));
  const table = el("table", { class: "feed" }, el("caption", { class: "visually-hidden", text: caption }), el("thead", {}, el("tr", {}, heads)), body);
  // A region that scrolls by itself must be reachable by keyboard.
  return { node: el("div", { class: "table-frame feed-frame", tabindex: 0, role: "region", "aria-label": caption }, table), body };
}

/** Fills the feed; an alert never changes, so its row is made once. */
export function drawFeed(body, alerts, store) {
  keyed(body, alerts, (alert) => alert.alert_id, (alert) => createRow(alert, store), () => {});
}

function createRow(alert, store) {
  const car = store.cars.get(alert.car_id);
  const when = el("time", { datetime: iso(alert.event_time), title: dateTime(alert.event_time), text: time(alert.event_time) });
  const under = (text, tone = "muted") => el("span", { class: `feed-under ${tone}`, text });
  return el(
    "tr",
    {},
    el("td", { class: "nowrap" }, when, alert.late && under("came late")),
    el("td", {}, badge(alert.severity), under(alert.rule, "")),
    el("td", {}, el("a", { class: "nowrap", href: `#/car/${alert.car_id}`, text: alert.car_id }), car && under(model(car.profile))),
    el("td", { class: "number" }, measured(store.rules, alert.rule, alert.observed), under(`limit ${measured(store.rules, alert.rule, alert.limit)}`)),
  );
}
