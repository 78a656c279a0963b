"""A stream in the test's hands: the page believes that what the test gives comes from its server."""

import json
import urllib.request
from typing import Any

from benchmarks.browsing import Dashboard
from tests.browser.visiting import Visit

FEED = """
window.EventSource = class FedSource extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;
  readyState = FedSource.OPEN;
  constructor() { super(); window.fedSource = this; }
  close() { this.readyState = FedSource.CLOSED; }
};
// Settles when the page has drawn what the frames changed.
window.feed = (name, frames) => {
  for (const frame of frames) {
    window.fedSource.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(frame), lastEventId: "fed-1" }));
  }
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
};
"""
"""For `add_init_script`, before the page is opened."""


def snapshot_of(dashboard: Dashboard) -> dict[str, Any]:
    """The first frame that a dashboard streams."""
    with urllib.request.urlopen(f"{dashboard.address}api/v1/stream", timeout=20) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                frame: dict[str, Any] = json.loads(line[6:])
                return frame
    raise AssertionError("the stream ended before its first frame")


def feed(visit: Visit, name: str, *frames: dict[str, Any]) -> None:
    """Let frames come, all at once, and wait until they are drawn."""
    visit.until(lambda: visit.tell("Boolean(window.fedSource)"), "the page has opened its stream")
    visit.tell("([name, frames]) => feed(name, frames)", [name, frames])
