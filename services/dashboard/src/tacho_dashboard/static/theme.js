/** Light, dark, or as the system says. Loaded before the first paint, so that a dark room sees no white flash. */

const KEY = "tacho-theme";
const ORDER = ["system", "light", "dark"];

/** The chosen theme. */
export function theme() {
  const kept = storage()?.getItem(KEY);
  return ORDER.includes(kept) ? kept : "system";
}

/** Goes on to the next theme and returns it. */
export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];
  storage()?.setItem(KEY, next);
  show(next);
  return next;
}

/** Calls `listener` after colours changed, by choice or by the system; returns what ends it. */
export function onTheme(listener) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  document.addEventListener("tacho-theme", listener);
  return () => {
    system.removeEventListener("change", listener);
    document.removeEventListener("tacho-theme", listener);
  };
}

/** A token's colour as it is now, for a canvas, which knows no custom properties. */
export function color(token) {
  const probe = document.createElement("span");
  probe.style.setProperty("color", `var(${token})`);
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function show(chosen) {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  document.dispatchEvent(new Event("tacho-theme"));
}

/** Null where the browser keeps nothing (storage switched off): the choice then lasts as long as the page. */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

show(theme());
