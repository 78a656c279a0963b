"""This service's own word: to the topic service-status, to the health checks and to Prometheus."""

import asyncio
import time
from importlib.metadata import version
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tacho_contracts import health
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection
from tacho_contracts.metrics import EVENTS, Exposition
from tacho_dashboard.kafka_options import kafka_options
from tacho_dashboard.reading.closing import close
from tacho_dashboard.reading.reader import Reader
from tacho_dashboard.settings import Settings

SERVICE = "dashboard"
STATUS_TOPIC = "service-status"
_ANSWER_SECONDS = 10.0

log = structlog.get_logger(__name__)


class StatusReporter:
    """Says every `status_seconds` how the reader is doing."""

    def __init__(self, settings: Settings, connection: Connection, reader: Reader, shown: Exposition) -> None:
        self._settings = settings
        self._connection = connection
        self._reader = reader
        self._shown = shown
        self._codec = Codec("ServiceStatus")
        self._since = _now_ms()
        self._sending: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Report until cancelled; a broker that does not answer is reported as not ready, never raised."""
        last_time, last_total = time.monotonic(), 0
        try:
            while True:
                now, total = time.monotonic(), self._reader.taken.total()
                rate = (total - last_total) / (now - last_time) if now > last_time else 0.0
                last_time, last_total = now, total
                self._report(self._status(rate, total))
                await asyncio.sleep(self._settings.status_seconds)
        finally:
            if self._sending is not None:
                self._sending.cancel()

    def _status(self, rate: float, total: int) -> dict[str, Any]:
        reason = self._reader.reason
        return {
            "service": SERVICE,
            "instance": self._settings.instance,
            "version": version("tacho-dashboard"),
            "since": self._since,
            "at": _now_ms(),
            "ready": not reason,
            "reason": reason,
            "rate": rate,
            "total": total,
            "lag": self._reader.lag,
            "restarts": self._settings.restarts,
            "state_bytes": 0,
        }

    def _report(self, status: dict[str, Any]) -> None:
        health.report(SERVICE, status["reason"])
        self._shown.tell(status)
        unreadable = self._reader.unreadable()
        for topic, taken in dict(self._reader.taken).items():
            self._shown.show(EVENTS, taken - unreadable[topic], topic, "shown")
        for topic, count in unreadable.items():
            self._shown.show(EVENTS, count, topic, "unreadable")
        # One status at a time: while the broker is away they must not pile up.
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send(status))

    async def _send(self, status: dict[str, Any]) -> None:
        producer = await self._producer()
        if producer is None:
            return
        key = f"{status['service']}/{status['instance']}".encode()
        try:
            await asyncio.wait_for(
                producer.send_and_wait(STATUS_TOPIC, self._codec.encode(status), key), _ANSWER_SECONDS
            )
        except (KafkaError, TimeoutError) as error:
            log.debug("status not sent", reason=str(error))
            await self._forget(producer)

    _sender: AIOKafkaProducer | None = None

    async def _producer(self) -> AIOKafkaProducer | None:
        if self._sender is None:
            producer = AIOKafkaProducer(**kafka_options(self._connection))
            try:
                await producer.start()
            except KafkaError:
                # The reader says it.
                await self._forget(producer)
                return None
            self._sender = producer
        return self._sender

    async def _forget(self, producer: AIOKafkaProducer) -> None:
        self._sender = None
        await close(producer)


def _now_ms() -> int:
    return int(time.time() * 1000)
