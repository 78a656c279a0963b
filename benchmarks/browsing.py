"""A rehearsed dashboard in a process of its own, and Debian's Chromium in front of it: what the browser tests, the
page's benchmark and its screenshots stand on."""

import shutil
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Page, sync_playwright

from tacho.errors import TachoError
from tacho.local.ports import HOST, listening_port
from tacho.local.process import Process, Spec, wait_ready

VIEWS = ("fleet", "car/1000001", "alerts", "windows", "pipeline", "playback")
"""The address of every view, of a rehearsal's first car where it needs one."""

THEMES = ("light", "dark")

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without a user namespace, as in a container, Chromium's own sandbox cannot start. It sees nothing but our page.
_ARGUMENTS = ("--no-sandbox",)
_READY_SECONDS = 30.0


def chromium() -> str | None:
    """Where the browser is, or None where none is installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def require_chromium() -> str:
    """Where the browser is. Raises TachoError where none is installed."""
    path = chromium()
    if path is None:
        raise TachoError("Chromium is missing: run `sh tests/browser/tools.sh`, or install it.")
    return path


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """A browser without a window. Raises TachoError where none is installed."""
    path = require_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            browser.close()


class Dashboard:
    """`tacho_dashboard rehearse` on a free port. The log of the process goes into `folder`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._port = listening_port()
        command = (sys.executable, "-m", "tacho_dashboard", "rehearse", "--port", str(self._port), *options)
        self._spec = Spec("dashboard", command, folder / f"dashboard-{self._port}.log")
        self._process: Process | None = None

    @property
    def address(self) -> str:
        """Of the page, with the slash at its end."""
        return f"http://{HOST}:{self._port}/"

    @property
    def process_id(self) -> int:
        """Of the server. Raises TachoError when it does not run."""
        if self._process is None:
            raise TachoError("The dashboard does not run.")
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers. Raises TachoError when it does not."""
        self._process = Process(self._spec)
        wait_ready(self._process, self._answers, _READY_SECONDS)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}api/v1/fleet", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def show(page: Page, address: str, view: str) -> None:
    """Open a view of the page at `address`, which ends with a slash, and wait until live data is on it."""
    page.goto(f"{address}#/{view}")
    page.locator("[data-testid=age][data-state=live]").wait_for()
    page.locator("main h1").wait_for()
