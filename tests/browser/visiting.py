"""A page in a context of its own, and everything it asked for and complained about."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Request

from benchmarks.browsing import Dashboard, show

DEADLINE_SECONDS = 20.0
_POLL_MS = 20


class Visit:
    """One page. `expected` complaints are dropped: a server that is killed is one, for example."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.page = browser.new_context(**options).new_page()
        self.page.set_default_timeout(DEADLINE_SECONDS * 1000)
        self.expected: re.Pattern[str] | None = None
        self.requests: list[str] = []
        self._complaints: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))

    def show(self, dashboard: Dashboard, view: str) -> None:
        """Open a view and wait until live data is on it."""
        show(self.page, dashboard.address, view)

    def tell(self, expression: str, argument: Any = None) -> Any:
        """What an expression is in the page."""
        return self.page.evaluate(expression, argument)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds; fails with `what` was waited for."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s in vain until {what}"
            self.page.wait_for_timeout(_POLL_MS)

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console, and exceptions nobody caught."""
        return [text for text in self._complaints if not (self.expected and self.expected.search(text))]

    def close(self) -> None:
        """Close the page and its context."""
        self.page.context.close()

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(message.text)
