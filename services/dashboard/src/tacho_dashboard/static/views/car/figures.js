/** The newest values of one car, large. */

import { el, setClass, setText } from "../../dom.js";
import { age, gear, integer, time } from "../../format.js";
import { outsideBand } from "../fleet/tile.js";

const FIGURES = [["speed", "Speed", "km/h"], ["rpm", "Engine", "rpm"], ["gear", "Gear", ""], ["heard", "Newest sample", ""], ["alerts", "Alerts seen", ""]];
// Cars take turns within a second or two; only more than that is worth a word.
const BEHIND_MS = 5000;

export class Figures {
  constructor() {
    this.parts = Object.fromEntries(FIGURES.map(([name, , unit]) => [name, { value: el("span", { dataset: { testid: `now-${name}` } }), unit: el("small", { text: unit ? ` ${unit}` : "" }) }]));
    this.node = el("dl", { class: "figures panel car-figures fades" }, FIGURES.map(([name, words]) => el("div", {}, el("dt", { text: words }), el("dd", {}, this.parts[name].value, this.parts[name].unit))));
  }

  /** `car` may be unknown; `clock` is the newest frame's. */
  show(car, clock) {
    const { speed, rpm, gear: driven, heard, alerts } = this.parts;
    setText(speed.value, integer(car?.speed));
    setText(rpm.value, integer(car?.rpm));
    setText(driven.value, gear(car?.gear));
    setClass(driven.value, car && outsideBand(car) ? "tone-warning" : "");
    setText(driven.unit, car?.expected_gear === null || !car ? "" : ` expected ${gear(car.expected_gear)}`);
    setText(heard.value, time(car?.event_time));
    const behind = car && clock.event_time ? clock.event_time - car.event_time : 0;
    setText(heard.unit, behind > BEHIND_MS ? ` ${age(behind)} behind the fleet` : "");
    setText(alerts.value, integer(car?.alerts));
  }
}
