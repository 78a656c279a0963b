/** Choosing what to play back: presets or two moments, and a speed. */
import { el, setAttribute, setClass, setText } from "../../dom.js";
import { duration } from "../../format.js";
import { fromField, objection, toField } from "./range.js";

const PRESETS_MINUTES = [5, 15, 60];
const SPEEDS = [
  { value: 1, word: "×1", note: "as it was" },
  { value: 10, word: "×10", note: "a minute in 6 s" },
  { value: 60, word: "×60", note: "a minute a second" },
  { value: 300, word: "×300", note: "an hour in 12 s" },
];

/**
 * A form that starts as the address asks (`?from=ms&to=ms&speed=60`). `preset(minutes)` is asked for a range; `start({from,
 * to, speed})` gets a sound wish; `refuse(sentence)` what is wrong with another.
 */
export function createForm(query, { preset, start, refuse }) {
  const from = el("input", { class: "field", type: "datetime-local", step: 1, name: "from" });
  const to = el("input", { class: "field", type: "datetime-local", step: 1, name: "to" });
  const presets = PRESETS_MINUTES.map((minutes) => el("button", { type: "button", class: "button", text: `Last ${minutes} min`, "aria-pressed": "false", on: { click: () => preset(minutes) } }));
  const speeds = speedChoice(Number(query.get("speed")) || 10);
  const takes = el("p", { class: "muted playback-takes", role: "status" });
  const go = el("button", { type: "submit", class: "button primary", text: "Start" });
  const form = el(
    "form",
    { class: "playback-form" },
    el("fieldset", {}, el("legend", { text: "Range" }), el("div", { class: "toolbar" }, presets), el("div", { class: "toolbar" }, labelled("From (your time zone)", from), labelled("To", to))),
    speeds.node,
    el("div", { class: "toolbar playback-go" }, go, takes),
  );
  let range = null;

  const wish = () => ({ from: fromField(from.value), to: fromField(to.value), speed: speeds.value() });
  function reckon() {
    const { from: begin, to: end, speed } = wish();
    setText(takes, end > begin ? `${duration(end - begin)}, shown in about ${duration((end - begin) / speed)}` : "");
  }
  function set(begin, end, minutes) {
    from.value = toField(begin);
    to.value = toField(end);
    presets.forEach((button, place) => setAttribute(button, "aria-pressed", String(PRESETS_MINUTES[place] === minutes)));
    reckon();
  }
  /** While something plays, the button to start another steps back behind the one that stops. */
  function again(playing) {
    setText(go, playing ? "Start again with this" : "Start");
    setClass(go, playing ? "button" : "button primary");
  }
  form.addEventListener("input", ({ target }) => {
    if (target === from || target === to) for (const button of presets) setAttribute(button, "aria-pressed", "false");
    reckon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = objection(wish(), range);
    if (wrong) refuse(wrong);
    else start(wish());
  });
  set(Number(query.get("from")) || null, Number(query.get("to")) || null, null);
  return { node: form, set, chosen: () => Boolean(from.value && to.value), know: (kept) => (range = kept), again };
}

function labelled(name, field) {
  return el("label", { class: "labelled" }, name, field);
}

function speedChoice(initial) {
  const chosen = SPEEDS.some(({ value }) => value === initial) ? initial : 10;
  const inputs = SPEEDS.map(({ value }) => el("input", { type: "radio", name: "speed", value, checked: value === chosen }));
  const choices = SPEEDS.map(({ word, note }, place) => el("label", { class: "speed-choice" }, inputs[place], el("strong", { text: word }), el("span", { class: "muted", text: note })));
  return {
    node: el("fieldset", {}, el("legend", { text: "Speed" }), el("div", { class: "speed-choices" }, choices)),
    value: () => Number(inputs.find((input) => input.checked).value),
  };
}
