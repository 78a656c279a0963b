/** A car of the fleet as a tile: a link to the car that reads as one sentence. */

import { counters } from "../../diagnostics.js";
import { el, setAttribute, setClass, setText } from "../../dom.js";
import { gear, integer, model } from "../../format.js";
import { paint, swatch } from "../../swatch.js";
import { drawSpark } from "./spark.js";

/** The nodes of a tile for no car yet. */
export function createTile() {
  const part = {
    model: el("strong", { class: "tile-model" }),
    mark: el("span", { "aria-hidden": "true" }),
    state: el("span"),
    number: el("span", { class: "tile-number" }),
    speed: el("b"),
    canvas: el("canvas", { "aria-hidden": "true" }),
    rpm: el("span"),
    gear: el("span"),
    expected: el("span", { class: "tile-expected" }),
    color: swatch(null),
    driver: el("span"),
  };
  part.badge = el("span", { class: "badge" }, part.mark, part.state);
  part.link = el(
    "a",
    { class: "tile", tabindex: "-1" },
    part.model,
    el("span", { class: "tile-row" }, part.badge, part.number),
    el("span", { class: "tile-row tile-main" }, el("span", { class: "tile-speed" }, part.speed, " km/h"), part.canvas),
    el("span", { class: "tile-row" }, part.rpm, el("span", {}, part.gear, part.expected)),
    el("span", { class: "tile-row tile-who" }, part.color, el("span", { class: "tile-driver" }, el("span", { text: "driver " }), part.driver)),
  );
  const node = el("div", { role: "listitem" }, part.link);
  node.tachoTile = part;
  return node;
}

/** Fills a tile with a car as it is now. `limit`: km/h to draw on the spark line, or null. */
export function drawTile(node, car, limit) {
  counters.redrawnTiles += 1;
  const part = node.tachoTile;
  setAttribute(part.link, "href", `#/car/${car.id}`);
  setClass(part.link, `tile tile-${car.state}`);
  setText(part.model, model(car.profile));
  setClass(part.mark, `mark mark-${car.state}`);
  setClass(part.badge, `badge tone-${car.state}`);
  setText(part.state, car.state);
  setText(part.number, car.id);
  setText(part.speed, integer(car.speed));
  setText(part.rpm, `${integer(car.rpm)} rpm`);
  drawGear(part, car);
  paint(part.color, car.profile.color);
  setText(part.driver, car.profile.driver_id ?? "unknown");
  drawSpark(part.canvas, car.spark, limit, car.state === "silent");
}

/** The gear, with the expected one where it is another; marked where it is outside the gears that do no harm. */
function drawGear({ gear: driven, expected }, car) {
  const differs = car.expected_gear !== null && car.expected_gear !== car.gear;
  setText(driven, `gear ${gear(car.gear)}`);
  setText(expected, differs ? ` (exp. ${gear(car.expected_gear)})` : "");
  setClass(driven, outsideBand(car) ? "tile-gear tone-warning" : "tile-gear");
}

/** True where the car drives in a gear outside gear_low..gear_high; neutral is none. */
export function outsideBand({ gear: now, gear_low: low, gear_high: high }) {
  if (now === 0 || low === null || high === null) return false;
  return now < low || now > high;
}
