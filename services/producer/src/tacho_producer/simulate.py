"""The simulated fleet, sent at the pace of its timeline until its end or a stop."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from tacho_producer.fleet import Fleet
from tacho_producer.motion import Readings
from tacho_producer.publisher import Publisher
from tacho_producer.samples import Batch
from tacho_producer.timeline import Timeline

_MOST_AT_ONCE = 2048
_LONGEST_WAIT_S = 0.25
# librdkafka's poll() counts in whole milliseconds: a shorter wait is none, and the loop would spin.
_SHORTEST_WAIT_S = 0.001


class SampleSource:
    """The fleet's samples in the timeline's order, handed out in pieces. `next_sequences`: of each car."""

    def __init__(self, fleet: Fleet, next_sequences: list[int], timeline: Timeline) -> None:
        self.position = 0
        self._car_ids = fleet.car_ids
        self._first = np.array(next_sequences, np.int64)
        self._timeline = timeline
        self._readings: Iterator[Readings] = iter(fleet)
        self._left = Readings(*[np.empty(0, np.uint8)] * 3)

    def take(self, until: int) -> Batch:
        """Samples from `position` up to number `until`."""
        numbers = np.arange(self.position, until)
        tenths, rpm, gear = self._take_readings(len(numbers))
        step, car = np.divmod(numbers, len(self._car_ids))
        event_us = self._timeline.start_us + numbers * self._timeline.step_us // len(self._car_ids)
        self.position = until
        return Batch(
            self._car_ids[car],
            self._first[car] + step,
            event_us // 1000,
            tenths / 10.0,
            rpm.astype(np.int64),
            gear.astype(np.int64),
        )

    def _take_readings(self, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The fleet's next `count` of tenths, rpm and gear."""
        parts, size = [self._left], len(self._left.rpm)
        while size < count:
            parts.append(next(self._readings))
            size += len(parts[-1].rpm)
        tenths, rpm, gear = (
            np.concatenate([getattr(part, name) for part in parts]) if len(parts) > 1 else getattr(self._left, name)
            for name in ("tenths", "rpm", "gear")
        )
        self._left = Readings(tenths[count:], rpm[count:], gear[count:])
        return tenths[:count], rpm[:count], gear[:count]


def send_all(
    source: SampleSource,
    timeline: Timeline,
    publisher: Publisher,
    stopping: Callable[[], bool],
    send: Callable[[Batch, int | None], None],
) -> None:
    """Give each sample to `send` when it is due, until the timeline ends or `stopping`; each second a heartbeat."""
    heartbeats = publisher.heartbeats
    while not stopping() and source.position != timeline.total:
        publisher.idle()
        now_us = time.time_ns() // 1000
        heartbeats.beat_if_due(timeline.log_ms(source.position, now_us))
        due = timeline.due_by(now_us)
        if due <= source.position:
            wait_s = timeline.wait_s(source.position, now_us)
            publisher.serve(min(max(wait_s, _SHORTEST_WAIT_S), _LONGEST_WAIT_S))
            continue
        batch = source.take(min(due, source.position + _MOST_AT_ONCE))
        # Nor does a clock that was set back stamp a sample before the last heartbeat.
        stamp = max(time.time_ns() // 1_000_000, heartbeats.last_ms) if timeline.follows_clock else None
        send(batch, stamp)
