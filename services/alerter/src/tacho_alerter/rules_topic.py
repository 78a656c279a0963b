"""The published rules: alert-rules read from its beginning, and on, by a thread with its own connection.

A version holds from an event time at least a minute ahead of its publishing, so a worker that has looked within half a
minute has it before the first sample it is for.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from tacho_alerter.kafka_options import groupless
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import RulesError, parse_rules
from tacho_alerter.rules.ruleset import RuleSet
from tacho_contracts.catalogue import Catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.errors import Rejected

RULES_TOPIC = "alert-rules"
RULES_BYTES = 65_536
"""The topic's max.message.bytes: no version is larger."""
FRESH_SECONDS = 30.0
"""For how long a look at the topic's end counts; versions are published at least twice as long ahead."""
_LOOK_SECONDS = 1.0
_ANSWER_SECONDS = 5.0
log = structlog.get_logger(__name__)


class RulesReader:
    """Reads every version there is; what is not usable is named in the log and left out."""

    def __init__(self, connection_options: Mapping[str, Any], group: str, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._codec = Codec("RulesVersion", max_bytes=RULES_BYTES)
        self._consumer = Consumer(groupless(connection_options, group))
        self._at: int | None = None
        self.versions: list[tuple[int, RuleSet]] = []
        """The event time, ms, from which a version holds, and the version; as they are in the topic."""

    def read_to_the_end(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Read what has come since the last call. Raises KafkaException when the broker does not answer."""
        # The end is asked for anew each time: a client that has lost its broker would else take silence for the end.
        start, end = self._consumer.get_watermark_offsets(TopicPartition(RULES_TOPIC, 0), timeout=_ANSWER_SECONDS)
        if self._at is None:
            self._at = start
            self._consumer.assign([TopicPartition(RULES_TOPIC, 0, start)])
        while self._at < end and not stopped():
            message = self._consumer.poll(_ANSWER_SECONDS)
            if message is None:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            error = message.error()
            if error is None:
                self._take(message)
                self._at = (message.offset() or 0) + 1
            elif error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _take(self, message: Message) -> None:
        place = f"{RULES_TOPIC}, offset {message.offset()}"
        try:
            record = self._codec.decode(message.value())
            rules = parse_rules(record["text"], place, self._catalogue)
            if rules.version != record["version"]:
                raise RulesError(f"{place}: says it is version {record['version']} and is {rules.version}")
        except (Rejected, RulesError) as error:
            log.error("rules refused; those in force stay", reason=str(error), offset=message.offset())
            return
        self.versions.append((record["effective_at"], rules))


class RulesTopic(threading.Thread):
    """Every usable version of the topic, as a history that goes on by itself."""

    def __init__(self, reader: RulesReader) -> None:
        super().__init__(name="rules", daemon=True)
        self._reader = reader
        self._stopping = threading.Event()
        self._looked_at = float("-inf")
        self.history: RulesHistory | None = None
        """The versions read so far; replaced as a whole by a new one. None while there is none."""

    @property
    def fresh(self) -> bool:
        """Whether there are rules, and the topic's end was seen so lately that no version can be missing."""
        return self.history is not None and time.monotonic() - self._looked_at < FRESH_SECONDS

    def run(self) -> None:
        """Read on until `stop`. A broker that does not answer is waited for."""
        said = False
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._reader.read_to_the_end(self._stopping.is_set)
            except KafkaException as error:
                log.warning("rules not read", reason=error.args[0].str())
            else:
                self._looked_at = began
                self._publish()
            if self.history is None and not said:
                log.info("waiting", reason=f"no rules on {RULES_TOPIC}: publish some with tacho rules publish")
                said = True
            self._stopping.wait(_LOOK_SECONDS)
        self._reader.close()

    def stop(self) -> None:
        """End the thread within a moment."""
        self._stopping.set()

    def _publish(self) -> None:
        versions = self._reader.versions
        if versions and (self.history is None or len(self.history) != len(versions)):
            self.history = RulesHistory(versions)
            effective_at, newest = versions[-1]
            log.info("rules read", version=newest.version, effective_at=effective_at, rules=len(newest.rules))
