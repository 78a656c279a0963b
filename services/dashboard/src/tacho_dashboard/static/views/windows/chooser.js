/** Choosing a window: a row of buttons, newest first, each with a bar of its alerts; the running one says how far it is. */
import { el, keyed, setAttribute, setText } from "../../dom.js";
import { compact, dateTime, integer, minute, percent } from "../../format.js";
import { progress } from "./reading.js";

/** A chooser that calls `choose(start)`. */
export function createChooser(choose) {
  const strip = el("ol", { class: "window-strip" });
  const create = (period) => {
    const parts = {
      bar: el("span", { class: "window-bar", "aria-hidden": "true" }),
      from: el("span", { class: "window-from" }),
      state: el("span", { class: "muted window-state" }),
    };
    const button = el("button", { type: "button", class: "window-choice", on: { click: () => choose(period.start) } }, parts.bar, parts.from, parts.state);
    const item = el("li", {}, button);
    item.tacho = { ...parts, button };
    return item;
  };
  return {
    node: el("nav", { "aria-label": "Windows, newest first" }, strip),
    draw(list, chosen, eventTime) {
      const most = Math.max(1, ...list.map((period) => period.fleet?.alerts ?? 0));
      keyed(strip, list, (period) => period.start, create, (item, period) => fill(item.tacho, period, chosen, eventTime, most));
    },
  };
}

function fill(parts, period, chosen, eventTime, most) {
  const done = progress(period, eventTime);
  const alerts = period.fleet?.alerts;
  parts.bar.style.setProperty("--share", (alerts ?? 0) / most);
  setText(parts.from, minute(period.start));
  setText(parts.state, done < 1 ? `running, ${percent(Math.floor(done * 100) / 100)}` : `${compact(alerts)} alerts`);
  setAttribute(parts.button, "aria-current", period.start === chosen ? "true" : null);
  setAttribute(parts.button, "title", `${dateTime(period.start)} to ${minute(period.end)}, ${integer(alerts)} alerts`);
  setAttribute(parts.button, "data-running", done < 1);
}
