"""The page without a mouse, without sight, and on a telephone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from benchmarks.browsing import THEMES, VIEWS, Dashboard
from tests.browser.conftest import Visitor
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser

WIDTHS = (360, 800, 2560)
MOST_STEPS = 40


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious(dashboard: Dashboard, visit: Visitor, view: str, theme: str) -> None:
    one = visit(color_scheme=theme, reduced_motion="reduce")
    one.show(dashboard, view)
    found = Axe().run(one.page).response["violations"]
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    assert [(violation["id"], node["html"]) for violation in serious for node in violation["nodes"]] == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_view_is_wider_than_the_screen(dashboard: Dashboard, visit: Visitor, view: str, width: int) -> None:
    one = visit(viewport={"width": width, "height": 740})
    one.show(dashboard, view)
    one.until(lambda: one.tell("window.tacho.draws") >= 3, "frames are drawn")
    assert one.tell("document.documentElement.scrollWidth") <= width


def test_every_view_is_reached_with_tab_and_enter(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet")
    key = "Tab"
    for view in ("alerts", "windows", "pipeline", "playback"):
        _tab_to(one, f".views a[href='#/{view}']", key)
        one.page.keyboard.press("Enter")
        expect(one.page.locator("main h1")).to_be_focused()
        expect(one.page.locator(".views a[aria-current=page]")).to_have_attribute("href", f"#/{view}")
        # The focus is now on the view's heading: the navigation is before it.
        key = "Shift+Tab"


def test_a_car_is_chosen_with_the_arrow_keys_and_opened_with_enter(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet?sort=number")
    _tab_to(one, ".tile")
    one.page.keyboard.press("ArrowRight")
    expect(one.page.locator(".tile:focus")).to_contain_text("1000002")
    one.page.keyboard.press("End")
    expect(one.page.locator(".tile:focus")).to_contain_text("1000020")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("main h1")).to_be_focused()
    expect(one.page.locator("main")).to_contain_text("1000020")
    assert one.page.url.endswith("#/car/1000020")


def test_what_has_the_focus_can_be_seen(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet")
    _tab_to(one, ".tile")
    style = one.page.locator(".tile:focus").evaluate("node => getComputedStyle(node).outlineStyle")
    assert style != "none"


def test_a_new_episode_is_said_to_a_screen_reader(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet")
    region = one.page.get_by_test_id("announcer")
    assert region.get_attribute("aria-live") == "polite"
    expect(region).to_contain_text("episode", timeout=60_000)


def _tab_to(one: Visit, selector: str, key: str = "Tab") -> None:
    for _ in range(MOST_STEPS):
        one.page.keyboard.press(key)
        if one.tell("selector => Boolean(document.activeElement?.matches(selector))", selector):
            return
    raise AssertionError(f"{selector} is not among the first {MOST_STEPS} stops of {key}")
