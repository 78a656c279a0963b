/** The pipeline as a flow of four stages, each by the words of its instances, with the topics between them. */
import { el, setAttribute, setText } from "../../dom.js";
import { compact, rate } from "../../format.js";
import { healthBadge, healthOf, worst } from "./health.js";

const STAGES = [
  { service: "producer", task: "sends each car's samples", topic: "sensors-sample" },
  // The other queries read beside the path of an alert: their rates are not added to it.
  { service: "enricher", task: "adds driver, model and gear", topic: "samples-enriched", main: "enrich" },
  { service: "alerter", task: "applies the rules", topic: "alert-data" },
  { service: "dashboard", task: "shows it here", topic: null },
];

export function createFlow() {
  const stages = STAGES.map(createStage);
  return {
    node: el("ol", { class: "flow" }, stages.map((stage) => stage.node)),
    draw(services, now) {
      for (const stage of stages) stage.draw(services.filter((status) => status.service === stage.service), now);
    },
  };
}

function createStage({ service, task, topic, main }) {
  const health = el("span", { class: "flow-health" });
  const pace = el("dd");
  const waiting = el("dd");
  const figures = el("dl", { class: "flow-figures" }, el("div", {}, el("dt", { text: "Rate" }), pace), el("div", {}, el("dt", { text: "Waiting" }), waiting));
  const card = el("div", { class: "flow-card" }, el("h3", { text: service }), el("p", { class: "muted", text: task }), health, figures);
  const arrow = topic && el("p", { class: "flow-arrow" }, el("span", { class: "visually-hidden", text: "writes " }), el("code", { text: topic }));
  let shown = null;
  return {
    service,
    node: el("li", { class: "flow-stage" }, card, arrow),
    draw(statuses, now) {
      const heard = statuses.filter((status) => healthOf(status, now) !== "gone");
      const onPath = main ? heard.filter((status) => status.instance === main) : heard;
      const state = `${worst(heard, now)} ${summary(heard, now)}`;
      if (state !== shown) health.replaceChildren(healthBadge(worst(heard, now), summary(heard, now)));
      shown = state;
      setAttribute(card, "data-health", worst(heard, now));
      setText(pace, rate(sum(onPath.filter((status) => status.silent_since === null), "rate")));
      setText(waiting, onPath.some(hasInput) ? compact(sum(onPath, "lag")) : "–");
    },
  };
}

export function hasInput(status) {
  return Object.keys(status.lag_by_partition ?? {}).length > 0 || status.lag > 0;
}

/** "ready", or how many of several are not: "1 of 3 no word". */
function summary(statuses, now) {
  const health = worst(statuses, now);
  const words = { ready: "ready", "not-ready": "not ready", silent: "no word", unheard: "no word yet" };
  const count = statuses.filter((status) => healthOf(status, now) === health).length;
  return count === statuses.length || count === 0 ? words[health] : `${count} of ${statuses.length} ${words[health]}`;
}

function sum(statuses, key) {
  return statuses.length ? statuses.reduce((total, status) => total + status[key], 0) : null;
}
