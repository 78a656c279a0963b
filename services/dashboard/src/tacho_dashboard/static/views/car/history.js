/** The samples of one car as columns, oldest first, as uPlot takes them: [event time ms, speed, rpm, gear, ...]. */

export const COLUMNS = ["event_time", "speed", "rpm", "gear", "expected_gear", "gear_low", "gear_high"];
// A line over a time without samples would tell a drive that nobody saw.
const GAP_MS = 30_000;

export class History {
  /** Keeps `spanMs` of event time up to the newest sample. */
  constructor(spanMs) {
    this.spanMs = spanMs;
    this.clear();
  }

  clear() {
    this.columns = COLUMNS.map(() => []);
  }

  get newest() {
    const times = this.columns[0];
    return times.length ? times[times.length - 1] : null;
  }

  /** Takes the answer of the history route in front of samples that came meanwhile. */
  load(answer) {
    const came = this.columns;
    this.clear();
    answer.event_time.forEach((time, place) => this.push(COLUMNS.map((name) => answer[name]?.[place] ?? null)));
    came[0].forEach((time, place) => this.push(came.map((column) => column[place])));
    this.trim();
  }

  /** Takes a car as it is now; false where it brings no newer sample. */
  append(car) {
    const taken = this.push(COLUMNS.map((name) => car[name] ?? null));
    this.trim();
    return taken;
  }

  push(row) {
    const [time] = row;
    const newest = this.newest;
    if (time === null || (newest !== null && time <= newest)) return false;
    if (newest !== null && time - newest > GAP_MS) this.add([newest + 1, ...row.slice(1).map(() => null)]);
    this.add(row);
    return true;
  }

  add(row) {
    row.forEach((value, place) => this.columns[place].push(value));
  }

  trim() {
    const oldest = (this.newest ?? 0) - this.spanMs;
    const past = this.columns[0].findIndex((time) => time >= oldest);
    if (past > 0) for (const column of this.columns) column.splice(0, past);
  }
}
