/** Which view an address asks for: "#/car/1000001?seconds=300" -> {view: "car", id: "1000001", query}. */

const VIEWS = new Set(["fleet", "car", "alerts", "windows", "pipeline", "playback"]);

/** The route of a hash; `view` is null where there is no such view. An empty hash is the fleet. */
export function route(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view = "", id = null] = path.split("/");
  const known = view === "" ? "fleet" : VIEWS.has(view) ? view : null;
  return { view: known, id: id || null, query: new URLSearchParams(query) };
}

/** Changes the query of the address in place: no step back in the history, no new view. */
export function replaceQuery(query) {
  const path = location.hash.split("?")[0] || "#/fleet";
  history.replaceState(history.state, "", query.size ? `${path}?${query}` : path);
}
