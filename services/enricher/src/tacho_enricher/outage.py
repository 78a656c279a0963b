"""A broker that is away is said once, and once that it is back, however often a client meets it.

Spark's own client is silent at Spark's log level ERROR; librdkafka would write a line for each connection refused, some
twenty a second and client. Any other error of it is told once a minute, with how often it came.
"""

import time
from collections.abc import Callable

import structlog
from confluent_kafka import KafkaError

_REPEAT_SECONDS = 60.0
_CONNECTION = frozenset({KafkaError._TRANSPORT, KafkaError._RESOLVE, KafkaError._TIMED_OUT})

log = structlog.get_logger()


class Outage:
    """Whether the brokers are away, by what one client meets and asks; both beginning and end are one line."""

    def __init__(self, servers: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._servers = servers
        self._clock = clock
        self._since: float | None = None
        self._detail = ""
        self._told: dict[str, tuple[float, int]] = {}

    def not_answered(self, error: KafkaError) -> None:
        """What was asked of the brokers ended with this error."""
        if error.code() in _CONNECTION:
            self._begin(error)
        else:
            self.on_error(error)

    def answered(self) -> None:
        """The brokers answered what they were asked."""
        since, self._since, self._detail = self._since, None, ""
        if since is not None:
            log.info("broker back", seconds=round(self._clock() - since, 1))

    def on_error(self, error: KafkaError) -> None:
        """librdkafka's error_cb: it tells of a connection, with its address, and then that no broker is left."""
        if error.code() in _CONNECTION:
            self._detail = error.str()
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._begin(error)
        else:
            self._tell(error)

    def _begin(self, error: KafkaError) -> None:
        if self._since is None:
            self._since = self._clock()
            log.warning("broker away", servers=self._servers, reason=self._detail or error.str())

    def _tell(self, error: KafkaError) -> None:
        now = self._clock()
        at, hidden = self._told.get(error.name(), (now - _REPEAT_SECONDS, 0))
        is_news = now - at >= _REPEAT_SECONDS
        self._told[error.name()] = (now, 0) if is_news else (at, hidden + 1)
        if is_news:
            log.error("Kafka client error", error=error.name(), reason=error.str(), more=hidden)
