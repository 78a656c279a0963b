import random

from deploy.tests.episodes.made import BEGIN, CAR, acknowledgement, event
from tacho.episodes.fold import chosen, fold


def test_the_highest_revision_wins_in_whatever_order_events_come_and_repeat() -> None:
    events = [event(revision=1), event(revision=2, state="UPDATED"), event(revision=3, state="CLOSED")]
    for seed in range(20):
        mixed = random.Random(seed).sample(events * 3, 9)
        (found,) = fold(mixed, [])
        assert (found.event["revision"], found.open) == (3, False), f"seed {seed}"


def test_open_ones_come_first_then_the_gravest_then_the_newest() -> None:
    events = [
        event(1, state="CLOSED", severity="critical"),
        event(2, severity="info"),
        event(3, severity="critical"),
        event(4, severity="critical", opened_at=BEGIN + 1),
    ]
    ids = [row.event["episode_id"] for row in fold(events, [])]
    assert ids == [f"{CAR}-{sequence}/speeding" for sequence in (4, 3, 2, 1)]


def test_an_episode_lasts_in_event_time_to_its_closing_or_so_far_to_its_newest_sample() -> None:
    open_one, closed = fold([event(1), event(2, state="CLOSED")], [])
    assert (open_one.lasted_ms, closed.lasted_ms) == (70_000, 75_000)


def test_the_newest_acknowledgement_is_shown_and_all_are_counted() -> None:
    mine = event()["episode_id"]
    said = [acknowledgement(mine, BEGIN + 2, by="ada"), acknowledgement(mine, BEGIN + 1, by="bob")]
    (found,) = fold([event()], said)
    assert found.acknowledged is not None
    assert (found.acknowledged["by"], found.acknowledgements) == ("ada", 2)


def test_an_acknowledgement_of_an_episode_that_is_gone_is_left_out() -> None:
    (found,) = fold([event(17)], [acknowledgement(f"{CAR}-18/speeding")])
    assert found.acknowledged is None


def test_only_what_was_asked_for_is_chosen() -> None:
    rows = fold(
        [event(1), event(2, state="CLOSED"), event(3, state="CLOSED", car_id=1_000_002), event(4, rule="lugging")], []
    )

    def sequences(**asked: object) -> set[str]:
        wanted = {"only_open": False, "car": None, "rule": None, "since_ms": None} | asked
        return {row.event["episode_id"].split("-")[1].split("/")[0] for row in chosen(rows, **wanted)}  # type: ignore[arg-type]

    assert sequences() == {"1", "2", "3", "4"}
    assert sequences(only_open=True) == {"1", "4"}
    assert sequences(car=1_000_002) == {"3"}
    assert sequences(rule="lugging") == {"4"}
    assert sequences(since_ms=BEGIN + 75_000) == {"1", "2", "3", "4"}
    assert sequences(since_ms=BEGIN + 75_001) == {"1", "4"}
