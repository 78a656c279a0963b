"""Heartbeats in a real log."""

import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

sys.path.insert(0, str(Path(__file__).parent))
from logs import heartbeats, records, samples

from tacho_contracts.codec import Codec, decode_any
from tacho_producer.log_records import decode_sample

pytestmark = pytest.mark.broker

Run = Callable[..., subprocess.Popen[str]]


def test_every_partition_has_a_heartbeat_each_second_and_the_last_ones_tell_the_end(start: Run, log: Any) -> None:
    assert start("--cars", "1", "--seconds", "30", "--speed-up", "10").wait(60) == 0
    sent, by_partition = samples(log.servers), {number: [] for number in range(6)}
    for message in heartbeats(log.servers):
        _, _, heartbeat = decode_any(message.value())
        assert (message.key(), heartbeat["at"]) == (None, message.timestamp()[1])
        by_partition[message.partition()].append(heartbeat["at"])
    began = sent[0].timestamp()[1]
    assert all(times == by_partition[0] for times in by_partition.values())
    assert by_partition[0][0] == began
    assert by_partition[0][-1] == began + 30_000
    steps = [later - earlier for earlier, later in itertools.pairwise(by_partition[0])]
    assert max(steps) < 2000
    assert min(steps[:-1]) >= 1000
    mine = sorted(
        (m for m in records(log.servers, "sensors-sample") if m.partition() == sent[0].partition()),
        key=lambda message: message.offset(),
    )
    assert [m.timestamp()[1] for m in mine] == sorted(m.timestamp()[1] for m in mine)


def test_a_live_run_beats_by_the_clock_and_its_last_heartbeats_are_behind_its_samples(start: Run, log: Any) -> None:
    began = time.time() * 1000
    assert start("--cars", "1", "--seconds", "3").wait(60) == 0
    times = sorted({message.timestamp()[1] for message in heartbeats(log.servers)})
    assert began < times[0] <= times[-1] <= time.time() * 1000
    assert len(times) >= 3
    assert times[-1] >= max(message.timestamp()[1] for message in samples(log.servers))


def test_heartbeats_at_the_end_of_the_log_hide_no_car(start: Run, log: Any) -> None:
    assert start("--seconds", "40", "--speed-up", "inf").wait(60) == 0
    producer = Producer({"bootstrap.servers": log.servers})
    for number in range(6):
        for _ in range(3000):
            producer.produce("sensors-sample", Codec("Heartbeat").encode({"at": 1}), partition=number)
    assert producer.flush(30) == 0
    assert start("--seconds", "1").wait(60) == 0
    sequences = [decode_sample(message.value()).sequence for message in samples(log.servers)]
    assert sorted(sequences) == sorted(list(range(1, 42)) * 20)
