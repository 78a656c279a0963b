/** Which cars the fleet shows and in which order. Pure. */

import { model } from "../../format.js";

export const STATES = ["alerting", "silent", "driving", "idle"];

const number = (car) => car.id;
const largest = (value) => (one, other) => (value(other) ?? -1) - (value(one) ?? -1) || number(one) - number(other);

/** Orders by name: how two cars compare. */
const COMPARE = {
  attention: (one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state) || number(one) - number(other),
  number: (one, other) => number(one) - number(other),
  model: (one, other) => model(one.profile).localeCompare(model(other.profile)) || number(one) - number(other),
  speed: largest((car) => car.speed),
  rpm: largest((car) => car.rpm),
  alerts: largest((car) => car.alerts),
  silent: (one, other) => one.event_time - other.event_time || number(one) - number(other),
};

/** The orders a viewer may choose: [name, words]. */
export const SORTS = [
  ["attention", "Needs attention"],
  ["number", "Car number"],
  ["model", "Model"],
  ["speed", "Fastest first"],
  ["rpm", "Highest rpm first"],
  ["alerts", "Most alerts first"],
  ["silent", "Longest unheard"],
];

/** The filter and order of an address; what it does not name lets everything through. */
export function filterOf(query) {
  const sort = query.get("sort");
  return {
    text: query.get("text") ?? "",
    state: STATES.includes(query.get("state")) ? query.get("state") : "",
    color: query.get("color") ?? "",
    model: query.get("model") ?? "",
    sort: Object.hasOwn(COMPARE, sort ?? "") ? sort : "attention",
  };
}

/** The address of a filter: only what is not at rest. */
export function queryOf(filter) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value && !(name === "sort" && value === "attention")) query.set(name, value);
  }
  return query;
}

/** {ids: shown cars in order, counts: cars by state and "all" that match everything but the state}. */
export function arrange(cars, filter) {
  const counts = { all: 0, alerting: 0, silent: 0, driving: 0, idle: 0 };
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [];
  for (const car of cars) {
    if (!matches(car, filter, words)) continue;
    counts.all += 1;
    counts[car.state] += 1;
    if (!filter.state || car.state === filter.state) shown.push(car);
  }
  return { ids: shown.sort(COMPARE[filter.sort]).map(number), counts };
}

/** Every word is part of the car's number, driver, model or colour. */
function matches(car, filter, words) {
  const { profile } = car;
  if (filter.color && profile.color !== filter.color) return false;
  if (filter.model && model(profile) !== filter.model) return false;
  if (!words.length) return true;
  const text = `${car.id} ${profile.driver_id ?? ""} ${model(profile)} ${profile.color ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The models and colours there are, for the choices: {models, colors}, each in order. */
export function choices(cars) {
  const models = new Set();
  const colors = new Set();
  for (const { profile } of cars) {
    models.add(model(profile));
    if (profile.color) colors.add(profile.color);
  }
  return { models: [...models].sort(), colors: [...colors].sort() };
}
