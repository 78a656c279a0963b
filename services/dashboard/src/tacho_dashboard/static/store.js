/** What the page knows, kept up by the frames of one stream. Times are integer ms, event time unless said otherwise. */

export const SPARK_LENGTH = 60;
const ALERTS_KEPT = 500;
const CLOSED_EPISODES_KEPT = 500;
const WINDOWS_KEPT = 24;
const CAR_COLUMNS = ["event_time", "speed", "rpm", "gear", "expected_gear", "gear_low", "gear_high", "state", "alerts"];
const UNKNOWN = Object.freeze({ driver_id: null, brand: null, model: null, color: null });

export class Store {
  constructor() {
    this.listeners = new Set();
    this.clear();
  }

  /** Calls `listener(changes)` once per frame; returns what ends it. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets everything; a snapshot starts from here, so nothing of another stream is left behind. */
  clear() {
    this.loaded = false;
    this.clock = { now: null, record_time: null, event_time: null, speed_up: null, playback: null };
    this.cars = new Map();
    this.profiles = new Map();
    this.alerts = [];
    this.episodes = new Map();
    this.windows = new Map();
    this.services = new Map();
    this.latency = null;
    this.deadLetters = { total: 0, by_reason: {}, latest: [] };
    this.faults = [];
    this.rules = [];
  }

  /** Applies one frame; a `whole` one (a snapshot) replaces everything. */
  apply(frame, whole) {
    if (whole) this.clear();
    const changes = { keys: new Set(Object.keys(frame)), cars: new Set(), whole };
    this.applyFleet(frame, changes);
    this.applyEvents(frame);
    this.applyWhole(frame);
    this.loaded = true;
    for (const listener of this.listeners) listener(changes);
  }

  applyFleet(frame, changes) {
    for (const [id, profile] of Object.entries(frame.profiles ?? {})) {
      this.profiles.set(Number(id), profile);
      const car = this.cars.get(Number(id));
      if (car) car.profile = profile;
      changes.cars.add(Number(id));
    }
    for (const row of frame.cars ?? []) changes.cars.add(this.applyCar(row));
    for (const [id, spark] of Object.entries(frame.sparks ?? {})) {
      const car = this.cars.get(Number(id));
      if (car) car.spark = spark.slice(-SPARK_LENGTH);
    }
  }

  /** One row of "cars"; a state alone may change, so the spark line grows only with the event time. */
  applyCar([id, ...values]) {
    const car = this.cars.get(id) ?? { id, event_time: null, spark: [], profile: this.profiles.get(id) ?? UNKNOWN };
    const before = car.event_time;
    CAR_COLUMNS.forEach((name, place) => {
      car[name] = values[place];
    });
    if (before === null || car.event_time > before) {
      car.spark.push(car.speed);
      if (car.spark.length > SPARK_LENGTH) car.spark.shift();
    }
    this.cars.set(id, car);
    return id;
  }

  applyEvents(frame) {
    if (frame.alerts) this.alerts = [...this.alerts, ...frame.alerts].slice(-ALERTS_KEPT);
    for (const episode of frame.episodes ?? []) this.episodes.set(episode.episode_id, episode);
    if (frame.episodes) this.forgetClosed();
    for (const one of frame.windows ?? []) this.windows.set(windowKey(one), one);
    if (frame.windows) this.forgetWindows();
    for (const service of frame.services ?? []) this.services.set(`${service.service}/${service.instance}`, service);
  }

  applyWhole(frame) {
    if (frame.clock) this.clock = frame.clock;
    if (frame.latency) this.latency = frame.latency;
    if (frame.dead_letters) this.deadLetters = frame.dead_letters;
    if (frame.faults) this.faults = frame.faults;
    if (frame.rules) this.rules = frame.rules;
  }

  /** A page that stays open for days holds no more than a bounded number of ended episodes: the oldest go. */
  forgetClosed() {
    const closed = [...this.episodes.values()].filter((episode) => episode.state === "CLOSED");
    if (closed.length <= CLOSED_EPISODES_KEPT) return;
    closed.sort((one, other) => one.last_seen_at - other.last_seen_at);
    for (const old of closed.slice(0, closed.length - CLOSED_EPISODES_KEPT)) this.episodes.delete(old.episode_id);
  }

  forgetWindows() {
    const starts = [...new Set([...this.windows.values()].map((one) => one.start))].sort((one, other) => other - one);
    if (starts.length <= WINDOWS_KEPT) return;
    const oldest = starts[WINDOWS_KEPT - 1];
    for (const [key, one] of this.windows) if (one.start < oldest) this.windows.delete(key);
  }
}

/** The identity of a window: a later result replaces the one with the same key. */
export function windowKey({ start, dimension, value }) {
  return JSON.stringify([start, dimension, value]);
}

/** Two sets of changes as one, for a view that draws less often than frames come. */
export function merged(one, other) {
  if (!one) return other;
  return {
    keys: new Set([...one.keys, ...other.keys]),
    cars: new Set([...one.cars, ...other.cars]),
    whole: one.whole || other.whole,
  };
}
