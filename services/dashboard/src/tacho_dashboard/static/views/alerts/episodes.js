/** Rows of episodes: what happened, to whom, for how long by the fleet's own clock, and who has seen it. */
import { badge, command, el, keyed, setAttribute, setText } from "../../dom.js";
import { dateTime, duration, integer, iso, model, time } from "../../format.js";
import { paint, swatch } from "../../swatch.js";
import { ackCommand, measured, rankOf } from "../../wording.js";

/** Worst first; of equals what nobody has acknowledged, then what has lasted longest. */
export function byUrgency(one, other) {
  return (
    rankOf(one.severity) - rankOf(other.severity) ||
    Number(Boolean(one.ack)) - Number(Boolean(other.ack)) ||
    one.opened_at - other.opened_at
  );
}

/** The newest end first. */
export function byEnd(one, other) {
  return (other.closed_at ?? 0) - (one.closed_at ?? 0);
}

export function isOpen(episode) {
  return episode.state !== "CLOSED";
}

/** Fills a list with a row for each episode; `now` is the newest event time (ms). */
export function drawEpisodes(list, episodes, now, rules) {
  keyed(list, episodes, (episode) => episode.episode_id, createRow, (row, episode) => fill(row, episode, now, rules));
}

/** Moves the durations of what is open on, and touches nothing else. */
export function tick(list, now) {
  for (const { tacho: parts } of list.children) if (isOpen(parts.episode)) setText(parts.lasted, lasted(parts.episode, now));
}

/** How long it has lasted, in event time; what is open lasts until now. */
export function lasted(episode, now) {
  return duration((episode.closed_at ?? Math.max(now ?? 0, episode.last_seen_at)) - episode.opened_at);
}

function createRow(episode) {
  const parts = {
    severity: el("span", { class: "episode-severity" }),
    car: el("a", { class: "episode-car" }),
    model: el("span"),
    swatch: swatch(null),
    lasted: el("strong", { class: "episode-figure" }),
    when: el("time", { class: "muted" }),
    peak: el("span", { class: "episode-figure" }),
    limit: el("span", { class: "muted" }),
    samples: el("span", { class: "muted" }),
    ack: el("span", { class: "episode-ack" }),
  };
  const row = el(
    "li",
    { class: "episode" },
    el("div", { class: "episode-what" }, parts.severity, el("span", { class: "episode-rule", text: episode.rule })),
    el("div", { class: "episode-who" }, parts.car, el("span", { class: "muted episode-model" }, parts.model, parts.swatch)),
    el("div", { class: "episode-cell" }, parts.lasted, parts.when),
    el("div", { class: "episode-cell" }, parts.peak, parts.limit, parts.samples),
    el("div", { class: "episode-seen" }, parts.ack),
  );
  row.tacho = parts;
  return row;
}

function fill(row, episode, now, rules) {
  const parts = row.tacho;
  parts.episode = episode;
  if (parts.severity.dataset.severity !== episode.severity) {
    parts.severity.dataset.severity = episode.severity;
    parts.severity.replaceChildren(badge(episode.severity));
    setAttribute(row, "data-severity", episode.severity);
  }
  setText(parts.car, `Car ${episode.car_id}`);
  setAttribute(parts.car, "href", `#/car/${episode.car_id}`);
  setText(parts.model, model(episode));
  paint(parts.swatch, episode.color);
  setText(parts.lasted, lasted(episode, now));
  setText(parts.when, isOpen(episode) ? `since ${time(episode.opened_at)}` : `until ${time(episode.closed_at)}, ${episode.close_reason}`);
  setAttribute(parts.when, "datetime", iso(episode.closed_at ?? episode.opened_at));
  setAttribute(parts.when, "title", `opened ${dateTime(episode.opened_at)}`);
  setText(parts.peak, measured(rules, episode.rule, episode.peak));
  setText(parts.limit, `limit ${measured(rules, episode.rule, episode.limit)}`);
  setText(parts.samples, samples(episode));
  fillAck(parts, episode);
}

function samples(episode) {
  const late = episode.late_samples ? `, ${integer(episode.late_samples)} late` : "";
  return `${integer(episode.samples)} ${episode.samples === 1 ? "sample" : "samples"}${late}`;
}

/** Who has seen it; else the command to say so, made once so that a focused button stays. */
function fillAck(parts, episode) {
  const state = episode.ack ? `${episode.ack.at} ${episode.ack.by} ${episode.ack.note}` : "none";
  if (parts.ackState === state) return;
  parts.ackState = state;
  parts.ack.replaceChildren(episode.ack ? seen(episode.ack) : unseen(episode));
}

function seen(ack) {
  const when = el("time", { datetime: iso(ack.at), title: dateTime(ack.at), text: time(ack.at) });
  const tick = el("span", { "aria-hidden": "true", text: "✓ " });
  const who = el("span", { class: "episode-acked" }, tick, "Acknowledged by ", el("strong", { text: ack.by }), " at ", when);
  return el("span", {}, who, ack.note && el("span", { class: "episode-note", text: `“${ack.note}”` }));
}

function unseen(episode) {
  const line = command(ackCommand(episode.episode_id));
  setAttribute(line.querySelector("button"), "aria-label", `Copy the command that acknowledges ${episode.rule} of car ${episode.car_id}`);
  return el("span", { class: "episode-unseen" }, el("span", { class: "muted", text: "Not acknowledged" }), line);
}
