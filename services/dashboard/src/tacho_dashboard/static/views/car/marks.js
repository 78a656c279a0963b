/** What is drawn over a chart: the levels of rules as dashed lines, alerts as marks at their event time. */

import { integer } from "../../format.js";
import { color } from "../../theme.js";

// A rule that goes on firing does so with each sample: a mark each would be a wall.
const RUN_MS = 5000;
const TOKENS = { critical: "--critical", warning: "--warning", info: "--info" };

/** The colours of severities as they are now; read once per draw, not once per mark. */
function tones() {
  return Object.fromEntries(Object.entries(TOKENS).map(([severity, token]) => [severity, color(token)]));
}

/** Draws limits ([{id, severity, level}]) and alerts ([{rule, severity, event_time}]) on a uPlot `chart`, whose y scale is "y". */
export function drawMarks(chart, limits, alerts) {
  const { ctx: context } = chart;
  const paint = tones();
  const { left, top, width, height } = chart.bbox;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  for (const limit of limits) drawLimit(chart, limit, paint[limit.severity] ?? paint.info);
  for (const run of runs(alerts)) drawRun(chart, run, paint[run.severity] ?? paint.info);
  context.restore();
}

function drawLimit(chart, { id, level }, tone) {
  const { ctx: context, bbox } = chart;
  const y = Math.round(chart.valToPos(level, "y", true)) + 0.5;
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  const scale = devicePixelRatio || 1;
  context.strokeStyle = context.fillStyle = tone;
  context.lineWidth = scale;
  context.setLineDash([5 * scale, 4 * scale]);
  context.beginPath();
  context.moveTo(bbox.left, y);
  context.lineTo(bbox.left + bbox.width, y);
  context.stroke();
  context.setLineDash([]);
  labelLimit(context, `${id} ${integer(level)}`, bbox, y, scale);
}

/** The rule's name on a piece of the panel's ground, or the data's line would run through it. */
function labelLimit(context, words, bbox, y, scale) {
  const height = 1.5 * labelSize() * scale;
  const above = y - bbox.top > height;
  context.font = `${labelSize() * scale}px ${getComputedStyle(document.body).fontFamily}`;
  const tone = context.fillStyle;
  context.fillStyle = color("--surface");
  context.fillRect(bbox.left + scale, above ? y - height : y + scale, context.measureText(words).width + 8 * scale, height - scale);
  context.fillStyle = tone;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(words, bbox.left + 5 * scale, y + (above ? -height / 2 : height / 2));
}

/** Alerts of one rule that follow each other as one: [{rule, severity, from, to}], times in ms. */
export function runs(alerts) {
  const found = [];
  const newest = new Map();
  for (const { rule, severity, event_time: at } of [...alerts].sort((one, other) => one.event_time - other.event_time)) {
    const last = newest.get(rule);
    if (last && last.severity === severity && at - last.to <= RUN_MS) last.to = at;
    else {
      newest.set(rule, { rule, severity, from: at, to: at });
      found.push(newest.get(rule));
    }
  }
  return found;
}

/** A wash from the first alert to the last, and at its start the shape of the severity, as everywhere on the page. */
function drawRun(chart, { severity, from, to }, tone) {
  const { ctx: context, bbox } = chart;
  const scale = devicePixelRatio || 1;
  const [left, right] = [from, to].map((at) => Math.round(chart.valToPos(at, "x", true)));
  const size = 5 * scale;
  context.fillStyle = tone;
  context.globalAlpha = 0.13;
  context.fillRect(left, bbox.top, Math.max(right - left, scale), bbox.height);
  context.globalAlpha = 1;
  context.fillRect(left, bbox.top + bbox.height - 2 * scale, Math.max(right - left, scale), 2 * scale);
  if (right < bbox.left) return;
  context.beginPath();
  outline(context, severity, Math.max(left, bbox.left + size), bbox.top + bbox.height - size - 2 * scale, size);
  context.fill();
}

function outline(context, severity, x, y, size) {
  const corners = { critical: 8, warning: 3 }[severity];
  if (!corners) {
    context.arc(x, y, size * 0.9, 0, 2 * Math.PI);
    return;
  }
  const turn = corners === 3 ? -Math.PI / 2 : Math.PI / 8;
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = turn + (2 * Math.PI * corner) / corners;
    context.lineTo(x + size * 1.1 * Math.cos(angle), y + size * 1.1 * Math.sin(angle));
  }
}

/** CSS pixels of small print in a chart: it grows with the page's text. */
export function labelSize() {
  return 0.6875 * parseFloat(getComputedStyle(document.documentElement).fontSize);
}
