import pytest

from services.dashboard.tests.records import CAR, NOW, alert, episode, sample
from tacho_dashboard.model.history import History
from tacho_dashboard.model.picture import Picture


def line(picture: Picture, car_id: int = CAR) -> list[object]:
    return next(line for line in picture.snapshot(NOW)["cars"] if line[0] == car_id)


def test_a_sample_is_the_cars_line_and_its_profile(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(speed=50.04), NOW)
    frame = picture.snapshot(NOW)
    assert frame["cars"] == [[CAR, NOW, 50.0, 2000, 3, 3, 2, 4, "driving", 0]]
    assert frame["profiles"] == {str(CAR): {"driver_id": 100_000_001, "brand": "Mazda", "model": "3", "color": "Red"}}
    assert frame["sparks"] == {str(CAR): [50.0]}


def test_a_diff_says_nothing_of_a_car_that_did_not_change(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(CAR), NOW)
    seen = picture.revision
    picture.take("EnrichedSample", sample(CAR + 1), NOW)
    picture.take("EnrichedSample", sample(CAR + 1, NOW + 1000), NOW + 1000)
    diff = picture.diff(seen, NOW)
    assert [car[0] for car in diff["cars"]] == [CAR + 1]
    assert list(diff["profiles"]) == [str(CAR + 1)]
    assert set(picture.diff(picture.revision, NOW)) == {"clock"}


def test_a_sample_out_of_order_is_in_the_history_and_does_not_turn_the_clock_back(picture: Picture) -> None:
    for at in (NOW, NOW + 2000, NOW + 1000, NOW + 1000):
        picture.take("EnrichedSample", sample(at=at, speed=float(at - NOW) / 100), NOW + 5000)
    assert line(picture)[1] == NOW + 2000
    history = picture.fleet.history(picture.fleet.cars[CAR], 900)
    assert history["event_time"] == [NOW, NOW + 1000, NOW + 2000]
    assert history["speed"] == [0.0, 10.0, 20.0]


def test_a_history_is_cut_at_its_length_and_at_the_time_asked_for(picture: Picture) -> None:
    for second in range(25):
        picture.take("EnrichedSample", sample(at=NOW + second * 1000, expected_gear=None), NOW + 60_000)
    car = picture.fleet.cars[CAR]
    assert picture.fleet.history(car, 900)["event_time"] == [NOW + second * 1000 for second in range(15, 25)]
    assert len(picture.fleet.history(car, 3)["event_time"]) == 4
    assert picture.fleet.history(car, 3)["expected_gear"] == [None] * 4


@pytest.mark.parametrize(
    "fields",
    [
        {"speed": float("nan")},
        {"speed": -1.0},
        {"rpm": 2**31 - 1},
        {"gear": 200},
        {"gear_high": -5},
        {"event_time": NOW + 3_600_000},
        {"event_time": -1},
    ],
)
def test_an_impossible_sample_is_left_out(picture: Picture, fields: dict[str, float]) -> None:
    picture.take("EnrichedSample", sample(**fields), NOW)
    assert picture.snapshot(NOW)["cars"] == []
    assert picture.fleet.left_out == 1


def test_no_more_cars_are_kept_than_are_allowed(picture: Picture) -> None:
    for number in range(9):
        picture.take("EnrichedSample", sample(CAR + number), NOW)
        picture.take("Alert", alert(car_id=CAR + 100 + number), NOW)
        picture.take("AlertEpisode", episode(car_id=CAR + 100 + number), NOW)
    assert len(picture.snapshot(NOW)["cars"]) == 5
    assert picture.fleet.left_out == 4


def test_a_standing_car_is_idle(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(speed=0.4), NOW)
    assert line(picture)[8] == "idle"


def test_a_car_is_alerting_while_an_episode_is_open_whichever_came_first(picture: Picture) -> None:
    picture.take("AlertEpisode", episode(1), NOW)
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("AlertEpisode", episode(2), NOW)
    assert line(picture)[8] == "alerting"
    picture.take("AlertEpisode", episode(1, "CLOSED", 2), NOW)
    assert line(picture)[8] == "alerting"
    seen = picture.revision
    picture.take("AlertEpisode", episode(2, "CLOSED", 2), NOW)
    assert [car[8] for car in picture.diff(seen, NOW)["cars"]] == ["driving"]


def test_alerts_are_counted_once_also_those_of_before_the_cars_first_sample(picture: Picture) -> None:
    picture.take("Alert", alert(1), NOW)
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("Alert", alert(1), NOW)
    picture.take("Alert", alert(2), NOW)
    assert line(picture)[9] == 2


def test_a_car_falls_silent_by_the_logs_time_and_speaks_again(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("Heartbeat", {"at": NOW + 60_000}, NOW + 60_000)
    picture.sweep(NOW)
    assert line(picture)[8] == "driving"
    picture.take("Heartbeat", {"at": NOW + 60_001}, NOW + 60_001)
    picture.sweep(NOW + 1000)
    assert line(picture)[8] == "silent"
    picture.take("EnrichedSample", sample(at=NOW + 61_000), NOW + 61_000)
    assert line(picture)[8] == "driving"


def test_a_heartbeat_from_the_future_silences_nobody(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("Heartbeat", {"at": NOW * 2}, NOW)
    picture.sweep(NOW)
    assert line(picture)[8] == "driving"


def test_the_age_of_the_data_is_of_samples_not_of_heartbeats(picture: Picture) -> None:
    picture.take("EnrichedSample", sample(), NOW)
    picture.take("Heartbeat", {"at": NOW + 9_000}, NOW + 9_000)
    clock = picture.snapshot(NOW + 9_500)["clock"]
    assert (clock["now"], clock["record_time"], clock["event_time"]) == (NOW + 9_500, NOW, NOW)


def test_five_thousand_cars_with_fifteen_minutes_take_less_than_100_mb() -> None:
    history = History(samples=900)
    for _ in range(5_000):
        history.append(history.add_car(), (NOW, 1.0, 1, 1, 1, 1, 1))
    assert history.bytes < 100_000_000
