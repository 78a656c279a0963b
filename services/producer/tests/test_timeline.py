"""When samples happen and when they are due."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho_producer.errors import SettingsError
from tacho_producer.service import make_timeline
from tacho_producer.settings import Settings
from tacho_producer.timeline import Timeline, start_before

NOW = 1_795_000_000_000_000


@given(seconds=st.floats(1, 1e6), speed_up=st.floats(1, 1e4), elapsed=st.floats(0, 1e6))
def test_simulated_time_never_passes_the_clock(seconds: float, speed_up: float, elapsed: float) -> None:
    start = start_before(NOW, seconds, speed_up)
    line = Timeline(start, NOW, speed_up, 1_000_000, 3, int(seconds))
    clock = NOW + int(elapsed * 1e6)
    due = line.due_by(clock)
    if due:
        assert line.event_us(due - 1) <= clock + 1_000


def test_as_fast_as_possible_starts_the_whole_run_before_now() -> None:
    assert start_before(NOW, 100.0, math.inf) == NOW - 100_000_000


def test_as_fast_as_possible_has_everything_due_at_once() -> None:
    assert Timeline(NOW - 9, NOW, math.inf, 1_000_000, 20, 50).due_by(NOW) == 1000


def test_cars_are_spread_evenly_over_a_step() -> None:
    line = Timeline(NOW, NOW, 1.0, 1_000_000, 4, None)
    assert [line.event_us(number) - NOW for number in range(5)] == [0, 250_000, 500_000, 750_000, 1_000_000]


def test_a_run_has_as_many_samples_as_fit() -> None:
    assert Timeline(NOW, NOW, 1.0, 1_000_000, 4, 3).due_by(NOW + 99_000_000) == 12


def test_a_sample_is_awaited_until_it_is_due() -> None:
    line = Timeline(NOW, NOW, 2.0, 1_000_000, 1, None)
    assert line.wait_s(3, NOW) == 1.5
    assert line.due_by(NOW + 1_500_000) == 4


def test_simulated_time_is_the_clock_only_from_now_and_unaccelerated() -> None:
    assert Timeline(NOW, NOW, 1.0, 1, 1, None).follows_clock
    assert not Timeline(NOW - 1, NOW, 1.0, 1, 1, None).follows_clock
    assert not Timeline(NOW, NOW, 2.0, 1, 1, None).follows_clock


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"start_us": "x", "end_us": 1, "follows_clock": true}', "\udcff"])
def test_a_restarted_run_names_its_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8", errors="surrogateescape")
    monkeypatch.setenv("TACHO_RESTARTS", "1")
    with pytest.raises(SettingsError, match=r"run\.json is damaged"):
        make_timeline(Settings(journal=tmp_path, seconds=10), 20, NOW, NOW)
