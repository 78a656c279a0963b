/**
 * The one EventSource of the page: live, or a play-back of the past. Closed while the page is hidden or paused, reopened
 * where it stopped. Tells its listeners {mode, state, since, sentence}.
 *
 * mode: "live" | "playback"; state: "connecting" | "open" | "lost" | "paused" | "refused" | "ended"; since: wall ms of the
 * newest frame or null; sentence: what the server said instead of a stream. Only a play-back can be refused for good: a
 * live stream is asked for again, for a place may become free, and so is what the server cannot do at the moment (5xx).
 */

const RETRY_FIRST_MS = 1000;
const RETRY_LAST_MS = 15000;
// The server sends at least one frame a second; a stream that is open but silent is as good as lost.
const SILENT_MS = 5000;

export class Connection {
  constructor(store) {
    this.store = store;
    this.listeners = new Set();
    this.source = null;
    this.status = { mode: "live", state: "connecting", since: null, sentence: "" };
    this.paused = false;
    this.query = null;
    this.lastId = null;
    this.playedTo = null;
    this.retryMs = RETRY_FIRST_MS;
    this.retryTimer = null;
  }

  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Opens the stream and keeps it open while the page can be seen. */
  start() {
    document.addEventListener("visibilitychange", () => this.reopen());
    setInterval(() => this.checkSilence(), 1000);
    this.reopen();
  }

  /** Freezes the page as it is, or lets it go on from where it stopped. */
  pause(paused) {
    this.paused = paused;
    this.reopen();
  }

  /** Shows the past instead: `from`, `to` in ms, `speed` 1..600. The snapshot replaces what is shown. */
  play(from, to, speed) {
    this.choose("playback", new URLSearchParams({ from, to, speed }));
  }

  /** Back to now. */
  live() {
    this.choose("live", null);
  }

  choose(mode, query) {
    this.query = query;
    this.lastId = null;
    this.playedTo = null;
    this.paused = false;
    this.tell({ mode, state: "connecting", since: null, sentence: "" });
    this.reopen();
  }

  reopen() {
    this.close();
    if (this.paused) this.tell({ state: "paused" });
    else if (!document.hidden && !["ended", "refused"].includes(this.status.state)) this.open();
  }

  open() {
    const query = new URLSearchParams(this.query ?? {});
    // A stream of the past is a session of its own: a new one begins where the last one was, not at the start.
    if (this.query && this.playedTo !== null) query.set("from", this.playedTo);
    if (!this.query && this.lastId) query.set("last", this.lastId);
    const url = `${this.query ? "api/v1/playback" : "api/v1/stream"}${query.size ? `?${query}` : ""}`;
    const source = new EventSource(url);
    this.source = source;
    this.openedAt = Date.now();
    if (this.status.state !== "lost") this.tell({ state: "connecting" });
    source.addEventListener("snapshot", (event) => this.receive(event, true));
    source.addEventListener("diff", (event) => this.receive(event, false));
    source.addEventListener("end", () => this.end());
    source.addEventListener("error", () => this.fail(source, url));
  }

  close() {
    clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = null;
  }

  receive(event, whole) {
    this.lastId = event.lastEventId || this.lastId;
    this.retryMs = RETRY_FIRST_MS;
    this.status.since = Date.now();
    if (this.status.state !== "open") this.tell({ state: "open", sentence: "" });
    this.store.apply(JSON.parse(event.data), whole);
    this.playedTo = this.store.clock.playback?.at ?? this.playedTo;
  }

  end() {
    this.close();
    this.tell({ state: "ended" });
  }

  /**
   * The browser reconnects after a broken stream by itself, but not after an answer that is no stream: then we do. A
   * play-back that broke off we reopen too, for the browser would ask for its whole range again.
   */
  async fail(source, url) {
    if (source !== this.source) return;
    this.tell({ state: "lost" });
    const refused = source.readyState === EventSource.CLOSED;
    if (!refused && this.status.mode === "live") return;
    source.close();
    const { sentence, mistake } = refused ? await refusal(url) : { sentence: "", mistake: false };
    if (source !== this.source) return;
    if (mistake && this.status.mode === "playback") {
      this.close();
      this.tell({ state: "refused", sentence });
      return;
    }
    this.tell({ sentence });
    this.retryTimer = setTimeout(() => this.reopen(), this.retryMs);
    this.retryMs = Math.min(RETRY_LAST_MS, this.retryMs * 2);
  }

  checkSilence() {
    const heard = Math.max(this.status.since ?? 0, this.openedAt ?? 0);
    if (!this.source || this.source.readyState !== EventSource.OPEN || Date.now() - heard < SILENT_MS) return;
    this.tell({ state: "lost" });
    this.reopen();
  }

  tell(change) {
    this.status = { ...this.status, ...change };
    for (const listener of this.listeners) listener(this.status);
  }
}

/**
 * What the server says, which an EventSource does not show: its sentence, "" if it is away or willing, and whether what
 * was asked for is the mistake (4xx).
 */
async function refusal(url) {
  const stop = new AbortController();
  try {
    const answer = await fetch(url, { signal: stop.signal });
    if (answer.status < 400) return { sentence: "", mistake: false };
    const mistake = answer.status < 500;
    const { error } = await answer.json().catch(() => ({}));
    return { sentence: error ?? `The server answered ${answer.status}.`, mistake };
  } catch {
    return { sentence: "", mistake: false };
  } finally {
    stop.abort();
  }
}
