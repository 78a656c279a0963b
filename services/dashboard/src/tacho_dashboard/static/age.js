/** How old the data is, always to be seen: a badge in the header, and a notice when what is shown is not the present. */

import { setAttribute, setText } from "./dom.js";
import { age, dateTime, iso, time } from "./format.js";

// The fleet reports once a second; ten seconds without a sample is no hiccup.
const STALE_MS = 10_000;

/** Keeps the badge, the notice and the pause button true, on every frame and every second without one. */
export function startAge(store, connection) {
  const nodes = Object.fromEntries(
    ["age", "age-text", "notice", "notice-text", "notice-action", "pause"].map((id) => [id, document.getElementById(id)]),
  );
  // The ages are reckoned on the server's clock, carried on by ours: a laptop's clock that is wrong makes no data old.
  let heard = null;
  const show = () => render(nodes, reckon(store, connection.status, heard), connection);
  store.on(() => {
    heard = performance.now();
    show();
  });
  connection.on(show);
  setInterval(show, 1000);
  nodes["notice-action"].addEventListener("click", () => connection.live());
  show();
}

/** {state, text, notice, age}: what badge and notice say. `heard`: performance.now() of the newest frame, or null. */
export function reckon(store, status, heard) {
  const { now, record_time: newest, playback } = store.clock;
  const elapsed = heard === null ? 0 : performance.now() - heard;
  const old = now === null || newest === null ? null : Math.max(0, now + elapsed - newest);
  if (status.mode === "playback") return playedBack(status, playback);
  if (status.state === "paused") return { state: "paused", text: `paused · ${age(old)} old`, notice: pausedNotice(status) };
  if (status.state === "lost") return { state: "lost", text: "no connection", notice: lostNotice(status, newest) };
  if (heard === null) return { state: "connecting", text: "connecting", notice: "" };
  if (old === null) return { state: "stale", text: "no sample yet", notice: "" };
  if (old > STALE_MS) return { state: "stale", text: `newest sample ${age(old)} old`, notice: staleNotice(newest) };
  return { state: "live", text: `live · ${age(old)} old`, notice: "" };
}

function playedBack(status, playback) {
  const words = { connecting: "opening play-back", lost: "no connection", paused: "play-back paused", refused: "play-back refused", ended: "play-back ended" };
  const speed = playback?.speed ? ` ×${playback.speed}` : "";
  const text = words[status.state] ?? `play-back${speed}`;
  if (status.state === "refused") return { state: "lost", text, notice: `The server refuses to play back: ${status.sentence}` };
  if (status.state === "lost") return { state: "lost", text, notice: `${status.sentence || "No connection to the dashboard."} Trying again.` };
  const range = playback ? `${dateTime(playback.at ?? playback.from)} of ${time(playback.from)} to ${time(playback.to)}${speed}` : "";
  const ended = status.state === "ended" ? "Play-back ended. " : "";
  return { state: "playback", text, notice: `${ended}You see the past${range ? `: ${range}` : ""}.` };
}

function pausedNotice(status) {
  return status.since ? `Paused. You see the fleet as it was at ${time(status.since)}.` : "Paused before anything came.";
}

/** Says a moment, not an age: the notice is read out when it changes, and an age changes every second. */
function lostNotice(status, newest) {
  const why = status.sentence || "No connection to the dashboard.";
  const seen = newest ? `What you see is of ${time(newest)}. ` : "";
  return `${why} ${seen}Trying again.`;
}

function staleNotice(newest) {
  return `No new sample since ${time(newest)}. What you see is not the present.`;
}

function render(nodes, told, connection) {
  setAttribute(nodes.age, "data-state", told.state);
  setText(nodes["age-text"], told.text);
  setAttribute(nodes.age, "title", connection.status.since ? `Newest frame ${iso(connection.status.since)}` : null);
  nodes.notice.hidden = !told.notice;
  setAttribute(nodes.notice, "data-state", told.state);
  setAttribute(nodes.notice, "aria-live", connection.status.mode === "playback" ? "off" : null);
  setText(nodes["notice-text"], told.notice);
  nodes["notice-action"].hidden = connection.status.mode !== "playback";
  setText(nodes["notice-action"], "Back to live");
  setAttribute(document.body, "data-age", told.state);
  setText(nodes.pause, connection.paused ? "Go on" : "Pause");
}
