"""What may be asked for, what is on, and when nobody follows."""

from typing import Any

import pytest

from tacho.errors import UsageError
from tacho.faults.switches import last_words, require_known, require_options, unheard
from tacho_contracts.catalogue import load_catalogue

FAULTS = load_catalogue().faults
NOW = 1_795_340_100_000


def switch(name: str, on: bool, **more: Any) -> dict[str, Any]:
    return {"name": name, "on": on, "at": NOW, "by": "ada", "share": None, "car_id": None, **more}


def status(**more: Any) -> dict[str, Any]:
    return {"service": "producer", "instance": "producer", "at": NOW - 2000, "lag": {"faults/0": 0}, **more}


def test_an_unknown_fault_is_refused_with_all_that_are_known_and_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"late, duplicate, .*clock-skew\. Did you mean silent-car\?"):
        require_known("silent-cars", FAULTS)


@pytest.mark.parametrize(
    ("state", "share", "car", "word"),
    [
        ("off", 0.1, None, "go with `on`"),
        ("off", None, 1_234_567, "go with `on`"),
        ("on", 1.1, None, "--share"),
        ("on", -0.1, None, "--share"),
        ("on", float("nan"), None, "--share"),
        ("on", None, 123_456, "--car"),
    ],
)
def test_senseless_options_are_refused(state: str, share: float | None, car: int | None, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        require_options(state, share, car)


def test_the_last_word_on_each_fault_stands_and_one_never_switched_is_off() -> None:
    words = last_words([switch("late", True), switch("burst", True, share=0.5), switch("late", False)], FAULTS)
    assert [word["name"] for word in words] == list(FAULTS)
    assert [word["name"] for word in words if word["on"]] == ["burst"]
    by_name = {word["name"]: word for word in words}
    assert (by_name["late"]["by"], by_name["poison"]["by"]) == ("ada", None)
    assert by_name["burst"]["share"] == 0.5


def test_a_running_producer_that_reads_the_switches_follows_them() -> None:
    assert unheard([status()], NOW) == ""


def test_one_that_follows_is_enough() -> None:
    assert unheard([status(), status(instance="other", lag={})], NOW) == ""


def test_a_producer_that_reads_no_switches_allows_none() -> None:
    assert "allows no faults" in unheard([status(lag={})], NOW)


def test_the_newest_word_of_a_producer_counts() -> None:
    assert "allows no faults" in unheard([status(), status(lag={})], NOW)


@pytest.mark.parametrize("statuses", [[], [status(at=NOW - 60_000)], [status(service="enricher")]])
def test_without_a_producer_nothing_follows(statuses: list[dict[str, Any]]) -> None:
    assert "No producer runs" in unheard(statuses, NOW)
