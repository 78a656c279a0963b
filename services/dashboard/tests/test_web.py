"""Every route but the streams, as a client meets it."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from services.dashboard.tests.records import CAR, NOW, alert, episode, fleet_window, sample, status
from tacho_contracts.metrics import Exposition
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.rehearsal.past import InventedPast
from tacho_dashboard.web.app import STATIC, Site
from tacho_dashboard.web.broadcast import Broadcast
from tacho_dashboard.web.playback import PlaybackRoutes
from tacho_dashboard.web.streams import Places

API = "/api/v1"


@pytest.fixture
def app(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """The service over a picture of its own, in a process that has said nothing of its health yet."""
    monkeypatch.setattr("tacho_contracts.health._words", {})
    playback = PlaybackRoutes(InventedPast(2, 1), Picture, Places(1), longest_hours=2.0)
    site = Site(picture, Broadcast(picture), Exposition("dashboard", "0"), Places(2))
    return site.app(*playback.routes())


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def full(picture: Picture) -> Picture:
    """One of everything."""
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("Alert", alert(), NOW)
    picture.take("AlertEpisode", episode(), NOW)
    picture.take("AlertEpisode", episode(2, "CLOSED"), NOW)
    picture.take("FleetWindow", fleet_window(), NOW)
    picture.take("ServiceStatus", status(), NOW)
    return picture


def addresses(app: Starlette) -> list[str]:
    paths = [route.path for route in app.routes if isinstance(route, Route)]
    return [path.replace("{car_id}", str(CAR)) for path in paths] + ["/static/index.html"]


def test_every_route_is_get_or_head(app: Starlette, client: TestClient) -> None:
    assert len(addresses(app)) > 15
    for path in addresses(app):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"):
            answer = client.request(method, path)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD"), (method, path)
    for route in app.routes:
        assert not isinstance(route, Route) or route.methods == {"GET", "HEAD"}


def test_head_is_answered_without_a_body_also_by_the_streams(app: Starlette, client: TestClient, full: Picture) -> None:
    for path in addresses(app):
        answer = client.head(path)
        assert (answer.content, answer.status_code < 500 or path == "/readyz") == (b"", True), path


def test_every_answer_tells_the_browser_to_ask_nobody_else(app: Starlette, client: TestClient) -> None:
    for path in (*addresses(app), "/no/such/place"):
        headers = client.head(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; frame-ancestors 'none'"), path
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer"), path


def test_the_page_is_served_and_not_sent_again_while_it_is_the_same(client: TestClient) -> None:
    page = client.get("/")
    assert page.text == (STATIC / "index.html").read_text(encoding="utf-8")
    assert page.headers["Cache-Control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    assert "javascript" in client.get("/static/app.js").headers["Content-Type"]


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd"])
def test_nothing_but_the_pages_files_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_json_has_the_objects_of_the_frames(client: TestClient, full: Picture) -> None:
    frame = full.snapshot(NOW)
    assert client.get(f"{API}/fleet").json()["cars"] == frame["cars"]
    assert client.get(f"{API}/fleet").json()["states"] == {"driving": 0, "idle": 0, "silent": 0, "alerting": 1}
    assert client.get(f"{API}/alerts").json() == {"total": 1, "alerts": frame["alerts"]}
    assert client.get(f"{API}/episodes").json()["episodes"] == frame["episodes"]
    assert [item["state"] for item in client.get(f"{API}/episodes?state=closed").json()["episodes"]] == ["CLOSED"]
    assert client.get(f"{API}/windows").json()["windows"] == frame["windows"]
    assert client.get(f"{API}/pipeline").json() == {"services": frame["services"], "latency": frame["latency"]}
    for name in ("dead_letters", "rules", "faults"):
        assert client.get(f"{API}/{name.replace('_', '-')}").json() == {name: frame[name]}
    car = client.get(f"{API}/cars/{CAR}").json()
    assert (car["car"], car["profile"]) == (frame["cars"][0], frame["profiles"][str(CAR)])


def test_a_cars_history_has_columns_alerts_and_episodes(client: TestClient, full: Picture) -> None:
    history = client.get(f"{API}/cars/{CAR}/history?seconds=60").json()
    assert (history["car_id"], history["event_time"], history["speed"]) == (CAR, [NOW], [50.0])
    assert len(history["alerts"]) == 1
    assert len(history["episodes"]) == 2


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/cars/7", 404, "'7' is no car: a car_id has 7 digits."),
        ("/cars/１００００００", 404, "is no car"),
        ("/cars/9999999", 404, "No sample of car 9999999"),
        (f"/cars/{CAR}/history?seconds=0", 400, "seconds must be a whole number from 1 to 86400, not '0'."),
        (f"/cars/{CAR}/history?seconds=1e3", 400, "seconds must be"),
        ("/alerts?limit=-1", 400, "limit must be"),
        ("/alerts?limit=10001", 400, "limit must be"),
        ("/alerts?limit=" + "9" * 5000, 400, "limit must be"),
        ("/alerts?page=2", 400, "This address has no parameter 'page': it may have limit."),
        ("/episodes?state=shut", 400, "state must be one of all, open, closed, not 'shut'."),
        ("/fleet?x=1", 400, "it takes none"),
        ("/stream?from=1", 400, "it may have last"),
        ("/nothing", 404, "There is nothing at this address."),
        ("/playback", 400, "from must be a time"),
        ("/playback?from=now&to=0", 400, "from must be a time"),
        ("/playback?from=2026-11-22T14:00:00Z&to=2026-11-22T13:00:00Z", 400, "to must be later than from."),
        ("/playback?from=0&to=99999999999999", 400, "to is in the future"),
        ("/playback?from=0&to=99999999999999999", 400, "to must be a time"),
        ("/playback?from=0&to=999999999999999", 400, "between the years 1970 and 9999"),
        ("/playback?from=0&to=7200001", 400, "That would play for 2.0 hours, and 2 is the most"),
        ("/playback?from=0&to=1000&speed=0.5", 400, "speed must be a number from 1 to 600, not '0.5'."),
        ("/playback?from=0&to=1000&speed=nan", 400, "speed must be"),
        ("/playback?from=0&to=1000&speed=600", 400, "Nothing of that time is in the log: it is kept from"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(client: TestClient, path: str, status: int, sentence: str) -> None:
    answer = client.get(API + path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert sentence in answer.json()["error"]
    assert len(answer.json()["error"]) < 200


def test_what_a_client_wrote_comes_back_short_and_never_as_html(client: TestClient) -> None:
    answer = client.get(f"{API}/episodes", params={"state": "<script>" * 1000})
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.content) < 200
