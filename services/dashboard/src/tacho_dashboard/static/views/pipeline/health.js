/** How a service is, by its own word or its silence; worst first. */
import { badge } from "../../dom.js";
import { age, time } from "../../format.js";

/** An instance that has been silent for so long was taken away: it is listed apart and counts no more. */
const GONE_MS = 3_600_000;
const RANKS = ["silent", "not-ready", "ready"];

/** "silent", "not-ready", "ready" or "gone". `now`: the server's ms. */
export function healthOf(status, now) {
  if (status.silent_since !== null) return now - status.silent_since > GONE_MS ? "gone" : "silent";
  return status.ready ? "ready" : "not-ready";
}

/** The worst of some instances; "unheard" if there is none. */
export function worst(statuses, now) {
  const healths = statuses.map((status) => healthOf(status, now));
  return RANKS.find((rank) => healths.includes(rank)) ?? "unheard";
}

/** "ready", the reason why not, or "no word since 12:03:07 (42 s)". */
export function sentence(status, now) {
  if (status.silent_since !== null) return `no word since ${time(status.silent_since)} (${age(now - status.silent_since)})`;
  return status.ready ? "ready" : status.reason || "not ready, without a reason";
}

/** A mark and a word for a health; the word may be longer than its name. */
export function healthBadge(health, word) {
  const marks = { ready: "ready", "not-ready": "critical", silent: "silent", gone: "idle", unheard: "idle" };
  const words = { ready: "ready", "not-ready": "not ready", silent: "no word", gone: "gone", unheard: "no word yet" };
  return badge(marks[health], word ?? words[health]);
}
