"""Faults in a real log: switched on and off by the topic, and out of reach where they are not allowed."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

sys.path.insert(0, str(Path(__file__).parent))
from logs import records, samples, wait_for

from tacho_contracts.codec import Codec, decode_any
from tacho_contracts.errors import Rejected
from tacho_producer.journal import segments
from tacho_producer.log_records import decode_sample

pytestmark = pytest.mark.broker

Run = Callable[..., subprocess.Popen[str]]
CAR = 1_000_003


def switch(servers: str, name: str, on: bool, **more: Any) -> None:
    record = {"name": name, "on": on, "at": 1, "by": "test", "share": None, "car_id": None, **more}
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("faults", Codec("FaultSwitch").encode(record), name)
    assert producer.flush(30) == 0


def copies(servers: str) -> Counter[tuple[int, int]]:
    """How often each sample is in the log."""
    found: Counter[tuple[int, int]] = Counter()
    for message in samples(servers):
        try:
            sample = decode_sample(message.value())
        except Rejected:
            continue
        found[sample.car_id, sample.sequence] += 1
    return found


def sent_twice(servers: str) -> list[int]:
    """The sequences of the car that are in the log twice."""
    return sorted(sequence for (car, sequence), count in copies(servers).items() if car == CAR and count == 2)


def goes_on_once_each(servers: str, after: int) -> bool:
    """Whether forty samples of the car came later, and none of them twice."""
    counts = {sequence: count for (car, sequence), count in copies(servers).items() if car == CAR and sequence > after}
    return len(counts) > 40 and set(list(counts.values())[-40:]) == {1}


def test_a_switch_is_followed_while_the_producer_runs_and_nothing_is_left_of_it_when_it_is_off(
    start: Run, log: Any, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    run = start("--cars", "2", "--rate", "20", "--faults", "allow", "--journal", str(journal))
    wait_for("a sample", lambda: len(copies(log.servers)) > 10)
    assert not sent_twice(log.servers)
    switch(log.servers, "duplicate", on=True, car_id=CAR)
    wait_for("samples that are sent twice", lambda: len(sent_twice(log.servers)) > 20)
    switch(log.servers, "duplicate", on=False)
    wait_for("samples that are sent once", lambda: goes_on_once_each(log.servers, sent_twice(log.servers)[-1]))
    run.send_signal(signal.SIGTERM)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 0, said
    told = [json.loads(line) for line in said.splitlines() if '"event": "fault o' in line]
    assert [(line["event"], line["fault"]) for line in told] == [("fault on", "duplicate"), ("fault off", "duplicate")]
    found = copies(log.servers)
    twice = {pair for pair, count in found.items() if count == 2}
    assert set(found.values()) == {1, 2}
    assert {car for car, _ in twice} == {CAR}
    lines = [line.split(",") for path in segments(journal) for line in path.read_text().splitlines()]
    assert {(int(line[3]), int(line[4])) for line in lines if line[0] == "extra"} == twice
    assert sum(line[0] == "extra-acked" for line in lines) == len(twice)
    assert {(int(line[3]), int(line[4])) for line in lines if line[0] == "sent"} == set(found)


def test_what_a_burst_holds_back_is_sent_when_the_producer_is_told_to_end(start: Run, log: Any, tmp_path: Path) -> None:
    switch(log.servers, "burst", on=True)
    run = start("--cars", "2", "--rate", "20", "--faults", "allow", "--journal", str(tmp_path / "journal"))
    wait_for("a burst", lambda: len(copies(log.servers)) > 100)
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 0, run.communicate()
    sequences = [sorted(number for car, number in copies(log.servers) if car == mine) for mine in (CAR, CAR + 7919)]
    for mine in sequences:
        assert mine == list(range(1, len(mine) + 1))
    assert set(copies(log.servers).values()) == {1}


def test_a_producer_that_may_not_does_not_even_look_at_the_switches(start: Run, log: Any) -> None:
    switch(log.servers, "duplicate", on=True, share=1.0)
    run = start("--seconds", "3")
    _, said = run.communicate(timeout=60)
    assert run.returncode == 0
    assert "fault" not in said
    assert set(copies(log.servers).values()) == {1}
    assert [decode_any(message.value())[2]["lag"] for message in records(log.servers, "service-status")][-1] == {}


def test_a_producer_that_may_says_so_by_the_partition_it_reads(start: Run, log: Any) -> None:
    assert start("--seconds", "3", "--faults", "allow").wait(60) == 0
    statuses = [decode_any(message.value())[2] for message in records(log.servers, "service-status")]
    assert statuses[-1]["lag"] == {"faults/0": 0}
