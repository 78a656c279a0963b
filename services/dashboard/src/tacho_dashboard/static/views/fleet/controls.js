/** The fleet's controls: counts by state that are filters too, a search field, and the choices of model, colour and order. */

import { el, mark, setAttribute, setText } from "../../dom.js";
import { integer } from "../../format.js";
import { SORTS, STATES } from "./order.js";

/** `change(part)` is called with the part of the filter that the viewer changed. */
export class Controls {
  constructor(filter, change) {
    this.change = change;
    this.buttons = new Map([["all", this.stateButton("all", "")], ...STATES.map((state) => [state, this.stateButton(state, state)])]);
    this.text = el("input", { type: "search", class: "field", placeholder: "Find a car", "aria-label": "Find a car", title: "Number, driver, model or colour", autocomplete: "off", spellcheck: "false" });
    this.text.addEventListener("input", () => change({ text: this.text.value.trim() }));
    this.model = this.select("model", "Model");
    this.color = this.select("color", "Colour");
    this.sort = this.select("sort", "Order");
    fill(this.sort, SORTS);
    this.node = el(
      "div",
      { class: "fleet-controls" },
      el("div", { class: "fleet-states", role: "group", "aria-label": "Show by state" }, [...this.buttons.values()].map(({ node }) => node)),
      el("div", { class: "fleet-filters" }, this.text, this.model, this.color, this.sort),
    );
    this.offer({ models: [], colors: [] }, filter);
    this.show(filter);
  }

  stateButton(name, state) {
    const count = el("b");
    const node = el("button", { type: "button", class: `button state-${name}`, dataset: { testid: `count-${name}` } }, state && el("span", { class: `tone-${state}` }, mark(state)), el("span", { text: name }), count);
    node.addEventListener("click", () => this.change({ state }));
    return { node, count, state };
  }

  select(name, words) {
    return el("select", { class: "field", "aria-label": words, title: words, on: { change: (event) => this.change({ [name]: event.target.value }) } });
  }

  /** The models and colours to choose from. A chosen one that no car has (yet) stays choosable. */
  offer({ models, colors }, filter) {
    fill(this.model, [["", "All models"], ...withChosen(models, filter.model)]);
    fill(this.color, [["", "All colours"], ...withChosen(colors, filter.color)]);
    this.show(filter);
  }

  show(filter) {
    for (const { node, state } of this.buttons.values()) setAttribute(node, "aria-pressed", String(state === filter.state));
    if (document.activeElement !== this.text) this.text.value = filter.text;
    this.model.value = filter.model;
    this.color.value = filter.color;
    this.sort.value = filter.sort;
  }

  count(counts) {
    for (const [name, { count }] of this.buttons) setText(count, integer(counts[name]));
  }
}

function withChosen(values, chosen) {
  return [...new Set(chosen ? [...values, chosen] : values)].map((value) => [value, value]);
}

function fill(select, options) {
  select.replaceChildren(...options.map(([value, text]) => el("option", { value, text })));
}
