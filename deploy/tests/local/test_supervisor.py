from pathlib import Path

import pytest

from tacho.errors import TachoError
from tacho.local.process import Spec
from tacho.local.supervisor import LOOP_RESTARTS, RestartPolicy, Supervisor


class FakeProcess:
    """A process that ends when it is told to, and keeps a common diary."""

    def __init__(self, spec: Spec, diary: list[str], stubborn: bool = False) -> None:
        self.spec = spec
        self.pid = 1
        self.exit_code: int | None = None
        self._diary = diary
        self._stubborn = stubborn
        diary.append(f"start {spec.name} {spec.env['TACHO_RESTARTS']}")

    def stop(self, seconds: float = 20.0) -> bool:
        self._diary.append(f"stop {self.spec.name}")
        self.exit_code = 0
        return not self._stubborn

    def kill(self) -> None:
        self._diary.append(f"kill {self.spec.name}")
        self.exit_code = -9 if self.exit_code is None else self.exit_code

    def log_tail(self, lines: int = 15) -> str:
        return "the last words"


class Fleet:
    """A supervisor over fakes, with a clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.diary: list[str] = []
        self.started: list[str] = []
        self.processes: dict[str, FakeProcess] = {}
        self.supervisor = Supervisor(self.started.append, self._on_end, self._start, lambda: self.now)
        self.kept_at_the_end: list[list[str]] = []

    def _on_end(self) -> None:
        self.kept_at_the_end.append([spec.name for spec in self.supervisor.specs])

    def _start(self, spec: Spec) -> FakeProcess:
        self.processes[spec.name] = FakeProcess(spec, self.diary)
        return self.processes[spec.name]

    def run(self, name: str, ends: bool = False) -> None:
        self.supervisor.start(Spec(name, ("true",), Path("/dev/null")), ends)

    def die(self, name: str, code: int = 1) -> None:
        self.processes[name].exit_code = code


def test_processes_stop_in_the_order_given_whatever_order_they_started_in() -> None:
    fleet = Fleet()
    for name in ("broker", "alerter", "enricher", "producer"):
        fleet.run(name)
    fleet.supervisor.stop(("producer", "enricher", "alerter", "broker"))
    assert fleet.diary[4:] == ["stop producer", "stop enricher", "stop alerter", "stop broker"]


def test_a_process_that_the_order_does_not_name_is_stopped_too() -> None:
    fleet = Fleet()
    fleet.run("tap")
    fleet.supervisor.stop(("producer",))
    assert fleet.diary[-1] == "stop tap"


def test_a_dead_process_is_started_again_only_after_its_delay() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    fleet.die("alerter")
    fleet.supervisor.watch()
    fleet.now = 0.4
    fleet.supervisor.watch()
    assert fleet.started == ["alerter"]
    fleet.now = 0.5
    fleet.supervisor.watch()
    assert fleet.started == ["alerter", "alerter"]


def test_a_restarted_process_is_told_how_often_it_was_restarted() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    fleet.die("alerter")
    fleet.supervisor.watch()
    fleet.now = 1.0
    fleet.supervisor.watch()
    assert fleet.diary[-1] == "start alerter 1"


def test_what_a_dead_process_left_in_its_group_is_killed_before_the_next_start() -> None:
    fleet = Fleet()
    fleet.run("enricher")
    fleet.die("enricher")
    fleet.supervisor.watch()
    assert fleet.diary[-1] == "kill enricher"


def test_a_restart_waits_until_it_is_allowed() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    fleet.die("alerter")
    fleet.supervisor.watch()
    fleet.now = 5.0
    fleet.supervisor.watch(lambda name: False)
    assert fleet.supervisor.dead() == ["alerter"]


def test_a_crash_loop_ends_with_the_last_words_of_the_log() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    for _ in range(LOOP_RESTARTS):
        fleet.die("alerter")
        fleet.supervisor.watch()
        fleet.now += 10.0
        fleet.supervisor.watch()
    fleet.die("alerter")
    with pytest.raises(TachoError, match="the last words"):
        fleet.supervisor.watch()


def test_settings_that_are_refused_are_not_tried_again() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    fleet.die("alerter", code=2)
    with pytest.raises(TachoError, match="exit code 2"):
        fleet.supervisor.watch()


def test_settings_that_are_refused_after_a_restart_are_not_tried_again_either() -> None:
    fleet = Fleet()
    fleet.run("alerter")
    fleet.die("alerter")
    fleet.supervisor.watch()
    fleet.now = 1.0
    fleet.supervisor.watch()
    fleet.die("alerter", code=2)
    with pytest.raises(TachoError, match="exit code 2"):
        fleet.supervisor.watch()


def test_a_bounded_process_that_ends_well_is_finished_and_not_restarted() -> None:
    fleet = Fleet()
    fleet.run("producer", ends=True)
    fleet.die("producer", code=0)
    fleet.supervisor.watch()
    fleet.now = 60.0
    fleet.supervisor.watch()
    assert fleet.supervisor.finished("producer")
    assert fleet.started == ["producer"]


def test_what_has_ended_well_is_told_once_and_is_no_longer_to_be_kept_alive() -> None:
    fleet = Fleet()
    fleet.run("producer", ends=True)
    fleet.run("broker")
    fleet.die("producer", code=0)
    fleet.supervisor.watch()
    fleet.supervisor.watch()
    assert fleet.kept_at_the_end == [["broker"]]


def test_a_bounded_process_that_dies_is_not_finished() -> None:
    fleet = Fleet()
    fleet.run("producer", ends=True)
    fleet.die("producer", code=-9)
    fleet.supervisor.watch()
    assert not fleet.supervisor.finished("producer")


def test_deaths_long_ago_do_not_lengthen_the_delay() -> None:
    policy = RestartPolicy()
    assert [policy.delay(0.0), policy.delay(1.0), policy.delay(2.0)] == [0.5, 1.0, 2.0]
    assert policy.delay(1_000.0) == 0.5


def test_what_is_not_needed_is_given_up_and_the_rest_runs_on() -> None:
    fleet = Fleet()
    fleet.supervisor.start(Spec("page", ("true",), Path("/dev/null")), needed=False)
    fleet.run("alerter")
    fleet.die("page", code=2)
    fleet.supervisor.require_alive()
    (sentence,) = fleet.supervisor.watch()
    assert sentence.startswith("page is given up, the rest runs on without it.")
    fleet.now += 100
    assert fleet.supervisor.watch() == fleet.supervisor.dead() == []
    assert fleet.supervisor.alive("alerter")


def test_what_is_not_needed_is_started_again_like_the_others() -> None:
    fleet = Fleet()
    fleet.supervisor.start(Spec("page", ("true",), Path("/dev/null")), needed=False)
    fleet.die("page")
    fleet.supervisor.watch()
    fleet.now += 1
    assert fleet.supervisor.watch() == ["page started again (restart 1)"]
