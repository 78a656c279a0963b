"""Alerts, episodes, windows, services and the rest of the picture."""

import orjson
import pytest

from services.dashboard.tests.records import (
    CAR,
    NOW,
    ack,
    alert,
    alert_window,
    dead_letter,
    episode,
    fleet_window,
    rules,
    sample,
    status,
)
from tacho_dashboard.model.alerts import KEPT_ALERTS, SHOWN_ALERTS, SHOWN_CLOSED
from tacho_dashboard.model.dead_letters import SHOWN_LETTERS
from tacho_dashboard.model.picture import Picture
from tacho_dashboard.model.rules import drawn
from tacho_dashboard.model.windows import SHOWN_WINDOWS

KEYS = {
    *("clock", "cars", "profiles", "sparks", "alerts", "episodes", "windows", "services", "latency"),
    *("dead_letters", "faults", "rules"),
}


def test_a_snapshot_has_every_key_also_of_nothing(picture: Picture) -> None:
    assert set(picture.snapshot(NOW)) == KEYS


def test_a_record_of_no_subject_changes_nothing(picture: Picture) -> None:
    picture.take("CarState", {}, NOW)
    assert picture.revision == 0


def test_alerts_come_oldest_first_and_only_the_newest_are_shown(picture: Picture) -> None:
    for number in range(SHOWN_ALERTS + 5):
        picture.take("Alert", alert(number), NOW)
    shown = picture.snapshot(NOW)["alerts"]
    assert [item["event_id"] for item in (shown[0], shown[-1])] == [f"{CAR}-5", f"{CAR}-{SHOWN_ALERTS + 4}"]
    assert set(shown[0]) == {
        *("alert_id", "event_id", "car_id", "rule", "severity", "observed", "limit", "event_time", "late"),
    }


def test_a_diff_has_the_new_alerts_alone(picture: Picture) -> None:
    picture.take("Alert", alert(1), NOW)
    seen = picture.revision
    picture.take("Alert", alert(2), NOW)
    picture.take("Alert", alert(3), NOW)
    assert [item["event_id"] for item in picture.diff(seen, NOW)["alerts"]] == [f"{CAR}-2", f"{CAR}-3"]


def test_alerts_that_are_kept_have_an_end(picture: Picture) -> None:
    for number in range(KEPT_ALERTS + 10):
        picture.take("Alert", alert(number), NOW)
    assert len(picture.alerts.newest(2 * KEPT_ALERTS)) == KEPT_ALERTS
    assert picture.alerts.total == KEPT_ALERTS + 10


def test_an_event_of_an_episode_that_comes_again_changes_nothing(picture: Picture) -> None:
    picture.take("AlertEpisode", episode(1, "CLOSED", 3), NOW)
    seen = picture.revision
    picture.take("AlertEpisode", episode(1, "UPDATED", 2), NOW)
    picture.take("AlertEpisode", episode(1, "CLOSED", 3), NOW)
    assert picture.revision == seen
    assert [item["state"] for item in picture.episodes.listed("all")] == ["CLOSED"]


def test_an_acknowledgement_stays_with_its_episode_whichever_came_first(picture: Picture) -> None:
    picture.take("AlertAck", ack(1), NOW)
    picture.take("AlertEpisode", episode(1), NOW)
    assert picture.episodes.listed("open")[0]["ack"] == {"at": NOW, "by": "anna", "note": "seen"}
    seen = picture.revision
    picture.take("AlertAck", ack(1, by="ben"), NOW)
    assert [item["ack"]["by"] for item in picture.diff(seen, NOW)["episodes"]] == ["ben"]
    picture.take("AlertEpisode", episode(1, "CLOSED", 2), NOW)
    assert picture.episodes.listed("closed")[0]["ack"]["by"] == "ben"


