"""What a person sees live: values move, alerts come, the end of the stream is told."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.browsing import VIEWS, Dashboard
from tests.browser.conftest import Rehearser, Visitor

pytestmark = pytest.mark.browser


def test_the_cars_speeds_change_on_their_tiles(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet?sort=number")
    speeds = one.page.locator(".tile-speed")
    before = speeds.all_inner_texts()
    one.until(lambda: speeds.all_inner_texts() != before, "a speed has changed")
    assert len(before) == speeds.count() == 20


def test_an_alert_of_now_appears_in_the_feed_and_its_episode_among_the_open_ones(
    rehearse: Rehearser, visit: Visitor
) -> None:
    one = visit()
    # Of a hundred cars one takes the wrong gear every few seconds.
    one.show(rehearse("--cars", "100"), "alerts?rule=wrong-gear")
    feed, episodes = one.page.locator("table.feed tbody tr"), one.page.locator(".episodes .episode")
    newest = one.tell("Date.now()")
    times = "rows => rows.map(row => Date.parse(row.querySelector('time').dateTime))"
    one.until(lambda: max(feed.evaluate_all(times), default=0) > newest, "an alert of now is in the feed")
    one.until(lambda: max(episodes.evaluate_all(times), default=0) > newest, "an episode opened now is shown")


def test_a_page_whose_server_was_killed_says_so_and_goes_on_by_itself_when_it_is_back(
    rehearse: Rehearser, visit: Visitor
) -> None:
    one = visit()
    one.expected = re.compile("Failed to load resource")
    dashboard = rehearse("--cars", "20")
    one.show(dashboard, "fleet?sort=number")
    age, notice = one.page.get_by_test_id("age"), one.page.get_by_test_id("notice")
    dashboard.kill()
    expect(age).to_have_text("no connection")
    expect(notice).to_contain_text("Trying again")
    expect(one.page.locator(".tile").first).to_be_visible()
    dashboard.start()
    expect(age).to_have_attribute("data-state", "live")
    expect(notice).to_be_hidden()
    before = one.tell("window.tacho.redrawnTiles")
    one.until(lambda: one.tell("window.tacho.redrawnTiles") > before, "tiles are drawn again")


def test_a_play_back_that_the_server_cannot_give_yet_says_why_and_begins_when_it_can(
    dashboard: Dashboard, visit: Visitor
) -> None:
    one = visit()
    one.expected = re.compile("Failed to load resource")
    one.show(dashboard, "playback")
    refusal = {"status": 503, "content_type": "application/json", "body": '{"error": "The brokers do not answer."}'}
    one.page.route("**/api/v1/playback?*", lambda route: route.fulfill(**refusal))
    expect(one.page.locator("form [aria-pressed=true]")).to_have_count(1)
    one.page.get_by_role("button", name="Start").click()
    expect(one.page.get_by_test_id("notice")).to_have_text(re.compile("The brokers do not answer. Trying again."))
    one.page.unroute("**/api/v1/playback?*")
    expect(one.page.get_by_test_id("age")).to_have_attribute("data-state", "playback")


def test_a_page_to_which_no_sample_comes_any_more_says_how_old_it_is(rehearse: Rehearser, visit: Visitor) -> None:
    one = visit()
    one.show(rehearse("--cars", "20", "--quiet-after", "2"), "fleet")
    age = one.page.get_by_test_id("age")
    expect(age).to_have_attribute("data-state", "stale")
    expect(age).to_have_text(re.compile(r"newest sample \d+ s old"))
    expect(one.page.get_by_test_id("notice")).to_contain_text("No new sample since")


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_asks_nobody_but_its_own_server_and_complains_of_nothing(
    dashboard: Dashboard, visit: Visitor, view: str
) -> None:
    one = visit()
    one.show(dashboard, view)
    one.until(lambda: one.tell("window.tacho.frames") >= 10, "ten frames have come")
    assert [url for url in one.requests if not url.startswith(dashboard.address)] == []
    assert one.complaints == []


def test_the_page_runs_no_script_that_is_not_a_file_of_its_server(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.expected = re.compile("Content Security Policy")
    answer = one.page.goto(dashboard.address)
    assert answer is not None
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    one.tell("document.body.append(Object.assign(document.createElement('script'), {text: 'window.injected = true'}))")
    assert one.tell("window.injected") is None


def test_one_stream_is_open_and_none_while_the_page_cannot_be_seen(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.page.add_init_script(_COUNT_STREAMS)
    for view in VIEWS:
        one.show(dashboard, view)
    assert one.tell("openStreams()") == 1
    one.tell("seen => setHidden(!seen)", False)
    assert one.tell("openStreams()") == 0
    frames = one.tell("window.tacho.frames")
    one.tell("seen => setHidden(!seen)", True)
    one.until(lambda: one.tell("window.tacho.frames") > frames, "frames come again")
    assert one.tell("openStreams()") == 1


# A headless page is never hidden by itself, so it is told to be.
_COUNT_STREAMS = """
const streams = [];
window.EventSource = class extends EventSource {
  constructor(...given) { super(...given); streams.push(this); }
};
window.openStreams = () => streams.filter((one) => one.readyState !== EventSource.CLOSED).length;
window.setHidden = (hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
