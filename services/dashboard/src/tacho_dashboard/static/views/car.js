/** One car: what it does now, the last minutes as charts with limits and alerts, and its episodes. */

import { badge, el, empty, setText } from "../dom.js";
import { model } from "../format.js";
import { connection } from "../page.js";
import { replaceQuery } from "../routes.js";
import { swatch } from "../swatch.js";
import { Charts } from "./car/charts.js";
import { Episodes } from "./car/episodes.js";
import { Figures } from "./car/figures.js";
import { History } from "./car/history.js";

const SPANS = [[300, "5 min"], [900, "15 min"]];
// After a pause the stream brings only the newest sample; what lies between is asked for again.
const MISSED_MS = 5000;

class Car {
  constructor(root, store, params) {
    this.root = root;
    this.store = store;
    this.id = Number(params.id);
    this.seconds = SPANS.some(([seconds]) => seconds === Number(params.query.get("seconds"))) ? Number(params.query.get("seconds")) : SPANS.at(-1)[0];
    this.stopped = new AbortController();
    this.alerts = new Map();
    this.told = new Map();
    this.heading = el("h1");
    this.who = el("p", { class: "car-who" });
    this.figures = new Figures();
    this.episodes = new Episodes();
    this.chartPanel = el("section", { class: "panel car-charts fades", "aria-label": "History" });
    root.append(
      el("div", { class: "view-head" }, el("a", { href: params.from?.view === "fleet" ? params.from.hash : "#/fleet", class: "car-back", text: "Fleet" }), this.heading, this.who),
      this.figures.node,
      el("div", { class: "car-body" }, this.chartPanel, this.episodes.node),
    );
    this.startCharts();
    this.show();
    this.load();
  }

  startCharts() {
    this.charts?.stop();
    this.history = new History(this.seconds * 1000);
    this.charts = new Charts(this.seconds * 1000, () => this.marks());
    this.message = el("div", { class: "car-message", role: "status" });
    const spans = SPANS.map(([seconds, words]) => el("button", { type: "button", class: "button small", "aria-pressed": String(seconds === this.seconds), text: words, on: { click: () => this.choose(seconds) } }));
    const head = el("div", { class: "panel-head" }, el("h2", { text: "History" }), el("div", { class: "car-spans", role: "group", "aria-label": "Time shown" }, spans));
    this.chartPanel.replaceChildren(head, this.message, this.charts.node);
  }

  choose(seconds) {
    this.seconds = seconds;
    replaceQuery(new URLSearchParams({ seconds }));
    this.startCharts();
    this.load();
  }

  /** Asks for the past; a play-back has its own past, which the page has only from its own frames. */
  async load() {
    this.heardAt = performance.now();
    if (connection.status.mode === "playback") return;
    const { history, seconds } = this;
    setText(this.message, history.newest === null ? "Loading the history…" : "");
    try {
      const answer = await fetch(`api/v1/cars/${this.id}/history?seconds=${seconds}`, { signal: this.stopped.signal });
      const body = await answer.json();
      if (history !== this.history) return;
      if (answer.ok) this.take(body);
      else this.fail(body.error ?? `The server answered ${answer.status}.`);
    } catch (error) {
      if (error.name !== "AbortError" && history === this.history) this.fail("The history could not be loaded.");
    }
  }

  take(answer) {
    setText(this.message, "");
    this.history.load(answer);
    for (const alert of answer.alerts ?? []) this.alerts.set(alert.alert_id, alert);
    for (const episode of answer.episodes ?? []) this.told.set(episode.episode_id, episode);
    this.charts.show(this.history.columns);
    this.show();
  }

  fail(sentence) {
    const again = el("button", { type: "button", class: "button small", text: "Try again", on: { click: () => this.load() } });
    this.message.replaceChildren(el("p", { text: sentence }), again);
  }

  update(changes) {
    const missed = performance.now() - this.heardAt > MISSED_MS;
    this.heardAt = performance.now();
    if (changes.whole) this.restart();
    else if (missed) this.load();
    const car = this.store.cars.get(this.id);
    const drawn = car && (changes.whole || changes.cars.has(this.id)) && this.history.append(car);
    if (changes.keys.has("alerts")) for (const alert of this.store.alerts) if (alert.car_id === this.id) this.alerts.set(alert.alert_id, alert);
    if (drawn) this.charts.show(this.history.columns);
    else if (changes.keys.has("alerts") || changes.keys.has("rules")) this.charts.redraw();
    this.show();
  }

  /** Another stream began: nothing of the old one is of this car's story. */
  restart() {
    this.alerts.clear();
    this.told.clear();
    this.history.clear();
    this.load();
  }

  show() {
    const car = this.store.cars.get(this.id);
    this.figures.node.hidden = !car;
    this.charts.node.hidden = !car && this.history.newest === null;
    setText(this.heading, car ? model(car.profile) : `Car ${this.id}`);
    this.showWho(car);
    this.figures.show(car, this.store.clock);
    const kept = new Map(this.told);
    for (const [id, episode] of this.store.episodes) if (episode.car_id === this.id) kept.set(id, episode);
    this.episodes.show(kept.values(), this.store.clock.event_time, this.store.rules);
  }

  showWho(car) {
    const told = JSON.stringify([car?.state, car?.profile, this.store.loaded]);
    if (told === this.whoTold) return;
    this.whoTold = told;
    if (!car) return setText(this.who, this.store.loaded ? "Not heard since the dashboard started reading." : "Waiting for the first snapshot.");
    const { profile } = car;
    this.who.replaceChildren(badge(car.state), el("span", { text: `car ${car.id}` }), swatch(profile.color), el("span", { text: profile.driver_id === null ? "no driver" : `driver ${profile.driver_id}` }));
  }

  /** Levels and alerts by the chart they belong to; what is about neither (braking) is drawn on the speed. */
  marks() {
    const limits = { speed: [], rpm: [], gear: [] };
    const fields = new Map();
    for (const rule of this.store.rules) {
      const level = rule.enter ?? rule.limit;
      fields.set(rule.id, rule.field);
      if (rule.field in limits && typeof level === "number") limits[rule.field].push({ id: rule.id, severity: rule.severity, level });
    }
    const alerts = { speed: [], rpm: [], gear: [] };
    for (const alert of this.alerts.values()) (alerts[fields.get(alert.rule)] ?? alerts.speed).push(alert);
    return { limits, alerts };
  }

  unmount() {
    this.stopped.abort();
    this.charts.stop();
  }
}

export default {
  title: "Car",
  mount(root, store, params) {
    if (/^\d{1,15}$/.test(params.id ?? "")) return new Car(root, store, params);
    root.append(empty("No such car", "A car's address ends with its number, such as #/car/1000001."));
    return null;
  },
};
