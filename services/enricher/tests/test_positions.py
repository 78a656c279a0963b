"""Lag is 0 only when nothing is waiting."""

from tacho_enricher.positions import CommittedPosition, lag

LOG = "sensors-sample"


def test_lag_is_told_by_partition() -> None:
    assert lag({(LOG, 0): 10, (LOG, 1): 5}, {(LOG, 0): 7, (LOG, 1): 5}) == {f"{LOG}/0": 3, f"{LOG}/1": 0}


def test_a_partition_nothing_is_known_of_is_all_waiting() -> None:
    assert lag({(LOG, 0): 4}, {}) == {f"{LOG}/0": 4}


def test_samples_that_came_out_on_another_partition_do_not_hide_one_that_is_waiting() -> None:
    waiting = lag({(LOG, 0): 10, (LOG, 1): 10}, {(LOG, 0): 13, (LOG, 1): 6})
    assert sum(waiting.values()) > 0


def test_samples_that_came_out_on_another_partition_are_not_waiting_once_all_are_out() -> None:
    assert sum(lag({(LOG, 0): 10, (LOG, 1): 10}, {(LOG, 0): 13, (LOG, 1): 7}).values()) == 0


def test_a_batch_query_is_where_it_started_until_a_batch_has_ended() -> None:
    finished: dict[tuple[str, int], int] = {}
    position = CommittedPosition({(LOG, 0): 3, (LOG, 1): 0}, lambda: finished)
    assert position.processed() == {(LOG, 0): 3, (LOG, 1): 0}
    finished[LOG, 0] = 9
    assert position.processed() == {(LOG, 0): 9, (LOG, 1): 0}
