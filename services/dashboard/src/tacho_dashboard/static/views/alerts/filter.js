/** The filter of the alerts view: severities and rules as switches, each with how many there are of it. */
import { badge, el, keyed, setAttribute, setText } from "../../dom.js";
import { integer } from "../../format.js";
import { replaceQuery } from "../../routes.js";
import { SEVERITIES } from "../../wording.js";

const MOST_RULES = 24; // a rules file has some ten; what comes over the wire has no bound

/**
 * A filter that starts as the address asks (`?severity=critical&rule=speeding`), is kept there, and calls `changed()`
 * when a person changes it. `passes(item)` takes an alert or an episode; `count(episodes, alerts)` puts the numbers on the
 * switches. Nothing pressed lets everything pass.
 */
export function createFilter(query, changed) {
  const pressed = { severity: new Set(query.getAll("severity")), rule: new Set(query.getAll("rule")) };
  const severities = group("Severity");
  const rules = group("Rule");
  const clear = el("button", { type: "button", class: "button small", text: "Show all", hidden: true });
  clear.addEventListener("click", () => {
    pressed.severity.clear();
    pressed.rule.clear();
    remember();
  });
  const node = el("div", { class: "alert-filter" }, severities, rules, clear);

  function remember() {
    const chosen = Object.entries(pressed).flatMap(([kind, values]) => [...values].map((value) => [kind, value]));
    replaceQuery(new URLSearchParams(chosen));
    changed();
  }

  function flip(kind, value) {
    if (!pressed[kind].delete(value)) pressed[kind].add(value);
    remember();
  }
  function passes(item) {
    return (
      (pressed.severity.size === 0 || pressed.severity.has(item.severity)) &&
      (pressed.rule.size === 0 || pressed.rule.has(item.rule))
    );
  }
  function count(episodes, alerts) {
    draw(severities, "severity", tally(SEVERITIES, "severity", episodes, alerts));
    draw(rules, "rule", tally([], "rule", episodes, alerts).slice(0, MOST_RULES));
    setAttribute(rules, "hidden", !rules.lastChild.childElementCount);
    setAttribute(clear, "hidden", pressed.severity.size + pressed.rule.size === 0);
  }
  function draw(fieldset, kind, counts) {
    const create = ({ value }) => switchFor(kind, value, () => flip(kind, value));
    keyed(fieldset.lastChild, counts, (item) => item.value, create, (button, item) => {
      setAttribute(button, "aria-pressed", String(pressed[kind].has(item.value)));
      setText(button.lastChild, `${integer(item.open)} · ${integer(item.alerts)}`);
      setAttribute(button.lastChild, "aria-label", `${item.open} open episodes, ${item.alerts} alerts`);
    });
  }
  return { node, passes, count };
}

function group(name) {
  return el("fieldset", { class: "filter-group" }, el("legend", {}, `${name} `, el("span", { text: "(open episodes · alerts in the feed)" })), el("div", { class: "filter-switches" }));
}

function switchFor(kind, value, flip) {
  const word = kind === "severity" ? badge(value) : el("span", { class: "filter-word", text: value });
  const counts = el("span", { class: "muted", role: "img" });
  return el("button", { type: "button", class: "button small", on: { click: flip } }, word, counts);
}

/** How many there are of each value, the given ones first, then those that occur, by name. */
function tally(values, key, episodes, alerts) {
  const counts = new Map(values.map((value) => [value, { value, open: 0, alerts: 0 }]));
  const of = (value) => counts.get(value) ?? counts.set(value, { value, open: 0, alerts: 0 }).get(value);
  for (const episode of episodes) of(episode[key]).open += 1;
  for (const alert of alerts) of(alert[key]).alerts += 1;
  const added = [...counts.values()].slice(values.length).sort((one, other) => one.value.localeCompare(other.value));
  return [...counts.values()].slice(0, values.length).concat(added);
}