def test_all_open_episodes_are_shown_and_the_last_closed_ones(picture: Picture) -> None:
    for number in range(SHOWN_CLOSED + 3):
        picture.take("AlertEpisode", episode(number, "CLOSED"), NOW)
    picture.take("AlertEpisode", episode(-1), NOW)
    shown = picture.snapshot(NOW)["episodes"]
    assert [item["state"] for item in shown].count("CLOSED") == SHOWN_CLOSED
    assert shown[0]["state"] == "OPENED"


def test_a_windows_figures_and_alerts_are_one_row_whichever_came_first(picture: Picture) -> None:
    picture.take("AlertWindow", alert_window(), NOW)
    picture.take("FleetWindow", fleet_window(samples=4), NOW)
    (row,) = picture.snapshot(NOW)["windows"]
    assert (row["samples"], row["mean_speed"], row["alerts"], row["by_rule"]) == (4, 25.0, 3, {"speeding": 3})


def test_a_window_of_late_samples_only_has_no_mean(picture: Picture) -> None:
    picture.take("FleetWindow", fleet_window(samples=0), NOW)
    assert picture.snapshot(NOW)["windows"][0]["mean_speed"] is None


def test_only_the_newest_windows_are_kept(picture: Picture) -> None:
    for number in (*range(5, SHOWN_WINDOWS + 5), 0):
        picture.take("FleetWindow", fleet_window(NOW + number * 60_000), NOW)
    picture.take("FleetWindow", fleet_window(NOW + 99 * 60_000), NOW)
    starts = [(row["start"] - NOW) // 60_000 for row in picture.snapshot(NOW)["windows"]]
    assert starts == [*range(6, SHOWN_WINDOWS + 5), 99]


def test_a_service_without_a_word_for_ten_seconds_is_told_once_and_until_it_speaks(picture: Picture) -> None:
    picture.take("ServiceStatus", status(), NOW)
    picture.sweep(NOW + 10_000)
    seen = picture.revision
    picture.sweep(NOW + 11_000)
    assert [item["silent_since"] for item in picture.diff(seen, NOW)["services"]] == [NOW]
    seen = picture.revision
    picture.sweep(NOW + 12_000)
    assert "services" not in picture.diff(seen, NOW)
    picture.take("ServiceStatus", status(at=NOW + 12_000), NOW)
    assert picture.snapshot(NOW)["services"][0]["silent_since"] is None


def test_an_older_status_changes_nothing_and_lags_are_summed(picture: Picture) -> None:
    picture.take("ServiceStatus", status(), NOW)
    picture.take("ServiceStatus", status(at=NOW - 1, lag={}), NOW)
    (item,) = picture.snapshot(NOW)["services"]
    assert (item["lag"], item["lag_by_partition"]) == (7, {"0": 3, "1": 4})


def test_an_absurd_lag_can_still_be_written(picture: Picture) -> None:
    picture.take("ServiceStatus", status(lag={str(number): 2**63 - 1 for number in range(9)}), NOW)
    orjson.dumps(picture.snapshot(NOW))


def drive(picture: Picture, seconds: int, speed_up: int, latency: int = 20) -> None:
    for second in range(seconds):
        now, at = NOW + second * 1000, NOW - 86_400_000 + second * 1000 * speed_up
        picture.take("EnrichedSample", sample(at=at), now)
        picture.take("Alert", alert(second, at=at), at + latency)
        picture.sweep(now)


def test_at_real_speed_latency_is_told_of_samples_taken_since_it_looks(picture: Picture) -> None:
    picture.take("Alert", alert(200, at=NOW - 600_000), NOW - 10)
    picture.sweep(NOW - 1000)
    picture.take("Alert", alert(201, at=NOW - 600_000), NOW + 20)
    for second in range(12):
        now = NOW + second * 1000
        picture.take("EnrichedSample", sample(at=now), now)
        picture.take("Alert", alert(second, at=now), now + 20)
        picture.take("Alert", alert(100 + second, at=now, late=True), now + 200_000)
        picture.sweep(now)
    latency = picture.snapshot(NOW)["latency"]
    assert latency == {"meaningful": True, "reason": "", "p50_ms": 20.0, "p99_ms": 20.0, "count": 12}


def test_at_a_speed_up_latency_is_not_told_but_why(picture: Picture) -> None:
    drive(picture, 12, speed_up=60)
    frame = picture.snapshot(NOW)
    assert frame["clock"]["speed_up"] == 60.0
    assert frame["latency"]["reason"] == "not meaningful at ×60"
    assert (frame["latency"]["meaningful"], frame["latency"]["p50_ms"]) == (False, None)


def test_dead_letters_are_told_once_a_second_with_their_bytes_made_safe(picture: Picture) -> None:
    for _ in range(SHOWN_LETTERS + 10):
        picture.take("DeadLetter", dead_letter(b"\x00<b>\xff" + b"a" * 1000), NOW)
    assert "dead_letters" not in picture.diff(0, NOW)
    picture.sweep(NOW)
    told = picture.diff(0, NOW)["dead_letters"]
    assert (told["total"], told["by_reason"], len(told["latest"])) == (60, {"empty": 60}, SHOWN_LETTERS)
    letter = told["latest"][0]
    assert letter["value_text"].startswith(".<b>.aaa")
    assert (len(letter["value_text"]), len(letter["value_hex"]), letter["value_size"]) == (512, 1024, 1005)


def test_a_tombstone_has_no_bytes(picture: Picture) -> None:
    picture.take("DeadLetter", dead_letter(None), NOW)
    letter = picture.snapshot(NOW)["dead_letters"]["latest"][0]
    assert (letter["value_hex"], letter["value_text"], letter["value_size"]) == (None, "", 0)


def test_the_last_word_on_a_fault_stands(picture: Picture) -> None:
    for on in (True, False):
        switch = {"name": "late", "on": on, "at": NOW, "by": "anna", "share": None, "car_id": None}
        picture.take("FaultSwitch", switch, NOW)
    assert [(item["name"], item["on"]) for item in picture.snapshot(NOW)["faults"]] == [("late", False)]


RULES = """
rules:
  - {id: speeding, measure: speed, above: 120 km/h, until: 115 km/h, severity: warning}
  - {id: wrong-gear, measure: gear, outside: [gear_low, gear_high], severity: info}
"""


def test_of_a_rule_with_one_level_its_lines_are_drawn() -> None:
    assert drawn(RULES) == [
        {"id": "speeding", "severity": "warning", "field": "speed", "enter": 120.0, "exit": 115.0, "limit": 120.0},
        {"id": "wrong-gear", "severity": "info", "field": "gear", "enter": None, "exit": None, "limit": None},
    ]


def test_a_rule_of_silence_measures_silence() -> None:
    (rule,) = drawn("rules:\n  - {id: silent-car, silent_for: 60 s, severity: warning}\n")
    assert (rule["field"], rule["enter"]) == ("silence", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "a: &a [*a]",
        "rules: 7",
        "rules: [1, {id: [x]}]",
        'rules: [{id: "\\ud800", above: 9e999}]',
        "\x00",
        "[" * 5000,
    ],
)
def test_a_text_that_is_no_rules_breaks_nothing(text: str) -> None:
    orjson.dumps(drawn(text))


def test_the_rules_of_the_fleets_own_time_are_shown(picture: Picture) -> None:
    picture.take("RulesVersion", rules(RULES, NOW), NOW)
    picture.take("RulesVersion", rules("rules: []", NOW + 60_000), NOW)
    picture.sweep(NOW)
    assert len(picture.snapshot(NOW)["rules"]) == 2
    picture.take("EnrichedSample", sample(at=NOW + 60_000), NOW + 60_000)
    picture.sweep(NOW + 1000)
    assert picture.snapshot(NOW)["rules"] == []
