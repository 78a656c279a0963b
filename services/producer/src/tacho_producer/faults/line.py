"""The way from the simulation to the publisher where faults are allowed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import MappingProxyType

import structlog

from tacho_contracts.connection import Connection
from tacho_producer.encoding import encoder
from tacho_producer.faults.extras import Extras
from tacho_producer.faults.injection import Injection, Outgoing
from tacho_producer.faults.switches import Switches
from tacho_producer.faults.topic import SwitchReader
from tacho_producer.journal import Journal
from tacho_producer.publisher import TOPIC, Publisher, stamps_of
from tacho_producer.samples import I64, Batch, batch_of
from tacho_producer.settings import Faults, Settings

_log = structlog.get_logger("tacho_producer")


class FaultyLine:
    """Takes batches as the publisher does; while no fault is on it hands them on untouched.

    switches: what is on at this moment, the same object until it changes.
    """

    def __init__(
        self, publisher: Publisher, extras: Extras, injection: Injection, switches: Callable[[], Switches]
    ) -> None:
        self._publisher = publisher
        self._extras = extras
        self._injection = injection
        self._switches = switches
        self._on: Switches = MappingProxyType({})

    def send(self, batch: Batch, record_ms: int | Sequence[int] | None) -> None:
        """As `Publisher.send`, for batches of at least one sample."""
        on = self._switches()
        if on is not self._on:
            self._change(on)
        if self._injection.active:
            self._send(self._injection.inject(batch, stamps_of(batch, record_ms)))
        else:
            self._publisher.send(batch, record_ms)

    def end(self, record_ms: int) -> None:
        """Send all that is held back, with this record timestamp."""
        self._send(self._injection.ended(record_ms))

    def _send(self, outgoing: Outgoing) -> None:
        if outgoing.samples:
            batch = batch_of(one.sample for one in outgoing.samples)
            self._publisher.send(batch, [one.record_ms for one in outgoing.samples])
        self._extras.send(outgoing)

    def _change(self, on: Switches) -> None:
        for name in self._on.keys() - on.keys():
            _log.warning("fault off", fault=name)
        for name, switch in on.items():
            if switch != self._on.get(name):
                _log.warning("fault on", fault=name, share=switch.share, car_id=switch.car_id)
        self._injection.switch(on)
        self._on = on


@contextmanager
def line_to(
    publisher: Publisher, connection: Connection, settings: Settings, journal: Journal | None, cars: I64
) -> Iterator[FaultyLine | None]:
    """The way to the publisher on which faults are injected; None, and nothing is read, where they are not allowed."""
    if settings.faults is Faults.OFF:
        yield None
        return
    publisher.extras = Extras(publisher.producer, TOPIC, encoder(settings.encoding), journal, publisher.wait_for_room)
    reader = SwitchReader(connection)
    reader.start()
    try:
        _log.warning("faults are allowed: what is switched on with `tacho fault` is injected")
        yield FaultyLine(publisher, publisher.extras, Injection(settings.seed, cars), lambda: reader.on)
    finally:
        reader.stop()
