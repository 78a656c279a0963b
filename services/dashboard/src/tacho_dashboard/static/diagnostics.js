/** Counters for browser tests, which count instead of timing: `window.tacho`, read-only. */

export const counters = { frames: 0, draws: 0, redrawnTiles: 0 };

/**
 * Puts the counters where a test finds them: frames received, draws (animation frames in which a view was updated),
 * redrawnTiles (in all), nodes (elements in the document now).
 */
export function publish() {
  const readOnly = {};
  for (const name of Object.keys(counters)) Object.defineProperty(readOnly, name, { get: () => counters[name], enumerable: true });
  Object.defineProperty(readOnly, "nodes", { get: () => document.getElementsByTagName("*").length, enumerable: true });
  Object.defineProperty(window, "tacho", { value: Object.freeze(readOnly) });
}
