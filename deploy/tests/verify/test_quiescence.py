"""When the pipeline counts as being at rest."""

import pytest

from tacho.verify.errors import CannotVerify
from tacho.verify.quiescence import SILENCE_SECONDS, STAGES, Look, Stillness, Word, wait_until_still

ENDS = {"sensors-sample": 100, "samples-enriched": 100}


def look(at, serial, lag=0, ends=ENDS, **words):
    return Look(at, ends, {stage: Word(serial, lag) for stage in STAGES} | words)


def test_it_is_still_when_every_stage_has_said_twice_since_the_last_movement_that_nothing_waits():
    stillness = Stillness()
    assert stillness.waits_for(look(0, 10)) is not None
    assert stillness.waits_for(look(2, 14)) is not None
    assert stillness.waits_for(look(4, 18)) is None


def test_a_word_from_before_the_first_look_does_not_count():
    stillness = Stillness()
    assert [stillness.waits_for(look(at, 10)) is None for at in range(5)] == [False] * 5


def test_a_growing_topic_starts_the_count_again():
    stillness = Stillness()
    for at in (0, 2):
        stillness.waits_for(look(at, 10 + at))
    assert stillness.waits_for(look(4, 14, ends=ENDS | {"alert-data": 1})) == "alert-data still grows"
    assert stillness.waits_for(look(6, 16, ends=ENDS | {"alert-data": 1})) is not None


def test_waiting_records_are_named():
    stillness = Stillness()
    stillness.waits_for(look(0, 10))
    words = {"alerter/alerter": Word(11, 1234)}
    assert stillness.waits_for(look(2, 11, **words)) == "alerter/alerter has 1,234 records waiting"


def test_a_stage_that_cannot_tell_its_lag_is_waited_for():
    stillness = Stillness()
    stillness.waits_for(look(0, 10))
    words = {"enricher/enrich": Word(11, None, "starting")}
    assert "does not know yet what waits (starting)" in str(stillness.waits_for(look(2, 11, **words)))


def test_a_silent_stage_is_not_running():
    stillness = Stillness()
    stillness.waits_for(look(0, 10))
    with pytest.raises(CannotVerify, match="alerter/alerter is not running"):
        stillness.waits_for(look(SILENCE_SECONDS + 1, 12, **{"alerter/alerter": Word(10, 0)}))


def test_the_wait_ends_at_the_deadline_with_the_reason():
    looks = iter(look(at, at, ends={"sensors-sample": at}) for at in range(20))
    with pytest.raises(CannotVerify, match="within 10 s: sensors-sample still grows"):
        wait_until_still(lambda: next(looks), lambda line: None, deadline_seconds=10)


def test_each_reason_to_wait_is_told_once():
    told = []
    looks = iter(look(at, at) for at in range(9))
    wait_until_still(lambda: next(looks), told.append)
    assert len(told) == 1
    assert told[0].startswith("waiting: enricher/enrich, ")
