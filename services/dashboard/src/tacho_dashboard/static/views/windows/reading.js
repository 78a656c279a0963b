/** The windows of the store, put in order: which there are, and the rows of one. */

/** [{start, end, fleet}] newest first; `fleet` is the row for all cars, or null while it has not come. */
export function periods(windows) {
  const byStart = new Map();
  for (const one of windows.values()) {
    const period = byStart.get(one.start) ?? { start: one.start, end: one.end, fleet: null };
    if (one.dimension === "fleet") period.fleet = one;
    byStart.set(one.start, period);
  }
  return [...byStart.values()].sort((one, other) => other.start - one.start);
}

/** The rows of one dimension ("color" or "model") of the window that starts at `start`, most samples first. */
export function rowsOf(windows, start, dimension) {
  const rows = [...windows.values()].filter((one) => one.start === start && one.dimension === dimension);
  return rows.sort((one, other) => other.samples - one.samples || one.value.localeCompare(other.value));
}

/** The share of a window that has passed by the fleet's own clock, 0 to 1; 1 once it is over. */
export function progress(period, eventTime) {
  if (eventTime === null) return 0;
  return Math.min(1, Math.max(0, (eventTime - period.start) / (period.end - period.start)));
}

/** The rules that occur in some rows, most alerts first. */
export function rulesIn(rows) {
  const totals = new Map();
  for (const row of rows) {
    for (const [rule, count] of Object.entries(row.by_rule ?? {})) totals.set(rule, (totals.get(rule) ?? 0) + count);
  }
  return [...totals].sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0])).map(([rule]) => rule);
}
