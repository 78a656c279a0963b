from tacho.console.state import StageStatus
from tacho.local.settling import Settling


def status(at_ms: int, lag: int = 0) -> StageStatus:
    return StageStatus("", at_ms, 0, True, "", 0.0, 0, lag, 0)


def test_a_stage_with_records_waiting_is_waited_for() -> None:
    words = {"enricher/enrich": status(2_000, lag=5), "alerter/alerter": status(2_000)}
    assert Settling(1_000).waits_for(words.get) == "enricher/enrich"


def test_a_word_from_before_the_end_of_input_does_not_count() -> None:
    words = {"enricher/enrich": status(900), "alerter/alerter": status(2_000)}
    assert Settling(1_000).waits_for(words.get) == "enricher/enrich"


def test_a_stage_counts_only_once_the_one_before_it_was_idle() -> None:
    words = {"enricher/enrich": status(3_000), "alerter/alerter": status(2_000)}
    assert Settling(1_000).waits_for(words.get) == "alerter/alerter"


def test_all_is_settled_when_each_stage_was_idle_in_turn() -> None:
    words = {"enricher/enrich": status(2_000), "alerter/alerter": status(3_000)}
    assert Settling(1_000).waits_for(words.get) is None
