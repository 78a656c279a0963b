"""Follows alert-episodes in a group of its own and hands each event on before it counts as read.

Events are sent one after the other, so a car's are in order. What an endpoint has taken is stored and committed each
second; after a crash at most that much is sent again, which receivers tell by the event's key.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from tacho.consume.decoding import MAX_BYTES
from tacho.consume.reading import positions
from tacho.episodes.ids import car_in
from tacho.errors import TachoError
from tacho.kafka_options import client_options
from tacho.local.stopping import StopRequest
from tacho.webhook.choice import Told, Wanted
from tacho.webhook.event import MOST_BYTES, body_of, headers_of, key_of
from tacho.webhook.posting import Unreachable
from tacho.webhook.trying import Answer, answer_of, pause_seconds
from tacho_contracts.codec import decode_any
from tacho_contracts.connection import Connection
from tacho_contracts.errors import Rejected

EPISODES_TOPIC = "alert-episodes"
GROUP = "tacho-operator-webhook"
_COMMIT_MS = 1_000
_POLL_SECONDS = 0.2
_ASK_SECONDS = 10.0


@dataclass(frozen=True)
class Order:
    """What to send, and from where on when the group has never been here (start, end or an ISO time)."""

    wanted: Wanted = field(default_factory=Wanted)
    secret: bytes | None = None
    start: str = "end"
    group: str = GROUP


class Sink:
    """One consumer and one endpoint. `post` gives the status of an answer or raises Unreachable."""

    def __init__(
        self,
        connection: Connection,
        order: Order,
        post: Callable[[bytes, dict[str, str]], int],
        report: Callable[[str], None],
        stop: StopRequest,
        pause: Callable[[int, float], float] = pause_seconds,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._connection, self._order, self._post = connection, order, post
        self._report, self._stop, self._pause = report, stop, pause
        self._told = Told()
        self._assignments = 0
        self._holding = False
        # What was deleted while nobody read is gone: then the oldest that is left comes next.
        self._consumer = Consumer(
            client_options(connection)
            | {"group.id": order.group, "auto.offset.reset": "earliest", "fetch.wait.max.ms": 100}
            | {"enable.auto.offset.store": False, "auto.commit.interval.ms": _COMMIT_MS}
        )

    def run(self) -> None:
        """Until asked to stop. Raises TachoError when the brokers or the topic are not there or refuse."""
        try:
            positions(self._consumer, self._connection, EPISODES_TOPIC, "end")
            self._consumer.subscribe([EPISODES_TOPIC], on_assign=self._assigned, on_revoke=self._revoked)
            while not self._stop.asked:
                message = self._next(_POLL_SECONDS)
                if message is not None and self._settled(message):
                    self._consumer.store_offsets(message)
        except KafkaException as error:
            raise TachoError(f"{EPISODES_TOPIC} cannot be followed: {error.args[0].str()}.") from error
        finally:
            # Commits what was stored.
            self._consumer.close()

    def _next(self, seconds: float) -> Message | None:
        message = self._consumer.poll(seconds)
        error = None if message is None else message.error()
        if error is None:
            return message
        if error.fatal() or not error.retriable():
            raise TachoError(f"{EPISODES_TOPIC} cannot be read: {error.str()}.")
        return None

    def _settled(self, message: Message) -> bool:
        """Whether nothing is left to do for the record; False: it has to come again."""
        event = self._event_in(message)
        if event is None:
            return True
        if not self._order.wanted.takes(event):
            self.counts["not asked for"] += 1
            return True
        if self._told.knows(event):
            self.counts["repeats"] += 1
            return True
        return self._delivered(event)

    def _event_in(self, message: Message) -> dict[str, Any] | None:
        try:
            record, _, event = decode_any(message.value(), MAX_BYTES)
            # Its id goes into a header and onto the terminal.
            if record == "AlertEpisode" and car_in(event["episode_id"]) is not None:
                return event
            why = "no episode"
        except Rejected as error:
            why = f"not readable, {error.reason}"
        self.counts["unreadable"] += 1
        self._report(f"partition {message.partition()} offset {message.offset()} is {why}")
        return None

    def _delivered(self, event: dict[str, Any]) -> bool:
        body, key, assignments, failures = body_of(event), key_of(event), self._assignments, 0
        if len(body) > MOST_BYTES:
            return self._given_up(key, f"its body has {len(body):,} bytes, more than {MOST_BYTES:,}")
        while True:
            try:
                said = self._post(body, headers_of(body, key, self._order.secret, int(time.time())))
                answer, what = answer_of(said), f"status {said}"
            except Unreachable as error:
                answer, what = Answer.LATER, str(error)
            if answer is Answer.TAKEN:
                self._told.add(event)
                self.counts["delivered"] += 1
                return True
            if answer is Answer.REFUSED:
                return self._given_up(key, what)
            failures += 1
            self.counts["failures"] += 1
            seconds = self._pause(failures, random.random())
            self._report(f"{key}: {what}; try {failures + 1} in {seconds:.0f} s")
            if not self._waited(seconds, assignments):
                return False

    def _given_up(self, key: str, why: str) -> bool:
        self.counts["given up"] += 1
        self._report(f"{key} is given up: {why}")
        return True

    def _waited(self, seconds: float, assignments: int) -> bool:
        """Pause, a member of the group all the while. False: asked to stop, or the record may be another's now."""
        deadline = time.monotonic() + seconds
        self._hold(self._consumer.assignment())
        while (left := deadline - time.monotonic()) > 0 and not self._stop.asked and assignments == self._assignments:
            self._next(min(_POLL_SECONDS, left))
        self._holding = False
        self._consumer.resume(self._consumer.assignment())
        return not self._stop.asked and assignments == self._assignments

    def _hold(self, partitions: list[TopicPartition]) -> None:
        self._holding = True
        self._consumer.pause(partitions)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._assignments += 1
        known = consumer.committed(partitions, timeout=_ASK_SECONDS)
        new = {place.partition for place in known if place.offset < 0}
        begun = [place for place in known if place.partition not in new]
        if new:
            places = positions(consumer, self._connection, EPISODES_TOPIC, self._order.start)
            begun += (first := [self._fixed(consumer, place) for place in places if place.partition in new])
            # Kept at once: what comes before the first delivery must not be missed after a restart.
            consumer.commit(offsets=first, asynchronous=False)
        consumer.assign(begun)
        if self._holding:
            consumer.pause(begun)

    def _revoked(self, _: Consumer, __: list[TopicPartition]) -> None:
        self._assignments += 1

    def _fixed(self, consumer: Consumer, place: TopicPartition) -> TopicPartition:
        """The place as a number: `start` and `end` would mean another one tomorrow."""
        low, high = consumer.get_watermark_offsets(place, timeout=_ASK_SECONDS)
        offset = place.offset if place.offset >= 0 else low if self._order.start == "start" else high
        return TopicPartition(place.topic, place.partition, offset)
