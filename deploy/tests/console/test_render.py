from typing import Any

from rich.console import Console

from tacho.console.lines import status_line
from tacho.console.render import screen
from tacho.console.state import (
    ConsoleState,
    on_alert,
    on_alert_window,
    on_dead_letter,
    on_episode,
    on_fleet_window,
    on_status,
)

NOW = 1_795_000_000_000
COLUMNS = 100


def drawn(state: ConsoleState, height: int = 50, now: int = NOW) -> str:
    console = Console(width=COLUMNS, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(screen(state, now, height))
    return console.export_text()


def full_state() -> ConsoleState:
    state = ConsoleState()
    on_status(state, status("enricher", "enrich", lag=1_234))
    on_status(state, status("alerter", "alerter"))
    for number in range(8):
        on_alert(state, alert(number))
    for dimension, value in (("fleet", "all"), ("model", "Ferrari Testarossa"), ("color", "Midnight Blue")):
        on_fleet_window(state, fleet_window(dimension, value))
        on_alert_window(state, {**key(dimension, value), "alerts": 21, "late": 0, "by_rule": {"speeding": 21}})
    return state


def status(service: str, instance: str, lag: int = 0, ready: bool = True, reason: str = "") -> dict[str, Any]:
    names = {"service": service, "instance": instance, "since": NOW, "at": NOW, "restarts": 0}
    return {**names, "ready": ready, "reason": reason, "rate": 500.0, "total": 123_456, "lag": {"t/0": lag}}


def alert(number: int) -> dict[str, Any]:
    car = {"car_id": 1234567, "color_name": "Black", "brand_name": "Mazda", "model_name": "CX-5"}
    what = {"rule": "speeding", "severity": "warning", "observed": 133.7, "limit": 120.0}
    measured = {"speed": 133.7, "rpm": 4200, "gear": 5, "event_time": NOW + number}
    return {"alert_id": f"1234567-{number}/speeding", "event_id": f"1234567-{number}", **car, **what, **measured}


def key(dimension: str, value: str) -> dict[str, Any]:
    return {"window_start": NOW, "window_end": NOW + 900_000, "dimension": dimension, "value": value}


def fleet_window(dimension: str, value: str) -> dict[str, Any]:
    speed = {"speed_sum": 640_000, "max_speed": 171.3, "max_speed_car_id": 7654321}
    rest = {"max_rpm": 6_789, "max_rpm_car_id": 2222222, "max_gear": 6, "max_gear_car_id": 3333333}
    return {**key(dimension, value), "samples": 1_000, "late": 0, **speed, **rest}


def episode(number: int, severity: str, opened_at: int) -> dict[str, Any]:
    car = {"car_id": 1000000 + number, "color_name": None, "brand_name": "Mazda", "model_name": "CX-5"}
    what = {"rule": f"rule-{number}", "severity": severity, "peak": 133.7, "limit": 120.0, "samples": 65}
    when = {"opened_at": opened_at, "last_seen_at": opened_at + 65_000}
    return {"episode_id": str(number), "revision": 1, "state": "OPENED", **car, **what, **when}


def test_the_gravest_episodes_come_first_and_of_equals_the_longest() -> None:
    state = full_state()
    for number, severity, at in (
        (1, "info", 0),
        (2, "critical", 5),
        (3, "warning", 9),
        (4, "warning", 3),
        (5, "info", 1),
    ):
        on_episode(state, episode(number, severity, NOW + at))
    text = drawn(state)
    assert "Open episodes: 5" in text
    found = [line.split()[2] for line in text.splitlines() if " rule-" in line]
    assert found == ["rule-2", "rule-4", "rule-3", "rule-1"]
    assert "65 s" in text


def test_an_empty_picture_says_what_is_to_come() -> None:
    text = drawn(ConsoleState())
    assert "none yet" in text
    assert "no figures yet" in text


def test_rate_and_lag_of_a_stage_are_shown() -> None:
    line = next(line for line in drawn(full_state()).splitlines() if "enrich " in line)
    assert "500" in line
    assert "1,234" in line


def test_the_maxima_are_shown_with_the_cars_that_reached_them() -> None:
    text = drawn(full_state())
    assert "top speed 171.3 km/h car 7654321" in text
    assert "top rpm 6,789 car 2222222" in text
    assert "top gear 6 car 3333333" in text


def test_samples_and_alerts_are_shown_by_colour_and_model() -> None:
    text = drawn(full_state())
    line = next(line for line in text.splitlines() if "Ferrari Testarossa" in line)
    assert "Midnight Blue" in line
    assert line.count("1,000") == 2


def test_alerts_of_another_window_are_not_shown_as_this_ones() -> None:
    state = full_state()
    on_alert_window(state, {**key("fleet", "all"), "window_start": NOW + 900_000, "alerts": 999, "by_rule": {}})
    assert "999" not in drawn(state)


def test_nothing_is_cut_off_at_100_columns() -> None:
    text = drawn(full_state())
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= COLUMNS


def test_a_small_terminal_shows_fewer_alerts() -> None:
    assert drawn(full_state(), height=24).count("1234567") == 3


def test_a_stage_that_went_silent_is_shown_so() -> None:
    assert "silent 60 s" in drawn(full_state(), now=NOW + 60_000)


def test_a_stage_that_is_not_ready_says_why() -> None:
    state = ConsoleState()
    on_status(state, status("alerter", "alerter", ready=False, reason="broker away"))
    assert "broker away" in drawn(state)


def test_dead_letters_are_shown_by_reason() -> None:
    state = full_state()
    on_dead_letter(state, {"reason": "unknown-schema"})
    assert "unknown-schema" in drawn(state)


def test_without_a_terminal_one_line_says_it_all() -> None:
    assert status_line(full_state()) == "alerter 500/s lag 0  enrich 500/s lag 1,234  alerts: speeding 8"


def test_text_of_others_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    state = full_state()
    on_alert(state, {**alert(9), "rule": "\x1b[2J[/bold]", "model_name": "[/nobody]"})
    on_fleet_window(state, fleet_window("color", "[/color]\x1b[31m"))
    text = drawn(state)
    assert "\x1b" not in text
    assert "[/nobody]" in text
    assert "[/color]" in text


def test_a_time_that_is_no_date_is_shown_as_its_number() -> None:
    state = full_state()
    on_alert(state, {**alert(9), "event_time": 2**62})
    assert str(2**62) in drawn(state).replace("\n", "")


def test_records_that_cannot_be_read_are_shown_with_their_topic() -> None:
    state = full_state()
    state.unreadable["alert-data"] += 3
    line = next(line for line in drawn(state).splitlines() if "alert-data" in line)
    assert "3" in line
    assert "unreadable" in line


def test_the_plain_line_cannot_command_the_terminal_either() -> None:
    state = full_state()
    on_alert(state, {**alert(9), "rule": "\x1b[2J"})
    assert "\x1b" not in status_line(state)
