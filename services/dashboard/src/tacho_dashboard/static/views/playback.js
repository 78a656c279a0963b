/** Play back: choose a range of the log and a speed; the whole page then shows the past, until it is sent back to live. */
import { el, setAttribute, setText } from "../dom.js";
import { dateTime, present } from "../format.js";
import { connection } from "../page.js";
import { createForm } from "./playback/form.js";
import { createPosition } from "./playback/position.js";
import { retained } from "./playback/range.js";

const FIRST_PRESET_MINUTES = 15;

export default { title: "Play back", mount };

function mount(root, store, { query }) {
  let range = null;
  const kept = el("p", { class: "muted", text: "Asking what the log holds…" });
  const wrong = el("p", { class: "playback-wrong", role: "alert", hidden: true });
  const again = el("button", { type: "button", class: "button small", text: "Ask again", hidden: true, on: { click: () => ask() } });
  const position = createPosition(() => connection.live());
  const form = createForm(query, { preset, start: ({ from, to, speed }) => connection.play(from, to, speed), refuse: say });
  const chooser = el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "What to play back" })), el("div", { class: "toolbar playback-kept" }, kept, again), form.node, wrong);
  root.append(el("div", { class: "view-head" }, el("h1", { text: "Play back" })), position.node, chooser);

  /** Learns what the log holds; the reason why it cannot be known takes its place. */
  async function ask() {
    setAttribute(again, "hidden", true);
    try {
      range = await retained();
      form.know(range);
      setText(kept, keptSentence(range));
    } catch (error) {
      setText(kept, error.message);
      setAttribute(again, "hidden", false);
    }
  }
  /** The last minutes before the newest record, which may be long ago. */
  async function preset(minutes) {
    await ask();
    if (!present(range?.last)) return;
    say("");
    form.set(Math.max(range.first, range.last - minutes * 60_000), range.last, minutes);
  }
  function say(sentence) {
    setAttribute(wrong, "hidden", !sentence);
    setText(wrong, sentence);
  }
  function show(status) {
    position.draw(status, wishOf(connection.query), store.clock.playback?.at ?? null);
    form.again(status.mode === "playback" && status.state !== "refused");
  }
  const off = connection.on((status) => {
    say(status.state === "refused" ? status.sentence : "");
    show(status);
  });
  show(connection.status);
  if (connection.status.state === "refused") say(connection.status.sentence);
  if (form.chosen()) ask();
  else preset(FIRST_PRESET_MINUTES);
  return { update: () => show(connection.status), unmount: off };
}

/** The range and speed that are played, from the stream's own query; null when the page is live. */
function wishOf(played) {
  if (!played) return null;
  return { from: Number(played.get("from")), to: Number(played.get("to")), speed: Number(played.get("speed")) };
}

function keptSentence({ first, last }) {
  if (!present(first)) return "The log holds nothing yet, so there is nothing to play back.";
  return `The log holds ${dateTime(first)} to ${dateTime(last)}.`;
}
