"""Chromium, rehearsed dashboards, and pages that write down what they ask for and what they complain about."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.browsing import Dashboard, chromium, launched
from tests.browser.visiting import DEADLINE_SECONDS, Visit

Visitor = Callable[..., Visit]
Rehearser = Callable[..., Dashboard]

expect.set_options(timeout=DEADLINE_SECONDS * 1000)


# A module's, not the session's: while Playwright runs, no other test of the process may start an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("no Chromium: run tests/browser/tools.sh")
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Twenty cars that drive."""
    with Dashboard(tmp_path_factory.mktemp("dashboard"), "--cars", "20") as dashboard:
        yield dashboard


@pytest.fixture
def rehearse(tmp_path: Path) -> Iterator[Rehearser]:
    """Starts a dashboard with these options of `rehearse`. To be named before `visit`, so that pages end before it."""
    with ExitStack() as running:
        yield lambda *options: running.enter_context(Dashboard(tmp_path, *options))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Opens pages of their own, with the options of a browser context; no page may have complained by the end."""
    visits: list[Visit] = []

    def open_page(**options: object) -> Visit:
        visits.append(Visit(browser, **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.close()
    complaints = [complaint for one in visits for complaint in one.complaints]
    assert complaints == []
