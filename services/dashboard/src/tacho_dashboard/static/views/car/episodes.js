/** The episodes of one car, open ones first, each with what to run to acknowledge it. */

import { badge, command, el, empty, keyed, setClass, setText } from "../../dom.js";
import { age, dateTime, iso, time } from "../../format.js";
import { ackCommand, measured } from "../../wording.js";

export class Episodes {
  constructor() {
    this.list = el("ol", { class: "car-episodes" });
    this.count = el("span", { class: "muted" });
    this.none = empty("No episode", "None of this car is open or was kept.");
    this.node = el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "Episodes" }), this.count), this.list, this.none);
  }

  /** Shows these; `now` is event time in ms, up to which an open one lasts; `rules` tell what each rule measures. */
  show(episodes, now, rules) {
    const ordered = [...episodes].sort((one, other) => isOpen(other) - isOpen(one) || other.opened_at - one.opened_at);
    const open = ordered.filter(isOpen).length;
    setText(this.count, ordered.length ? `${open} open, ${ordered.length - open} closed` : "");
    this.none.hidden = ordered.length > 0;
    keyed(this.list, ordered, keyOf, create, (node, episode) => fill(node, episode, now, rules));
  }
}

// A new severity or an acknowledgement changes what an entry consists of: then it is made anew.
function keyOf(episode) {
  return JSON.stringify([episode.episode_id, episode.severity, episode.ack?.at ?? null]);
}

function isOpen(episode) {
  return episode.state !== "CLOSED";
}

function create(episode) {
  const part = { state: el("span"), facts: el("p", { class: "muted" }), peak: el("p") };
  const node = el(
    "li",
    { class: "car-episode" },
    el("p", { class: "car-episode-head" }, el("strong", { text: episode.rule }), badge(episode.severity), part.state),
    part.peak,
    part.facts,
    acknowledged(episode),
  );
  node.tachoParts = part;
  return node;
}

function acknowledged({ ack, episode_id: id }) {
  if (!ack) return command(ackCommand(id));
  const note = ack.note ? `: “${ack.note}”` : "";
  return el("p", { title: iso(ack.at), text: `Acknowledged ${time(ack.at)} by ${ack.by}${note}` });
}

function fill(node, episode, now, rules) {
  const { state, facts, peak } = node.tachoParts;
  const open = isOpen(episode);
  const end = episode.closed_at ?? episode.last_seen_at;
  setText(state, `${open ? "open for" : "lasted"} ${age((open ? Math.max(now ?? 0, end) : end) - episode.opened_at)}`);
  setClass(state, open ? "car-episode-open" : "muted");
  const [worst, limit] = [episode.peak, episode.limit].map((value) => (value === null ? null : measured(rules, episode.rule, value)));
  setText(peak, worst === null ? "" : `Peak ${worst}${limit === null ? "" : `, limit ${limit}`}`);
  setText(facts, `${dateTime(episode.opened_at)} · ${episode.samples} ${episode.samples === 1 ? "sample" : "samples"}${episode.late_samples ? `, ${episode.late_samples} late` : ""}`);
}
