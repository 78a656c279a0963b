"""What 5,000 cars cost the page, counted and not timed: nodes in the document, and tiles that are drawn."""

from typing import Any

import pytest
from playwright.sync_api import expect

from benchmarks.browsing import VIEWS, Dashboard
from tests.browser.conftest import Rehearser, Visitor
from tests.browser.feeding import FEED, feed, snapshot_of

pytestmark = pytest.mark.browser

MOST_NODES = 3_000
CARS = 5_000


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Dashboard(tmp_path_factory.mktemp("thousands"), "--cars", str(CARS)) as dashboard:
        yield dashboard


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_thousands_of_cars_has_few_nodes(dashboard: Dashboard, visit: Visitor, view: str) -> None:
    one = visit(viewport={"width": 2560, "height": 1440})
    one.show(dashboard, view)
    one.until(lambda: one.tell("window.tacho.draws") >= 5, "five frames are drawn")
    assert 100 < one.tell("window.tacho.nodes") <= MOST_NODES


def test_scrolling_to_the_end_of_the_fleet_and_back_keeps_the_nodes_few(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.show(dashboard, "fleet?sort=number")
    last = str(1_000_000 + CARS)
    for place, car in (("document.body.scrollHeight", last), ("0", "1000001")):
        one.tell(f"scrollTo(0, {place})")
        one.until(lambda car=car: car in one.page.locator(".tile-number").all_inner_texts(), f"car {car} is in sight")
        assert one.tell("window.tacho.nodes") <= MOST_NODES


@pytest.mark.parametrize("way", ["link", "browser"])
def test_who_comes_back_from_a_car_stands_on_its_tile_in_the_fleet_as_it_was(
    dashboard: Dashboard, visit: Visitor, way: str
) -> None:
    one, last = visit(), str(1_000_000 + CARS)
    one.show(dashboard, "fleet?sort=number")
    one.tell("scrollTo(0, document.body.scrollHeight)")
    one.page.locator(".tile", has_text=last).click()
    one.page.locator(".view-car", has_text=last).wait_for()
    if way == "link":
        one.page.locator(".car-back").click()
    else:
        one.page.go_back()
    expect(one.page.locator(".tile:focus")).to_contain_text(last)
    expect(one.page.locator(".tile:focus")).to_be_in_viewport()
    assert one.page.url.endswith("#/fleet?sort=number")


def test_a_frame_draws_the_tiles_in_sight_that_changed_and_no_other(dashboard: Dashboard, visit: Visitor) -> None:
    one = visit()
    one.page.add_init_script(FEED)
    whole = snapshot_of(dashboard)
    one.page.goto(f"{dashboard.address}#/fleet?sort=number")
    feed(one, "snapshot", whole)
    one.until(lambda: one.page.locator(".tile").count() > 10, "tiles are shown")
    assert one.page.locator(".tile").count() < 200
    cars = sorted(whole["cars"])
    for changed, drawn in ((cars[:1], 1), (cars[2:5], 3), (cars[-1000:], 0), ([cars[0], *cars[2000:]], 1)):
        before = one.tell("window.tacho.redrawnTiles")
        feed(one, "diff", {"clock": whole["clock"], "cars": [_faster(car) for car in changed]})
        assert one.tell("window.tacho.redrawnTiles") - before == drawn


def test_frames_that_come_faster_than_the_screen_draws_are_drawn_once(rehearse: Rehearser, visit: Visitor) -> None:
    dashboard = rehearse("--cars", "20")
    one = visit()
    one.page.add_init_script(FEED)
    whole = snapshot_of(dashboard)
    one.page.goto(f"{dashboard.address}#/fleet?sort=number")
    feed(one, "snapshot", whole)
    before = one.tell("[window.tacho.frames, window.tacho.redrawnTiles]")
    car = min(whole["cars"])
    feed(one, "diff", *({"clock": whole["clock"], "cars": [_faster(car, by)]} for by in range(50)))
    after = one.tell("[window.tacho.frames, window.tacho.redrawnTiles]")
    assert [now - then for now, then in zip(after, before, strict=True)] == [50, 1]


def _faster(car: list[Any], by: int = 0) -> list[Any]:
    """The same car a second later."""
    return [car[0], car[1] + 1_000 * (by + 1), car[2] + 1 + by, *car[3:]]
