"""Heartbeats: one a second on every partition, none ahead of what is still to be sent, none in the way of samples."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho_contracts.codec import Codec
from tacho_producer.heartbeats import Heartbeats
from tacho_producer.simulate import send_all
from tacho_producer.timeline import Timeline

NOW_MS = 1_795_340_000_000
NOW_US = NOW_MS * 1000
PARTITIONS = 6


class Queue:
    """A Kafka client that keeps what it is given, in a queue with room for `room` records."""

    def __init__(self, room: int = 1_000_000) -> None:
        self.room = room
        self.records: list[tuple[int, int, bytes]] = []
        """Partition, record timestamp [ms] and value."""
        self._reports: list[Any] = []

    def produce(self, topic: str, value: bytes, *, partition: int, timestamp: int, on_delivery: Any) -> None:
        if len(self._reports) >= self.room:
            raise BufferError
        self.records.append((partition, timestamp, value))
        self._reports.append(on_delivery)

    def deliver(self) -> None:
        for report in self._reports:
            report(None, None)
        self._reports.clear()


def heartbeats(queue: Queue, wait_for_room: Callable[[], bool] = lambda: False) -> Heartbeats:
    made = Heartbeats(queue, "sensors-sample", wait_for_room)  # type: ignore[arg-type]
    made.partitions = PARTITIONS
    return made


def test_every_partition_gets_one_whose_time_is_its_record_timestamp() -> None:
    queue = Queue()
    heartbeats(queue).beat_if_due(NOW_MS)
    assert [partition for partition, _, _ in queue.records] == list(range(PARTITIONS))
    codec = Codec("Heartbeat")
    assert {(at, codec.decode(value)["at"]) for _, at, value in queue.records} == {(NOW_MS, NOW_MS)}


def test_there_is_one_a_second_and_none_for_a_clock_that_went_back() -> None:
    queue = Queue()
    beats = heartbeats(queue)
    for at in (NOW_MS, NOW_MS + 999, NOW_MS + 1000, NOW_MS + 500, NOW_MS + 1999, NOW_MS + 60_000):
        beats.beat_if_due(at)
        queue.deliver()
    assert sorted({at - NOW_MS for _, at, _ in queue.records}) == [0, 1000, 60_000]
    assert (beats.sent, beats.acked, beats.waiting) == (3 * PARTITIONS, 3 * PARTITIONS, 0)


def test_an_hour_without_a_broker_leaves_few_of_them_waiting_and_then_they_go_on() -> None:
    queue = Queue()
    beats = heartbeats(queue)
    for second in range(3600):
        beats.beat_if_due(NOW_MS + 1000 * second)
    assert beats.waiting < 150 * PARTITIONS
    queue.deliver()
    beats.beat_if_due(NOW_MS + 3_600_000)
    assert queue.records[-1][1] == NOW_MS + 3_600_000


def test_a_full_queue_is_waited_for() -> None:
    queue = Queue(room=4)

    def wait_for_room() -> bool:
        queue.deliver()
        return True

    beats = heartbeats(queue, wait_for_room)
    beats.beat_if_due(NOW_MS)
    assert [partition for partition, _, _ in queue.records] == list(range(PARTITIONS))


def test_when_stopping_the_rest_of_a_round_is_left_out() -> None:
    queue = Queue(room=4)
    beats = heartbeats(queue, wait_for_room=lambda: False)
    beats.beat_if_due(NOW_MS)
    assert (len(queue.records), beats.sent, beats.waiting) == (4, 4, 4)


def test_a_refused_one_is_counted_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    class Refused:
        def str(self) -> str:
            return "not authorized"

    class Message:
        def partition(self) -> int:
            return 3

    beats = heartbeats(Queue())
    beats.beat_if_due(NOW_MS)
    beats._count(Refused(), Message())  # type: ignore[arg-type]
    assert (beats.acked, beats.failed, beats.waiting) == (0, 1, PARTITIONS - 1)


@given(
    speed_up=st.sampled_from([1.0, 2.5, 60.0, math.inf]),
    simulated=st.booleans(),
    number=st.integers(0, 2000),
    elapsed_us=st.integers(0, 10**9),
)
def test_log_time_is_never_past_the_next_sample_to_be_sent(
    speed_up: float, simulated: bool, number: int, elapsed_us: int
) -> None:
    start = NOW_US - 10**9 if simulated else NOW_US
    line = Timeline(start, NOW_US, speed_up, 1_000_000, 7, None if speed_up == 1.0 else 300)
    if line.follows_clock:
        # Its samples are stamped with the clock as they are sent.
        assert line.log_ms(number, NOW_US + elapsed_us) == (NOW_US + elapsed_us) // 1000
    else:
        assert line.log_ms(number, NOW_US + elapsed_us) <= line.event_us(number) // 1000


def test_the_end_of_a_run_is_behind_its_last_sample() -> None:
    line = Timeline(NOW_US - 60_000_000, NOW_US, math.inf, 1_000_000, 20, 60)
    assert line.end_ms(NOW_US) == NOW_MS


class Sent:
    """A publisher that keeps the stamps of samples and heartbeats in the order they are sent."""

    def __init__(self) -> None:
        self.stamps: list[tuple[str, int, int]] = []
        """What, its earliest and its latest record timestamp."""
        self.heartbeats = self
        self.last_ms = 0

    def idle(self) -> None:
        """Nothing to do."""

    def serve(self, seconds: float) -> None:
        """Nothing to wait for."""

    def beat_if_due(self, log_ms: int) -> None:
        self.stamps.append(("heartbeat", log_ms, log_ms))
        self.last_ms = log_ms

    def send(self, batch: Any, record_ms: int | None) -> None:
        stamps = [record_ms] if record_ms is not None else batch
        self.stamps.append(("samples", min(stamps), max(stamps)))


class Source:
    """Numbers instead of samples: the event times [ms] of those taken."""

    def __init__(self, timeline: Timeline) -> None:
        self.position = 0
        self._timeline = timeline

    def take(self, until: int) -> list[int]:
        taken = [self._timeline.event_us(number) // 1000 for number in range(self.position, until)]
        self.position = until
        return taken


@pytest.mark.parametrize("speed_up", [1.0, 50.0, math.inf])
def test_no_sample_is_stamped_before_a_heartbeat_that_was_sent_before_it(
    speed_up: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Sent()
    # The clock is set back by three seconds right after the first heartbeat.
    clock = iter([NOW_US + 5_000_000, *(NOW_US + 2_000_000 + 1000 * n for n in range(10**6))])
    monkeypatch.setattr("tacho_producer.simulate.time.time_ns", lambda: 1000 * next(clock))
    line = Timeline(NOW_US, NOW_US, speed_up, 1_000_000, 7, 40 if math.isinf(speed_up) else 4)
    send_all(Source(line), line, sent, lambda: False, sent.send)  # type: ignore[arg-type]
    newest = 0
    for what, earliest, latest in sent.stamps:
        if what == "heartbeat":
            newest = max(newest, latest)
        else:
            assert earliest >= newest
    assert any(what == "samples" for what, _, _ in sent.stamps)
