/** The shell: shows the view that the address names, draws it at most once an animation frame, and starts the stream. */

import { startAge } from "./age.js";
import { startAnnouncer } from "./announcer.js";
import { counters, publish } from "./diagnostics.js";
import { el, empty, setAttribute, setText } from "./dom.js";
import { connection, store } from "./page.js";
import { route } from "./routes.js";
import { merged } from "./store.js";
import { nextTheme, theme } from "./theme.js";

const main = document.getElementById("main");
let shown = null;
let mounting = 0;
let pending = null;
let wanted = false;

/**
 * Mounts the view of the address; a view that cannot be loaded says so and leaves the rest of the page alive. `from`: the
 * hash of the view that is left, null for the first.
 */
async function navigate(from) {
  const { view, ...params } = route(location.hash);
  const turn = ++mounting;
  const module = await load(view);
  if (turn !== mounting) return;
  unmount();
  const root = el("div", { class: `view view-${view ?? "none"}` });
  main.replaceChildren(root);
  setText(document.querySelector("title"), `${module.title} · tacho`);
  showPlace(view);
  try {
    shown = module.mount(root, store, { ...params, from: from === null ? null : { hash: from, ...route(from) } });
  } catch (error) {
    broken(root, error);
  }
  if (turn > 1 && !shown?.takeFocus?.()) focusHeading(root);
}

async function load(view) {
  if (!view) return { title: "Not found", mount: notFound };
  try {
    return (await import(`./views/${view}.js`)).default;
  } catch (error) {
    console.error(error);
    return { title: "Not loaded", mount: notLoaded };
  }
}

function notFound(root) {
  root.append(empty("No such view", "The address names no view of this page. Choose one above."));
  return null;
}

function notLoaded(root) {
  const again = el("button", { type: "button", class: "button", text: "Load the page again", on: { click: () => location.reload() } });
  root.append(empty("This view could not be loaded", "The dashboard may be restarting."), el("p", { class: "centred" }, again));
  return null;
}

function broken(root, error) {
  console.error(error);
  shown = null;
  root.replaceChildren(empty("This view stopped", "An error in the page stopped it; the other views still work. The browser's console has the details."));
}

function unmount() {
  shown?.unmount?.();
  shown = null;
}

/** A car belongs to the fleet in the navigation. */
function showPlace(view) {
  const place = view === "car" ? "fleet" : view;
  for (const link of document.querySelectorAll(".views a")) {
    setAttribute(link, "aria-current", link.hash === `#/${place}` ? "page" : null);
  }
}

function focusHeading(root) {
  window.scrollTo(0, 0);
  const target = root.querySelector("[data-focus]") ?? root.querySelector("h1") ?? main;
  if (!target.hasAttribute("tabindex") && target.tagName === "H1") target.tabIndex = -1;
  target.focus({ preventScroll: target.tagName === "H1" });
}

function onFrame(changes) {
  counters.frames += 1;
  pending = merged(pending, changes);
  if (wanted) return;
  wanted = true;
  requestAnimationFrame(draw);
}

function draw() {
  wanted = false;
  const changes = pending;
  pending = null;
  counters.draws += 1;
  try {
    shown?.update?.(changes);
  } catch (error) {
    broken(main.firstElementChild, error);
  }
}

function startButtons() {
  const words = document.getElementById("theme-text");
  setText(words, `Theme: ${theme()}`);
  document.getElementById("theme").addEventListener("click", () => setText(words, `Theme: ${nextTheme()}`));
  document.getElementById("pause").addEventListener("click", () => connection.pause(!connection.paused));
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
}

publish();
startButtons();
startAge(store, connection);
startAnnouncer(store);
store.on(onFrame);
addEventListener("hashchange", (event) => navigate(new URL(event.oldURL).hash));
navigate(null);
connection.start();
