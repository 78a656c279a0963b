"""Starting in any order: the broker and the topics are waited for before Faust, which ends with the first refusal."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tacho_alerter.kafka_options import librdkafka_options
from tacho_contracts import health
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.connection import Connection

_SERVICE = "alerter"
_POLL_SECONDS = 0.2
# A signal is only looked at between two answers.
_ANSWER_SECONDS = 1.0

log = structlog.get_logger(__name__)


class BrokerError(Exception):
    """The broker or a topic is not there. The process ends with exit code 1; a supervisor may start it again."""


def wait_for_topics(connection: Connection, seconds: float) -> bool:
    """Return True once the broker has the alerter's topics, False when a signal asks for the end before that.

    Raises BrokerError, one sentence, when something is still missing after `seconds`.
    """
    admin = AdminClient(librdkafka_options(connection))
    catalogue = load_catalogue()
    wanted = {topic.name for topic in (*catalogue.received_by(_SERVICE), *catalogue.sent_by(_SERVICE))}
    deadline, said = time.monotonic() + seconds, False
    with _asked_to_stop() as stop:
        while not stop.is_set():
            missing = _missing(admin, connection.servers, wanted)
            if not missing:
                return True
            if time.monotonic() >= deadline:
                raise BrokerError(missing)
            health.report(_SERVICE, missing)
            if not said:
                log.info("waiting", reason=missing)
                said = True
            stop.wait(_POLL_SECONDS)
    return False


def wait_for_rules(there: Callable[[], bool]) -> bool:
    """Return True once there are rules, False when a signal asks for the end before that; waits without end."""
    with _asked_to_stop() as stop:
        while not there():
            health.report(_SERVICE, "no rules are published yet")
            if stop.wait(_POLL_SECONDS):
                return False
    return True


def _missing(admin: AdminClient, servers: str, wanted: set[str]) -> str:
    """What is missing, as a sentence; empty when nothing is."""
    try:
        found = admin.list_topics(timeout=_ANSWER_SECONDS).topics
    except KafkaException as error:
        return f"no Kafka broker answers at {servers}: {error.args[0].str()}"
    absent = wanted - {name for name, topic in found.items() if topic.partitions and not topic.error}
    if absent:
        return f"{servers} lacks the topics {', '.join(sorted(absent))}; create the catalogue's topics first"
    return ""


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; afterwards they are what they were."""
    stop = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
