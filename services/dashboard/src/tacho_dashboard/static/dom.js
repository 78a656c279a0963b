/**
 * Making and changing elements. Data reaches the page as text nodes and attributes only: nothing here parses markup, so a
 * hostile brand name stays a name.
 */

/**
 * An element. Properties: `class`, `text`, `dataset` {name: value}, `style` {"--name" or property: value}, `on`
 * {event: listener}; any other is an attribute (true sets it empty; false, null and undefined leave it out). Children are
 * nodes, strings, numbers or lists of these; null, undefined and false are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) apply(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function apply(node, name, value) {
  if (name === "class") node.className = value ?? "";
  else if (name === "text") node.textContent = value ?? "";
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
  else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else setAttribute(node, name, value);
}

/** Sets an attribute only where it differs: an unchanged one costs no layout and no announcement. */
export function setAttribute(node, name, value) {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Sets the text only where it differs. */
export function setText(node, text) {
  const wanted = text === null || text === undefined ? "" : String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Sets the class only where it differs. */
export function setClass(node, name) {
  if (node.className !== name) node.className = name;
}

/**
 * Makes the children of `parent` the items in order, keeping the node of each key: focus, selection and open details
 * survive. `create(item)` makes a node, `update(node, item)` fills it (called for new ones too).
 */
export function keyed(parent, items, keyOf, create, update) {
  const old = parent.tachoNodes ?? new Map();
  const nodes = new Map();
  const wanted = new Set(items.map(keyOf));
  // Before anything is placed: a node that is moved loses its focus, one that stays does not.
  for (const [key, node] of old) if (!wanted.has(key)) node.remove();
  let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    const node = old.get(key) ?? create(item);
    old.delete(key);
    nodes.set(key, node);
    update(node, item);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
  parent.tachoNodes = nodes;
}

/** A shape beside a word, for a state ("driving", ...) or a severity ("critical", ...): colour is never the only sign. */
export function mark(name) {
  return el("span", { class: `mark mark-${slug(name)}`, "aria-hidden": "true" });
}

/** A mark and its word. */
export function badge(name, word = name) {
  return el("span", { class: `badge tone-${slug(name)}` }, mark(name), el("span", { text: word }));
}

/** What a view says while it has nothing to show: a heading and a sentence what to do. */
export function empty(heading, sentence) {
  return el("div", { class: "empty" }, el("h2", { text: heading }), el("p", { text: sentence }));
}

/** A button that copies `text()` and says so for two seconds. */
export function copyButton(text, word = "Copy") {
  const button = el("button", { type: "button", class: "button small", text: word });
  button.addEventListener("click", async () => {
    const done = await copied(text());
    setText(button, done ? "Copied" : "Select and copy");
    setTimeout(() => setText(button, word), 2000);
  });
  return button;
}

/** Puts a text on the clipboard; false where the browser does not let us (plain http on another host). */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A command to run in a shell, with a button to copy it. */
export function command(text) {
  return el("span", { class: "command" }, el("code", { text }), copyButton(() => text));
}

/** A word as part of a class name, whatever came over the wire. */
function slug(name) {
  return String(name).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
