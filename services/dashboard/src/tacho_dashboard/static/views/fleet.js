/** Every car at a glance: a tile each, those that need attention first. */

import { el, empty, setText } from "../dom.js";
import { integer } from "../format.js";
import { replaceQuery } from "../routes.js";
import { Controls } from "./fleet/controls.js";
import { Grid } from "./fleet/grid.js";
import { arrange, choices, filterOf, queryOf } from "./fleet/order.js";
import { startPalette } from "./fleet/spark.js";

// Tiles that jump with every frame cannot be read, and none may move under the pointer or the keyboard.
const REORDER_MS = 2000;
const HOLD_MS = 4000;

class Fleet {
  constructor(root, store, { query, from }) {
    this.store = store;
    this.filter = filterOf(query);
    this.cameFrom = from?.view === "car" ? Number(from.id) : null;
    this.arrangedAt = 0;
    this.touchedAt = -HOLD_MS;
    this.grid = new Grid(store);
    this.controls = new Controls(this.filter, (part) => this.choose(part));
    this.nothing = el("div");
    this.summary = el("p", { class: "muted", "aria-live": "polite" });
    root.append(
      el("div", { class: "view-head" }, el("h1", { text: "Fleet" }), this.summary),
      this.controls.node,
      this.grid.node,
      this.nothing,
    );
    for (const event of ["pointermove", "pointerdown", "wheel"]) {
      this.grid.node.addEventListener(event, () => (this.touchedAt = performance.now()), { passive: true });
    }
    this.grid.start();
    this.endPalette = startPalette(() => this.grid.redrawAll());
    this.offer();
    this.arrange();
  }

  update(changes) {
    if (changes.whole || changes.keys.has("profiles")) this.offer();
    if (changes.whole || changes.keys.has("rules")) this.grid.limit = speedLimit(this.store.rules);
    if (changes.whole || this.mayReorder()) this.arrange();
    if (changes.whole) this.grid.redrawAll();
    else this.grid.redraw(changes.cars);
  }

  mayReorder() {
    const now = performance.now();
    return now - this.arrangedAt > REORDER_MS && now - this.touchedAt > HOLD_MS && !this.grid.holdsFocus;
  }

  offer() {
    this.grid.limit = speedLimit(this.store.rules);
    this.controls.offer(choices(this.store.cars.values()), this.filter);
  }

  choose(part) {
    this.filter = { ...this.filter, ...part };
    replaceQuery(queryOf(this.filter));
    this.controls.show(this.filter);
    this.arrange();
  }

  arrange() {
    this.arrangedAt = performance.now();
    const { ids, counts } = arrange(this.store.cars.values(), this.filter);
    this.controls.count(counts);
    this.grid.order(ids);
    const total = this.store.cars.size;
    setText(this.summary, total && ids.length !== total ? `${integer(ids.length)} of ${integer(total)} cars` : "");
    this.nothing.replaceChildren(...(ids.length ? [] : [this.why()]));
  }

  /** Why there is no tile. */
  why() {
    if (!this.store.loaded) return empty("Waiting for the fleet", "The first snapshot has not come yet.");
    if (!this.store.cars.size) return empty("No car has been heard", "Tiles appear with the first enriched sample. The pipeline view shows which service is at work.");
    return empty("No car matches", "Take a filter away or choose “all”.");
  }

  /** Who comes back from a car finds its tile, and the keyboard on it. */
  takeFocus() {
    return this.cameFrom !== null && this.grid.focus(this.cameFrom);
  }

  unmount() {
    this.grid.stop();
    this.endPalette();
  }
}

/** The lowest level in km/h at which a rule on speed fires, or null. */
function speedLimit(rules) {
  const levels = rules.filter((rule) => rule.field === "speed").map((rule) => rule.enter ?? rule.limit);
  const known = levels.filter((level) => typeof level === "number");
  return known.length ? Math.min(...known) : null;
}

export default {
  title: "Fleet",
  mount: (root, store, params) => new Fleet(root, store, params),
};
