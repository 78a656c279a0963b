/** The speeds of a car's newest samples as a line on a canvas. All cars share one scale, so that tiles compare. */

import { SPARK_LENGTH } from "../../store.js";
import { color, onTheme } from "../../theme.js";

const TOP_KMH = 160;
const palette = {};

function readPalette() {
  Object.assign(palette, { line: color("--accent"), quiet: color("--muted"), limit: color("--critical") });
}

/** Reads the colours, now and after each change of theme; `redraw` is called after the latter. Returns what ends it. */
export function startPalette(redraw) {
  readPalette();
  return onTheme(() => {
    readPalette();
    redraw();
  });
}

/** Draws km/h, oldest left, the newest at the right edge; `limit` in km/h is a dashed line, null for none. */
export function drawSpark(canvas, speeds, limit, quiet) {
  const context = fitted(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  context.clearRect(0, 0, width, height);
  const top = Math.max(TOP_KMH, ...speeds);
  const y = (speed) => height - 2 - (speed / top) * (height - 4);
  if (limit !== null) drawLimit(context, width, y(limit));
  if (!speeds.length) return;
  const step = (width - 4) / (SPARK_LENGTH - 1);
  const start = width - 3 - step * (speeds.length - 1);
  context.strokeStyle = context.fillStyle = quiet ? palette.quiet : palette.line;
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.beginPath();
  speeds.forEach((speed, place) => context.lineTo(start + step * place, y(speed)));
  context.stroke();
  context.beginPath();
  context.arc(width - 3, y(speeds[speeds.length - 1]), 2.5, 0, 2 * Math.PI);
  context.fill();
}

function drawLimit(context, width, y) {
  context.strokeStyle = palette.limit;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(width, Math.round(y) + 0.5);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The canvas's context in CSS pixels, its bitmap as fine as the screen. */
function fitted(canvas) {
  const scale = devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}
