"""The console listens to topics that anybody may write to: no record may blind it, and a blind one ends the run."""

import time
from typing import Any

import pytest
from confluent_kafka import Producer

from tacho.console import feed as feed_module
from tacho.console.feed import Feed, take
from tacho.console.state import ConsoleState
from tacho.errors import TachoError
from tacho_contracts.codec import Codec

SAMPLE = {"event_id": "1000001-1", "car_id": 1000001, "sequence": 1, "event_time": 1_795_000_000_000}
SAMPLE_BYTES = Codec("SensorSample").encode({**SAMPLE, "speed": 50.0, "rpm": 2000, "gear": 3})


def alert_bytes(event_id: str) -> bytes:
    known = {"driver_id": None, "brand_name": None, "model_name": None, "color_name": None, "expected_gear": None}
    measured = {"event_time": 1_795_000_000_000, "speed": 130.0, "rpm": 2000, "gear": 5, "late": False}
    found = {"alert_id": f"{event_id}/speeding", "rule": "speeding", "severity": "warning", "observed": 130.0}
    rest = {"event_id": event_id, "car_id": 1000001, "limit": 120.0, "logged_at": 1, "rules_version": "392725faabee"}
    return Codec("Alert").encode({**known, **measured, **found, **rest})


def test_a_record_of_another_topic_is_counted_as_unreadable_and_changes_nothing_else() -> None:
    state = ConsoleState()
    take(state, "alert-data", SAMPLE_BYTES)
    assert state.unreadable == {"alert-data": 1}
    assert not state.alerts


@pytest.mark.parametrize("value", [None, b"", b"garbage", alert_bytes("1000001-1")[:-1]])
def test_what_is_no_record_at_all_is_counted_as_unreadable(value: bytes | None) -> None:
    state = ConsoleState()
    take(state, "alert-data", value)
    assert state.unreadable == {"alert-data": 1}


def test_an_alert_whose_event_has_no_sequence_is_shown_like_any_other() -> None:
    state = ConsoleState()
    take(state, "alert-data", alert_bytes("somebody's own"))
    assert state.alerts_by_rule == {"speeding": 1}


def test_a_feed_that_can_no_longer_listen_says_so_to_whoever_asks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(options: dict[str, Any]) -> None:
        raise RuntimeError("out of file handles")

    monkeypatch.setattr(feed_module, "Consumer", broken)
    with Feed("127.0.0.1:1") as feed:
        feed.join(10)
        for ask in (feed.snapshot, lambda: feed.ready("enricher/enrich"), lambda: feed.status("enricher/enrich")):
            with pytest.raises(TachoError, match="out of file handles"):
                ask()


@pytest.mark.broker
def test_a_foreign_record_on_a_real_topic_does_not_hide_the_alert_behind_it(broker: Any) -> None:
    broker.create_topics()
    producer = Producer({"bootstrap.servers": broker.servers})
    with Feed(broker.servers) as feed:
        deadline = time.monotonic() + 60
        number = 0
        # The feed begins at the end of the topic, and nobody says when it is there.
        while not feed.snapshot().alerts:
            assert time.monotonic() < deadline
            number += 1
            producer.produce("alert-data", SAMPLE_BYTES, b"1000001", partition=0)
            producer.produce("alert-data", alert_bytes(f"1000001-{number}"), b"1000001", partition=0)
            assert producer.flush(30) == 0
            time.sleep(0.2)
        assert feed.snapshot().unreadable["alert-data"]
