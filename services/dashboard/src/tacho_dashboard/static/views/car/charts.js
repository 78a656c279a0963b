/** Speed, rpm and gear over event time: three uPlot charts with one cursor. */

import uPlot from "../../vendor/uplot/uPlot.esm.js";
import { el, setAttribute, setText } from "../../dom.js";
import { gear, integer, minute, time } from "../../format.js";
import { color, onTheme } from "../../theme.js";
import { drawMarks, labelSize } from "./marks.js";

const stepped = uPlot.paths.stepped({ align: 1 });
// `columns` are places in the history's columns; the first is the one a reader asks for. Heights in rem.
const CHARTS = [
  { name: "Speed", unit: "km/h", field: "speed", columns: [1], show: integer, height: 11, least: 140 },
  { name: "Engine", unit: "rpm", field: "rpm", columns: [2], show: integer, height: 9, least: 6500 },
  { name: "Gear", unit: "", field: "gear", columns: [3, 4, 5, 6], show: gear, height: 8, least: 6 },
];

export class Charts {
  /** `marks()` -> {limits: {field: [...]}, alerts: {field: [...]}}, read at each draw. `spanMs`: width of the time axis. */
  constructor(spanMs, marks) {
    this.spanMs = spanMs;
    this.marks = marks;
    this.node = el("div", { class: "charts" });
    this.charts = CHARTS.map((kind) => this.make(kind));
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.node);
    this.endTheme = onTheme(() => this.charts.forEach(({ plot }) => plot.redraw(false, true)));
  }

  stop() {
    this.sizes.disconnect();
    this.endTheme();
    for (const { plot } of this.charts) plot.destroy();
  }

  make(kind) {
    const readout = el("p", { class: "chart-readout muted" });
    const holder = el("div", { class: "chart-plot", role: "img", "aria-label": `${kind.name}: not loaded yet` });
    this.node.append(
      el(
        "figure",
        { class: "chart" },
        el("figcaption", { class: "chart-head" }, el("h2", {}, kind.name, kind.unit && el("small", { text: ` ${kind.unit}` })), kind.field === "gear" && legend(), readout),
        holder,
      ),
    );
    const plot = new uPlot(this.options(kind, readout), this.empty(kind), holder);
    return { kind, plot, holder, readout };
  }

  empty(kind) {
    return [[], ...kind.columns.map(() => [])];
  }

  options(kind, readout) {
    return {
      width: 320,
      height: 100,
      ms: 1,
      legend: { show: false },
      cursor: { sync: { key: "car" }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: { x: { range: (plot, least, newest) => this.timeRange(newest) }, y: { range: (plot, least, most) => [0, this.top(kind, most)] } },
      axes: [this.timeAxis(), this.valueAxis(kind)],
      series: [{}, ...this.series(kind)],
      bands: kind.field === "gear" ? [{ series: [4, 3], fill: () => withAlpha(color("--series-3"), 0.2) }] : [],
      hooks: {
        draw: [(plot) => drawMarks(plot, this.marks().limits[kind.field] ?? [], this.marks().alerts[kind.field] ?? [])],
        setCursor: [(plot) => this.read(kind, plot, readout)],
      },
      padding: [8, 22, 0, 0],
    };
  }

  timeRange(newest) {
    const end = newest ?? Date.now();
    return [end - this.spanMs, end];
  }

  /** The top of the y axis: room for the data and for what a rule forbids. */
  top(kind, most) {
    const levels = (this.marks().limits[kind.field] ?? []).map(({ level }) => level * 1.08);
    return Math.max(kind.least, (most ?? 0) * 1.05, ...levels);
  }

  timeAxis() {
    const words = (plot, splits) => splits.map(splits.length > 1 && splits[1] - splits[0] < 60_000 ? time : minute);
    return { ...this.ink(), values: words, space: 70, size: () => labelSize() * 2.4, gap: 4 };
  }

  valueAxis(kind) {
    const splits = kind.field === "gear" ? { splits: (plot, axis, least, most) => Array.from({ length: Math.floor(most) + 1 }, (_, step) => step), filter: (plot, values) => values.map((value) => (value % 2 ? null : value)) } : { space: 32 };
    return { ...this.ink(), ...splits, values: (plot, values) => values.map((value) => (value === null ? null : kind.show(value))), size: () => labelSize() * 4.2, gap: 4 };
  }

  ink() {
    const line = { stroke: () => color("--line"), width: 1 };
    return { stroke: () => color("--muted"), grid: line, ticks: { ...line, size: 4 }, font: `${labelSize()}px system-ui, sans-serif` };
  }

  series(kind) {
    const line = (token) => ({ stroke: () => color(token), width: 1.5, points: { show: false } });
    if (kind.field === "speed") return [line("--series-1")];
    if (kind.field === "rpm") return [line("--series-2")];
    const edge = { paths: stepped, points: { show: false }, stroke: () => "transparent" };
    return [
      { ...line("--text"), width: 2, paths: stepped },
      { ...line("--series-3"), paths: stepped, dash: [4, 4] },
      edge,
      edge,
    ];
  }

  /** The value below the cursor. */
  read(kind, plot, readout) {
    const { idx } = plot.cursor;
    if (idx === null || idx === undefined) return setText(readout, "");
    const [at, value, expected] = [plot.data[0][idx], plot.data[1][idx], plot.data[2]?.[idx]];
    const more = kind.field === "gear" ? `, expected ${gear(expected)}` : ` ${kind.unit}`;
    return setText(readout, `${time(at)}: ${kind.show(value)}${more}`);
  }

  /** Draws these columns (see History). */
  show(columns) {
    for (const { kind, plot, holder } of this.charts) {
      plot.setData([columns[0], ...kind.columns.map((place) => columns[place])]);
      const values = columns[kind.columns[0]].filter((value) => value !== null);
      const words = values.length ? `from ${kind.show(Math.min(...values))} to ${kind.show(Math.max(...values))} ${kind.unit}` : "no samples";
      setAttribute(holder, "aria-label", `${kind.name} over the last ${this.spanMs / 60_000} minutes: ${words}`);
    }
  }

  redraw() {
    for (const { plot } of this.charts) plot.redraw(false, false);
  }

  fit() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = this.node.clientWidth;
    // Beside the episodes there is the screen's height to fill; on a phone one scrolls, and flat charts scroll less.
    const stretch = width > 40 * rem ? Math.min(1.8, Math.max(1, innerHeight / (48 * rem))) : 1;
    if (width) for (const { kind, plot } of this.charts) plot.setSize({ width, height: Math.round(kind.height * rem * stretch) });
  }
}

function legend() {
  const item = (name, words) => el("span", { class: `legend legend-${name}` }, words);
  return el("p", { class: "chart-legend" }, item("gear", "driven"), item("expected", "expected"), item("band", "harmless"));
}

/** An rgb() colour, thinner. */
function withAlpha(rgb, alpha) {
  return rgb.startsWith("rgb(") ? rgb.replace("rgb(", "rgba(").replace(")", `, ${alpha})`) : rgb;
}
