"""A broker that is away is said once, and once that it is back, however often the client libraries say it.

aiokafka and librdkafka write a line for each connection that is refused, some fifty a second between them. What they
say of anything else is told once a minute, with how often it was said.
"""

import logging
import re
import threading
import time
from collections.abc import Callable

import structlog
from confluent_kafka import KafkaError

_CALM_SECONDS = 3.0
"""aiokafka tries ten times a second: after so long without a word it is connected too."""
_REPEAT_SECONDS = 60.0
_LIBRARIES = frozenset({"aiokafka", "faust", "librdkafka", "mode"})
_UNREACHABLE = re.compile(r"^Unable (connect to|to (request|update) metadata)|NodeNotReadyError|KafkaConnectionError")
# These are told of a group that moves, too.
_FOLLOWS = re.compile(r"coordinator dead|^Heartbeat failed .* not started or not valid|^Timer .* overlapping")

Clock = Callable[[], float]
log = structlog.get_logger(__name__)
_librdkafka = logging.getLogger("librdkafka")


class Outage:
    """Whether a broker is away, by what the clients meet; both its beginning and its end are one line."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._latest = 0.0
        self._detail = ""

    @property
    def lasts(self) -> bool:
        """Whether it is away as far as is known."""
        return self._since is not None

    def trouble(self, reason: str) -> None:
        """A client could not reach a broker."""
        with self._lock:
            self._latest = self._clock()
            begins = self._since is None
            self._since = self._latest if begins else self._since
        if begins:
            log.warning("broker away", reason=reason)

    def answered(self) -> None:
        """A broker confirmed something; it is back once no client had trouble for _CALM_SECONDS."""
        with self._lock:
            now = self._clock()
            if self._since is None or now - self._latest < _CALM_SECONDS:
                return
            seconds, self._since, self._detail = now - self._since, None, ""
        log.info("broker back", seconds=round(seconds, 1))

    def on_error(self, servers: str, error: KafkaError) -> None:
        """librdkafka's error_cb: it tells of a connection, with its address, and then that no broker is left."""
        if error.code() in (KafkaError._TRANSPORT, KafkaError._RESOLVE):
            self._detail = error.str()
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            self.trouble(self._detail or f"{servers}: {error.str()}")
        else:
            _librdkafka.error(f"{error.name()}: %s", error.str())


BROKER = Outage()
"""One for the process, as its log is."""


class LibraryLines(logging.Filter):
    """Leaves of the libraries' lines what is news."""

    def __init__(self, outage: Outage = BROKER, clock: Clock = time.monotonic) -> None:
        super().__init__()
        self._outage = outage
        self._clock = clock
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is to be written; one that was repeated says how often."""
        if record.name.partition(".")[0] not in _LIBRARIES:
            return True
        text = record.getMessage()
        if _UNREACHABLE.search(text):
            self._outage.trouble(text)
            return False
        if self._outage.lasts and _FOLLOWS.search(text):
            return False
        return self._is_news(record)

    def _is_news(self, record: logging.LogRecord) -> bool:
        kind, now = (record.name, str(record.msg)), self._clock()
        at, hidden = self._told.get(kind, (-_REPEAT_SECONDS, 0))
        if now - at < _REPEAT_SECONDS:
            self._told[kind] = at, hidden + 1
            return False
        self._told[kind] = now, 0
        if hidden:
            record.msg = f"{record.msg} ({hidden} more like it since)"
        return True
