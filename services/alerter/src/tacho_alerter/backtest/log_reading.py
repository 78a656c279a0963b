"""The retained log between two times: a client without a group, which commits nothing."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_END, Consumer, KafkaError, KafkaException, TopicPartition

from tacho_alerter.bulk import SLICE_RECORDS
from tacho_alerter.kafka_options import groupless
from tacho_alerter.publishing import iso
from tacho_alerter.rules_topic import RULES_TOPIC

LOG_TOPIC = "samples-enriched"
_ANSWER_SECONDS = 10.0
_PATIENCE_SECONDS = 1.0
"""How long one call waits: Ctrl-C is looked at in between."""


class BacktestRefused(Exception):
    """There is nothing to judge; the text says why and what to do."""


class Part(NamedTuple):
    """The records of one partition that are asked for."""

    partition: int
    start: int
    end: int
    """Offsets; the end itself is not one of them."""


class LogReader:
    """Reads samples-enriched, one partition after the other."""

    def __init__(self, options: Mapping[str, Any], group: str) -> None:
        self._consumer = Consumer(
            {
                **groupless(options, group),
                "fetch.wait.max.ms": 100,
                # A full queue is emptied in less than the second that the client would else wait before it fetches on.
                "fetch.queue.backoff.ms": 10,
            }
        )

    def parts(self, since: int | None, until: int | None) -> list[Part]:
        """What to read: the records that came onto the topic between these times, ms; None for all there are.

        What comes after this call is left out. Raises BacktestRefused when there is none, KafkaException.
        """
        topics = self._consumer.list_topics(timeout=_ANSWER_SECONDS).topics
        if absent := {LOG_TOPIC, RULES_TOPIC} - topics.keys():
            raise BacktestRefused(f"there is no topic {', '.join(sorted(absent))}; create the catalogue's topics first")
        retained = [Part(number, *self._watermarks(number)) for number in sorted(topics[LOG_TOPIC].partitions)]
        if all(part.start >= part.end for part in retained):
            raise BacktestRefused(f"{LOG_TOPIC} is empty; run the pipeline, or put an archive back, first")
        starts = {part.partition: part.start for part in retained} | self._offsets(retained, since)
        ends = {part.partition: part.end for part in retained} | self._offsets(retained, until)
        parts = [Part(p.partition, starts[p.partition], min(ends[p.partition], p.end)) for p in retained]
        parts = [part for part in parts if part.start < part.end]
        if not parts:
            raise BacktestRefused(
                f"nothing came onto {LOG_TOPIC} {_between(since, until)}; name a longer time with --since and --until"
            )
        return parts

    def slices(self, part: Part) -> Iterator[list[bytes]]:
        """The values of its records in log order, so many at once as are judged at once; b"" for none.

        Raises KafkaException when the broker does not answer any longer.
        """
        position = part.start
        self._consumer.assign([TopicPartition(LOG_TOPIC, part.partition, position)])
        answered_at = time.monotonic()
        while position < part.end:
            messages = self._consumer.consume(min(SLICE_RECORDS, part.end - position), _PATIENCE_SECONDS)
            if messages:
                answered_at = time.monotonic()
            elif time.monotonic() - answered_at > _ANSWER_SECONDS:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            values, at_end = [], False
            for message in messages:
                error = message.error()
                if error is None:
                    position = (message.offset() or 0) + 1
                    if position <= part.end:
                        values.append(message.value() or b"")
                elif error.code() == KafkaError._PARTITION_EOF:
                    at_end = True
                else:
                    raise KafkaException(error)
            if values:
                yield values
            if at_end:
                return

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _watermarks(self, partition: int) -> tuple[int, int]:
        start, end = self._consumer.get_watermark_offsets(TopicPartition(LOG_TOPIC, partition), timeout=_ANSWER_SECONDS)
        return start, end

    def _offsets(self, parts: list[Part], at: int | None) -> dict[int, int]:
        """By partition the offset of its first record that came at or after `at`, ms; its end when none has."""
        if at is None:
            return {}
        ends = {part.partition: part.end for part in parts}
        asked = [TopicPartition(LOG_TOPIC, part.partition, at) for part in parts]
        found = self._consumer.offsets_for_times(asked, timeout=_ANSWER_SECONDS)
        return {tp.partition: ends[tp.partition] if tp.offset == OFFSET_END else tp.offset for tp in found}


def _between(since: int | None, until: int | None) -> str:
    return " and ".join(
        [*([] if since is None else [f"since {iso(since)}"]), *([] if until is None else [f"before {iso(until)}"])]
    )
