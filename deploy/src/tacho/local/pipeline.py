"""The whole pipeline on this machine, from nothing to live alerts, and back to nothing."""

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from types import TracebackType
from typing import Protocol, Self, TypeVar

from confluent_kafka.admin import AdminClient

from tacho.errors import TachoError
from tacho.local import stages
from tacho.local.broker import READY_SECONDS, LocalBroker
from tacho.local.folder import RESTART_FREE_BYTES, prepare_folder, require_disk
from tacho.local.jars import ensure_jars
from tacho.local.java import java
from tacho.local.lock import RunLock
from tacho.local.ports import require_free
from tacho.local.process import Ended, Process, wait_ready
from tacho.local.record import RunRecord, open_record
from tacho.local.scraping import write_targets
from tacho.local.settings import RunSettings
from tacho.local.stopping import StopRequest
from tacho.local.supervisor import Supervisor
from tacho.local.topics import ensure_topics
from tacho_contracts.catalogue import load_catalogue

STAGES_READY_SECONDS = 240.0
CARS_SECONDS = 240.0
RULES_SECONDS = 60.0

Report = Callable[[str], None]


class Readiness(AbstractContextManager["Readiness"], Protocol):
    """Who hears the services' own words on how they are."""

    def ready(self, instance: str) -> bool:
        """Whether the newest status of `<service>/<instance>` says ready and was written since listening began."""


Listener = TypeVar("Listener", bound=Readiness)


class Pipeline(AbstractContextManager["Pipeline"]):
    """Everything between start() and the end of the `with`; afterwards no process, port or lock is left."""

    def __init__(self, settings: RunSettings, stop: StopRequest, report: Report) -> None:
        self._stop_request = stop
        self.settings = settings
        self.folder = settings.folder
        self.record: RunRecord
        """From the `with` on."""
        self.broker = LocalBroker(
            settings.folder.broker, settings.port, settings.jars / "broker", log=settings.folder.logs / "broker.log"
        )
        self.input_began_ms = 0
        """Since the epoch; what was logged earlier is of an earlier run."""
        self.steps: dict[str, float] = {}
        """Seconds of each step of the start."""
        self.supervisor = Supervisor(on_start=self._note_start, on_end=self._write_targets)
        self._report = report
        self._stack = ExitStack()
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        """Take the lock and the port, and fetch what is missing. Raises TachoError before anything is started."""
        java()
        require_disk(self.folder.root)
        with ExitStack() as stack:
            self._lock = stack.enter_context(RunLock(self.folder.lock))
            self.record = open_record(self.settings)
            require_free(self.settings.port, "--port")
            self.steps["jars"] = ensure_jars(self.settings.jars, self._report_jars)
            stack.callback(self._stop)
            self._stack = stack.pop_all()
        self._began = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def start(self, listen: Callable[[str], Listener], input_at_once: bool = False) -> Listener:
        """Start all but the input; returns when what must be ready before it has said so.

        `input_at_once` starts the input too, as soon as there are topics and cars: its first samples wait in the log,
        and the first alerts come as soon as Spark is up. `listen` is called with the broker's address once topics are
        there. What is slow to start begins at once, side by side: a stage waits for broker, topics and cars by itself.
        The windows come last, so that they do not take the processor from the way to the first alert.
        """
        prepare_folder(self.folder)
        if self.settings.page:
            self._report(f"page  {stages.page_address(self.settings)}")
            self.supervisor.start(stages.dashboard(self.settings), needed=False)
        cars = None
        if not (self.folder.dims / "cars" / "cars.csv").exists():
            cars = Process(stages.cars_generator(self.settings))
            self._stack.callback(cars.kill)
        enricher, *windows = stages.enrichers(self.settings)
        self.supervisor.start(enricher)
        self._step("broker", self._start_broker)
        self._step("topics", self._create_topics)
        listener = listen(self.broker.servers)
        self._stack.enter_context(listener)
        rules = Process(stages.rules(self.settings))
        self._stack.callback(rules.kill)
        self.supervisor.start(stages.alerter(self.settings))
        self._step("rules", lambda: self._finish(rules, RULES_SECONDS))
        if cars is not None:
            self._step("cars", lambda: self._finish(cars, CARS_SECONDS))
        if input_at_once:
            self.start_input()
        for status in stages.ALERTS_PATH:
            self._step(status, partial(self._await, status, listener))
        for spec in windows:
            self.supervisor.start(spec)
        if self.settings.seconds is not None:
            # A bounded run is measured: nothing may still be starting while it is.
            for status in stages.WINDOW_STATUSES:
                self._step(status, partial(self._await, status, listener))
        self._lock.note(self.broker.servers)
        return listener

    def start_input(self) -> None:
        """Start the producer."""
        self.input_began_ms = int(time.time() * 1000)
        self.supervisor.start(stages.producer(self.settings), ends=self._producer_ends)
        self.steps["all"] = self.elapsed()

    def watch(self) -> None:
        """One round of health: report deaths, restart. Raises TachoError when a process cannot be kept alive."""
        for sentence in self.supervisor.watch(self._may_restart):
            self._report(sentence)

    def elapsed(self) -> float:
        """Seconds since all that had to be fetched was there."""
        return time.monotonic() - self._began

    def _note_start(self, name: str) -> None:
        self.record.started(name)
        self._write_targets()

    def _write_targets(self) -> None:
        write_targets(self.folder.metrics, self.supervisor.specs)

    def _report_jars(self, text: str) -> None:
        self._stop_request.check()
        self._report(f"jars: {text}")

    def _may_restart(self, name: str) -> bool:
        require_disk(self.folder.root, RESTART_FREE_BYTES)
        # Without the broker nobody else can live; it comes back first.
        return name == stages.BROKER or self.broker.is_ready()

    @property
    def _producer_ends(self) -> bool:
        return self.settings.seconds is not None or bool(self.settings.replay)

    def _start_broker(self) -> None:
        self.broker.prepare()
        process = self.supervisor.start(self.broker.spec())
        self._wait_ready(process, self.broker.is_ready, READY_SECONDS)

    def _create_topics(self) -> None:
        admin = AdminClient({"bootstrap.servers": self.broker.servers, "log_level": 0})
        ensure_topics(admin, load_catalogue().topics.values())

    def _await(self, instance: str, listener: Readiness) -> None:
        deadline = time.monotonic() + STAGES_READY_SECONDS
        while not listener.ready(instance):
            # What dies before it was ever ready would die again: better its log now than six starts later.
            self.supervisor.require_alive()
            if time.monotonic() > deadline:
                raise TachoError(
                    f"{instance} did not report that it is ready within {STAGES_READY_SECONDS:.0f} s: "
                    f"see its log in {self.folder.logs}."
                )
            self._stop_request.pause()

    def _finish(self, process: Process, seconds: float) -> None:
        self._wait_ready(process, lambda: process.exit_code == 0, seconds)

    def _wait_ready(self, process: Ended, ready: Callable[[], bool], seconds: float) -> None:
        def unless_stopped() -> bool:
            self._stop_request.check()
            return ready()

        wait_ready(process, unless_stopped, seconds)

    def _step(self, name: str, action: Callable[[], None]) -> None:
        before = time.monotonic()
        action()
        self.steps[name] = time.monotonic() - before
        self._report(f"{name} ready after {self.elapsed():.1f} s")

    def _stop(self) -> None:
        self.supervisor.stop(stages.STOP_ORDER, self._report)
        shutil.rmtree(self.folder.root / "scratch", ignore_errors=True)
        self.folder.metrics.unlink(missing_ok=True)
