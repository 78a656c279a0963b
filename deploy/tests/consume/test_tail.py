from typing import Any

import pytest
from confluent_kafka import Producer

from tacho.commands.tail import tail
from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker

EARLY, LATE = 1_795_000_000_000, 1_795_000_060_000


@pytest.fixture(scope="module")
def servers(broker: Any) -> str:
    """A broker with two cars' samples on the log, a minute apart, then a heartbeat, and one record that is neither."""
    broker.create_topics()
    producer = Producer({"bootstrap.servers": broker.servers})
    codec = Codec("SensorSample")
    for car, at in ((1000001, EARLY), (1000002, LATE)):
        measured = {"event_time": at, "speed": 50.0, "rpm": 2000, "gear": 3}
        value = codec.encode({"event_id": f"{car}-1", "car_id": car, "sequence": 1, **measured})
        producer.produce("sensors-sample", value, str(car).encode(), partition=0, timestamp=at)
    producer.produce("sensors-sample", Codec("Heartbeat").encode({"at": LATE}), partition=0, timestamp=LATE)
    producer.produce("sensors-sample", b"\x1bgarbage", partition=0, timestamp=LATE)
    assert producer.flush(30) == 0
    return str(broker.servers)


def test_a_topic_is_read_from_its_start_and_ends_at_the_limit(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    tail("sensors-sample", start="start", limit=4, servers=servers)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("  ")[0] for line in lines[:2]] == ["event_id=1000001-1", "event_id=1000002-1"]
    assert lines[2] == "at=2026-11-18T11:07:40.000Z"
    assert lines[3].startswith("not readable: unknown-format")


def test_reading_from_a_time_leaves_out_what_is_older(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    tail("sensors-sample", start="2026-11-18T11:07:00Z", limit=1, servers=servers)
    assert capsys.readouterr().out.startswith("event_id=1000002-1")


def test_only_the_car_that_was_asked_for_is_shown(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    tail("sensors-sample", car=1000002, start="start", limit=1, servers=servers)
    assert capsys.readouterr().out.startswith("event_id=1000002-1")
