/** How fast alerts come and how old the data is: figures, or the reason why there are none. */
import { el, setAttribute, setText } from "../../dom.js";
import { age, decimal, integer, present, time } from "../../format.js";

const STALE_MS = 10_000;

export function createTiming() {
  const latency = latencyFigures();
  const ages = ageFigures();
  return {
    node: el("div", { class: "timing" }, latency.node, ages.node),
    draw(store) {
      latency.draw(store.latency);
      ages.draw(store.clock);
    },
  };
}

function latencyFigures() {
  const [middle, high, count] = [figure("Half within (p50)"), figure("99 % within (p99)"), figure("Alerts measured")];
  const list = el("dl", { class: "figures" }, middle.node, high.node, count.node);
  const reason = el("p", { class: "timing-reason" });
  const note = el("p", { class: "muted timing-note", text: "From the sensor's event time to the alert's record, over the last 5 minutes." });
  return {
    node: el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "Latency, sensor to alert" })), list, reason, note),
    draw(latency) {
      const meaningful = Boolean(latency?.meaningful);
      setAttribute(list, "hidden", !meaningful);
      setAttribute(reason, "hidden", meaningful);
      setText(middle.value, milliseconds(latency?.p50_ms));
      setText(high.value, milliseconds(latency?.p99_ms));
      setText(count.value, integer(latency?.count));
      setText(reason, latency ? sentence(latency.reason) : "Not known yet.");
    },
  };
}

function ageFigures() {
  const [record, event, pace] = [figure("Newest sample written"), figure("Newest event time"), figure("Speed of time")];
  const list = el("dl", { class: "figures" }, record.node, event.node, pace.node);
  const word = el("p", { class: "timing-note" });
  return {
    node: el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "Age of the data" })), list, word),
    draw({ now, record_time: written, event_time: event_time, speed_up: speedUp, playback }) {
      const old = present(now) && present(written) ? Math.max(0, now - written) : null;
      const stale = !playback && old !== null && old > STALE_MS;
      setText(record.value, old === null ? "–" : `${age(old)} ago`);
      setText(event.value, present(event_time) ? time(event_time) : "–");
      setText(pace.value, present(speedUp) ? `×${speedUp < 10 ? decimal(speedUp) : integer(speedUp)}` : "–");
      setAttribute(word, "class", `timing-note ${stale ? "tone-critical" : "muted"}`);
      setText(word, ageSentence(old, stale, playback));
    },
  };
}

function ageSentence(old, stale, playback) {
  if (playback) return "You see the past, so its age says nothing about the pipeline.";
  if (old === null) return "No enriched sample has come yet.";
  if (stale) return "Samples have stopped coming: what the page shows is not the present.";
  return "By the server's clock and the record timestamp of the newest enriched sample.";
}

function figure(name) {
  const value = el("dd");
  return { node: el("div", {}, el("dt", { text: name }), value), value };
}

function milliseconds(value) {
  if (!present(value)) return "–";
  return value < 1000 ? `${value < 100 ? decimal(value) : integer(value)} ms` : `${decimal(value / 1000)} s`;
}

function sentence(reason) {
  const text = reason || "no figures";
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
