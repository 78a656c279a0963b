/** Where a play-back is: the moment shown, a bar over the range, and where to look. */
import { el, setAttribute, setText } from "../../dom.js";
import { dateTime, duration, iso, present, time } from "../../format.js";

const VIEWS = [
  ["#/fleet", "Fleet"],
  ["#/alerts", "Alerts"],
  ["#/windows", "Windows"],
  ["#/pipeline", "Pipeline"],
];
const STATES = {
  connecting: "Opening…",
  open: "Playing",
  lost: "The stream broke off; trying again",
  paused: "Paused",
  ended: "Ended: the page stands at the last moment of the range",
};

export function createPosition(stop) {
  const state = el("span", { class: "muted", role: "status" });
  const at = el("time", { class: "playback-at" });
  const bar = el("progress", { max: 1, "aria-label": "How much of the range has been shown" });
  const [first, last, rest] = [el("span"), el("span"), el("span")];
  const links = VIEWS.map(([href, text]) => el("a", { class: "button", href, text }));
  const node = el(
    "section",
    { class: "panel playback-position", hidden: true, "data-testid": "position" },
    el("div", { class: "panel-head" }, el("h2", { text: "You see the past" }), state),
    at,
    bar,
    el("p", { class: "muted playback-ends" }, first, rest, last),
    el("div", { class: "toolbar" }, el("button", { type: "button", class: "button primary", text: "Stop, back to live", on: { click: stop } }), links),
  );
  return {
    node,
    /** `wish`: {from, to, speed} that is played; `moment`: ms that is shown, or null before the first frame. */
    draw(status, wish, moment) {
      setAttribute(node, "hidden", status.mode !== "playback" || status.state === "refused");
      if (status.mode !== "playback" || !wish) return;
      const shown = status.state === "ended" ? wish.to : Math.min(wish.to, Math.max(wish.from, moment ?? wish.from));
      setText(state, `${STATES[status.state] ?? ""}, ×${wish.speed}`);
      setText(at, dateTime(present(moment) ? shown : null));
      setAttribute(at, "datetime", iso(shown));
      bar.value = (shown - wish.from) / (wish.to - wish.from);
      setText(first, time(wish.from));
      setText(rest, status.state === "open" ? `${duration((wish.to - shown) / wish.speed)} to go` : "");
      setText(last, time(wish.to));
    },
  };
}
