/** Alerts: what is open now, worst first; then the feed of alerts as they come; then what is over. */
import { el, empty, setAttribute, setText } from "../dom.js";
import { integer } from "../format.js";
import { byEnd, byUrgency, drawEpisodes, isOpen, tick } from "./alerts/episodes.js";
import { createFeed, drawFeed } from "./alerts/feed.js";
import { createFilter } from "./alerts/filter.js";

/** How many rows of each list are in the page; the heading says when there are more. */
const SHOWN = { open: 30, alerts: 60, closed: 30 };

export default { title: "Alerts", mount };

function mount(root, store, { query }) {
  const filter = createFilter(query, () => draw());
  const open = panel("Open episodes", el("ul", { class: "episodes" }));
  const feed = createFeed("The newest alerts, newest first");
  const alerts = panel("Live feed", feed.node);
  const past = pastEpisodes(() => draw());
  const head = el("div", { class: "view-head" }, el("h1", { text: "Alerts" }));
  root.append(head, filter.node, el("div", { class: "alerts-lists" }, open.node, alerts.node), past.node);

  function draw() {
    const episodes = [...store.episodes.values()];
    const running = episodes.filter(isOpen);
    const over = episodes.filter((episode) => !isOpen(episode));
    filter.count(running, store.alerts);
    drawOpen(open, running.filter(filter.passes).sort(byUrgency), running.length, store);
    drawAlerts(alerts, feed.body, store.alerts.filter(filter.passes), store);
    past.draw(over.filter(filter.passes).sort(byEnd), store);
  }
  draw();
  return {
    update(changes) {
      if (changes.whole || ["episodes", "alerts", "rules"].some((key) => changes.keys.has(key))) draw();
      else if (changes.keys.has("clock")) tick(open.content, store.clock.event_time);
    },
  };
}

/** A heading with a count, a line that says what is left out, the content, and what is said when there is none. */
function panel(heading, content) {
  const count = el("span", { class: "muted panel-count" });
  const nothing = el("div", { hidden: true });
  const head = el("div", { class: "panel-head" }, el("h2", { text: heading }), count);
  return { node: el("section", { class: "panel" }, head, content, nothing), content, count, nothing };
}

function say(part, heading, sentence) {
  setAttribute(part.nothing, "hidden", heading === null);
  setAttribute(part.content, "hidden", heading !== null);
  if (heading !== null && part.nothing.dataset.said !== heading) part.nothing.replaceChildren(empty(heading, sentence));
  part.nothing.dataset.said = heading ?? "";
}

function drawOpen(part, episodes, all, store) {
  const shown = episodes.slice(0, SHOWN.open);
  setText(part.count, ofAll(shown.length, episodes.length, "the worst"));
  drawEpisodes(part.content, shown, store.clock.event_time, store.rules);
  if (shown.length > 0) say(part, null);
  else if (all > 0) say(part, "None of these is open", `${integer(all)} other episodes are: press “Show all” to see them.`);
  else if (!store.loaded) say(part, "Waiting for the first word", "The page has not heard from its server yet; this takes a second or two.");
  else if (store.clock.record_time === null) say(part, "No sample has come yet", "Episodes appear here by themselves once cars report.");
  else say(part, "No episode is open", "No car is breaking a rule right now. A new episode appears here by itself.");
}

function drawAlerts(part, body, alerts, store) {
  const shown = alerts.slice(-SHOWN.alerts).reverse();
  setText(part.count, ofAll(shown.length, alerts.length, "the newest"));
  drawFeed(body, shown, store);
  if (shown.length > 0) say(part, null);
  else if (store.alerts.length > 0) say(part, "No such alert in the feed", "Alerts of other kinds are there: press “Show all” to see them.");
  else say(part, "No alert yet", "The feed starts with the first sample that breaks a rule.");
}

function ofAll(shown, all, which) {
  return shown < all ? `${which} ${integer(shown)} of ${integer(all)}` : integer(all);
}

/** What is over, behind a heading that opens: its rows are in the page only while it is. */
function pastEpisodes(opened) {
  const list = el("ul", { class: "episodes" });
  const count = el("span", { class: "muted panel-count" });
  const box = el("details", { class: "panel past" }, el("summary", {}, el("h2", { text: "Closed episodes" }), count), list);
  box.addEventListener("toggle", opened);
  return {
    node: box,
    draw(episodes, store) {
      const shown = box.open ? episodes.slice(0, SHOWN.closed) : [];
      setText(count, box.open ? ofAll(shown.length, episodes.length, "the newest") : integer(episodes.length));
      drawEpisodes(list, shown, store.clock.event_time, store.rules);
      setAttribute(box, "hidden", episodes.length === 0);
    },
  };
}
