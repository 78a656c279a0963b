"""Whatever text the topics carry, in every field of every view it is shown as text and the page stays whole."""

from typing import Any

import pytest

from benchmarks.browsing import VIEWS, Dashboard
from tests.browser.conftest import Rehearser, Visitor
from tests.browser.feeding import FEED, feed, snapshot_of

pytestmark = pytest.mark.browser

TEXTS = {
    "markup": '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b id=bold>\'"&amp;{{7*7}}',
    "attribute": '" onmouseover="window.hacked=1" style="position:fixed" x=\'',
    "address": "javascript:window.hacked=1//",
    "right to left": "\u202e\u2067gnp.exe\u202d\u200f",
    "ten kilobytes": "W" * 10_240,
    "prototype": "__proto__",
}
ENUMERATIONS = {"dimension", "field"}
"""Keys whose values the server makes itself, from a closed list."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with Dashboard(tmp_path_factory.mktemp("snapshot"), "--cars", "60") as dashboard:
        return snapshot_of(dashboard)


def with_text(value: Any, text: str, key: str = "") -> Any:
    """The same value with `text` for every text in it; the states, by which the page sorts, stay."""
    if isinstance(value, dict):
        return {name: with_text(item, text, name) for name, item in value.items()}
    if isinstance(value, list):
        return [with_text(item, text, key) for item in value]
    kept = key in ENUMERATIONS or value in ("OPENED", "UPDATED", "CLOSED", "driving", "idle", "silent", "alerting")
    return text if isinstance(value, str) and not kept else value


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_stays_text_in_every_field_of_a_view(
    dashboard: Dashboard, visit: Visitor, snapshot: dict[str, Any], view: str, text: str
) -> None:
    one = visit(viewport={"width": 360, "height": 740})
    one.page.add_init_script(FEED)
    one.page.goto(f"{dashboard.address}#/{view}")
    feed(one, "snapshot", with_text(snapshot, text))
    one.page.locator("main h1").wait_for()
    feed(one, "diff", with_text(snapshot, text))
    assert one.tell("window.hacked") is None
    assert one.page.locator("main :is(img, script, iframe, b#bold), [onmouseover], [href^=javascript]").count() == 0
    assert one.page.get_by_text("This view stopped").count() == 0
    assert one.tell("document.documentElement.scrollWidth") <= 360


def test_a_hostile_car_is_shown_by_its_words_in_the_fleet_and_in_its_own_view(
    rehearse: Rehearser, visit: Visitor
) -> None:
    dashboard = rehearse("--cars", "20", "--hostile")
    one = visit()
    for view in ("fleet?sort=number", "car/1000001", "alerts", "pipeline"):
        one.show(dashboard, view)
        one.page.get_by_text("<img src=x onerror=").first.wait_for(state="attached")
        assert one.tell("window.hacked") is None
