"""How a backtest's result is shown."""

from typing import Any

from rich.console import Console

from tacho.backtest.view import cars_table, rules_table, sentences

HOURLY = {"alerts": 40, "alerts_per_hour": 240.4, "episodes": 20}
MORE = {"alerts": 1060, "alerts_per_hour": 6370.6, "episodes": 40}
CHANGED = {"published": HOURLY, "draft": MORE, "gained": 22, "lost": 2}
SAME = {"published": HOURLY, "draft": HOURLY, "gained": 0, "lost": 0}
FOUND: dict[str, Any] = {
    "since": "2025-10-09T08:53:20Z",
    "until": "2025-10-09T09:53:20Z",
    "log_seconds": 3600.0,
    "from_the_start": True,
    "draft": "0123456789ab",
    "published": [{"version": "ba9876543210", "effective_at": None}],
    "rules": [{"rule": "speeding", **CHANGED}, {"rule": "high-rpm", **SAME}],
    "totals": CHANGED,
    "cars": [{"car_id": 1000001, **CHANGED}],
    "cars_changed": 1,
    "cars_read": 2,
    "samples": 7200,
    "unreadable": 0,
    "wall_seconds": 0.25,
    "samples_per_second": 28800,
}


def lines(content: Any) -> list[list[str]]:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(content)
    return [line.split() for line in captured.get().splitlines() if line.strip()]


def test_a_rule_shows_both_sides_where_they_differ_and_one_figure_where_they_do_not() -> None:
    assert lines(rules_table(FOUND)) == [
        ["rule", "alerts", "alerts/h", "episodes", "gained", "lost"],
        ["speeding", "40", "→", "1,060", "240.4", "→", "6,370.6", "20", "→", "40", "+22", "-2"],
        ["high-rpm", "40", "240.4", "20", "0", "0"],
        ["all", "40", "→", "1,060", "240.4", "→", "6,370.6", "20", "→", "40", "+22", "-2"],
    ]


def test_cars_are_shown_like_rules() -> None:
    assert lines(cars_table(FOUND))[1][:4] == ["1000001", "40", "→", "1,060"]


def test_a_rate_that_there_is_none_of_is_a_dash() -> None:
    none = HOURLY | {"alerts_per_hour": None}
    figures = {"published": none, "draft": none, "gained": 0, "lost": 0}
    assert lines(cars_table(FOUND | {"cars": [{"car_id": 1, **figures}]}))[1] == ["1", "40", "-", "20", "0", "0"]


def test_the_whole_log_needs_no_warning() -> None:
    assert sentences(FOUND) == [
        "draft 0123456789ab beside published ba9876543210",
        "2025-10-09T08:53:20Z to 2025-10-09T09:53:20Z: 1:00:00 of the log, 7,200 samples of 2 cars, judged in 0.2 s "
        "(28,800/s)",
    ]


def test_a_part_of_the_log_says_that_it_lacks_what_was_before() -> None:
    assert "does not begin at the log's start" in sentences(FOUND | {"from_the_start": False})[2]


def test_without_published_rules_the_draft_stands_beside_nothing() -> None:
    assert sentences(FOUND | {"published": []})[0] == "draft 0123456789ab beside nothing: no rules are published"


def test_records_that_could_not_be_read_are_told() -> None:
    assert sentences(FOUND | {"unreadable": 3})[-1] == "3 records could not be read and are left out."


def test_a_rule_name_out_of_the_topic_commands_no_terminal() -> None:
    found = FOUND | {"rules": [{"rule": "[red]a\x1b[2J", **SAME}]}
    assert lines(rules_table(found))[1][0] == "[red]a\N{REPLACEMENT CHARACTER}[2J"
