"""The line between simulation and publisher: out of the way while no fault is on, and heard when one changes."""

import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parent))
from small_fleet import CARS, START_MS, second, switched

from tacho_producer.faults.injection import Injection, Outgoing
from tacho_producer.faults.line import FaultyLine
from tacho_producer.faults.switches import Switch, Switches


class Sent:
    """In the publisher's place, and in that of what sends beside it."""

    def __init__(self) -> None:
        self.batches: list[tuple[Any, Any]] = []
        self.beside: list[Outgoing] = []

    def publish(self, batch: Any, stamps: Any) -> None:
        self.batches.append((batch, stamps))


class Publisher:
    def __init__(self, sent: Sent) -> None:
        self.send = sent.publish


class Extras:
    def __init__(self, sent: Sent) -> None:
        self.send = sent.beside.append


class Topic:
    """Says what is on, as the reader of the topic does."""

    def __init__(self) -> None:
        self.on: Switches = MappingProxyType({})

    def __call__(self) -> Switches:
        return self.on


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def line(sent: Sent, topic: Topic) -> FaultyLine:
    return FaultyLine(Publisher(sent), Extras(sent), Injection(7, CARS), topic)  # type: ignore[arg-type]


@pytest.mark.parametrize("record_ms", [None, START_MS])
def test_while_no_fault_is_on_a_batch_goes_by_untouched(line: FaultyLine, sent: Sent, record_ms: int | None) -> None:
    batch = second(1)
    line.send(batch, record_ms)
    ((passed, stamp),) = sent.batches
    assert passed is batch
    assert stamp == record_ms
    assert not sent.beside


def test_a_change_is_one_line_of_the_log(line: FaultyLine, topic: Topic) -> None:
    topic.on = switched(late=Switch(0.05, None))
    with structlog.testing.capture_logs() as told:
        line.send(second(1), None)
        line.send(second(2), None)
        topic.on = switched()
        line.send(second(3), None)
    assert [(one["event"], one["fault"], one["log_level"]) for one in told] == [
        ("fault on", "late", "warning"),
        ("fault off", "late", "warning"),
    ]
    assert (told[0]["share"], told[0]["car_id"]) == (0.05, None)


def test_another_share_of_a_fault_that_is_on_is_told_too(line: FaultyLine, topic: Topic) -> None:
    with structlog.testing.capture_logs() as told:
        for share in (0.05, 0.05, 0.5):
            topic.on = switched(late=Switch(share, None))
            line.send(second(1), None)
    assert [one["share"] for one in told] == [0.05, 0.5]


def test_after_a_fault_was_off_for_a_batch_the_next_one_goes_by_untouched(
    line: FaultyLine, sent: Sent, topic: Topic
) -> None:
    topic.on = switched(burst=Switch(1.0, None))
    line.send(second(1), None)
    assert not sent.batches
    topic.on = switched()
    line.send(second(2), None)
    assert [len(batch) for batch, _ in sent.batches] == [40]
    batch = second(3)
    line.send(batch, None)
    assert sent.batches[-1][0] is batch


def test_at_the_end_what_is_held_back_is_sent_with_the_time_of_the_end(
    line: FaultyLine, sent: Sent, topic: Topic
) -> None:
    topic.on = switched(burst=Switch(1.0, None))
    line.send(second(1), None)
    line.end(START_MS + 9_000)
    ((batch, stamps),) = sent.batches
    assert (len(batch), set(stamps)) == (20, {START_MS + 9_000})
