/** Pipeline: the services by their own word, how fast and how fresh it is, the faults injected, and what was refused. */
import { el, empty, setAttribute } from "../dom.js";
import { createFaults } from "./pipeline/faults.js";
import { createFlow } from "./pipeline/flow.js";
import { createInstances } from "./pipeline/instances.js";
import { createLetters } from "./pipeline/letters.js";
import { createTiming } from "./pipeline/timing.js";

export default { title: "Pipeline", mount };

function mount(root, store) {
  const [faults, flow, instances, timing, letters] = [createFaults(), createFlow(), createInstances(), createTiming(), createLetters()];
  const loading = el("div", { class: "panel" }, empty("Waiting for the first word", "The page has not heard from its server yet; this takes a second or two."));
  const services = el("section", { class: "panel" }, el("div", { class: "panel-head" }, el("h2", { text: "Services" }), el("span", { class: "muted", text: "each by its own word, every 2 s" })), flow.node, instances.node);
  const body = el("div", { class: "pipeline-body" }, faults.node, services, timing.node, letters.node);
  root.append(el("div", { class: "view-head" }, el("h1", { text: "Pipeline" })), loading, body);

  function draw({ keys, whole }) {
    setAttribute(loading, "hidden", store.loaded);
    setAttribute(body, "hidden", !store.loaded);
    const statuses = [...store.services.values()];
    // Silence grows with the clock, so services are drawn with each of its ticks; what is unchanged touches nothing.
    flow.draw(statuses, store.clock.now);
    instances.draw(statuses, store.clock.now);
    setAttribute(instances.node, "hidden", statuses.length === 0);
    timing.draw(store);
    if (whole || keys.has("faults")) faults.draw(store.faults);
    if (whole || keys.has("dead_letters")) letters.draw(store.deadLetters);
  }
  draw({ keys: new Set(), whole: true });
  return { update: draw };
}
