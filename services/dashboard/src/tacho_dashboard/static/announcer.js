/** Says new episodes to a screen reader, politely and at most once every five seconds, and counts the open ones. */

import { setText } from "./dom.js";
import { integer, model } from "./format.js";

const GAP_MS = 5000;

/** Follows the store's episodes: the live region, and the count beside "Alerts". */
export function startAnnouncer(store) {
  const region = document.getElementById("announcer");
  const count = document.getElementById("open-count");
  let known = new Set();
  let waiting = [];
  let timer = null;

  const say = () => {
    timer = null;
    if (!waiting.length) return;
    setText(region, sentence(waiting));
    waiting = [];
    timer = setTimeout(say, GAP_MS);
  };

  store.on((changes) => {
    if (!changes.keys.has("episodes") && !changes.whole) return;
    const open = [...store.episodes.values()].filter((episode) => episode.state !== "CLOSED");
    const fresh = changes.whole ? [] : open.filter((episode) => !known.has(episode.episode_id));
    known = new Set(open.map((episode) => episode.episode_id));
    waiting.push(...fresh);
    if (timer === null) say();
    count.hidden = open.length === 0;
    setText(count, integer(open.length));
    count.title = `${open.length} open episodes`;
  });
}

/** "New episode: speeding, Kia Rio, car 1000001." or, for many, how many. */
function sentence(episodes) {
  if (episodes.length > 3) return `${episodes.length} new episodes.`;
  return episodes
    .map((episode) => `New ${episode.severity} episode: ${episode.rule}, ${model(episode)}, car ${episode.car_id}.`)
    .join(" ");
}
