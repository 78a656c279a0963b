"""Keeps a set of processes alive: restarts what died, gives up on what keeps dying, stops all in a given order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from tacho.errors import TachoError
from tacho.local.process import Process, Spec, ended_message

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 8.0
LOOP_RESTARTS = 6
LOOP_SECONDS = 120.0
_REFUSED_SETTINGS = 2
"""Every service's exit code for what no restart can mend."""


class Running(Protocol):
    """What the supervisor needs of a process; `Process` is the real one."""

    @property
    def spec(self) -> Spec: ...  # noqa: D102
    @property
    def pid(self) -> int: ...  # noqa: D102
    @property
    def exit_code(self) -> int | None: ...  # noqa: D102
    def stop(self, seconds: float = ...) -> bool: ...  # noqa: D102
    def kill(self) -> None: ...  # noqa: D102
    def log_tail(self, lines: int = ...) -> str: ...  # noqa: D102


@dataclass
class RestartPolicy:
    """How long to wait before the next start; None when it died too often lately to go on."""

    deaths: list[float] = field(default_factory=list)

    def delay(self, now: float) -> float | None:
        """Seconds to wait after a death at `now` (monotonic seconds)."""
        self.deaths = [death for death in self.deaths if now - death < LOOP_SECONDS] + [now]
        if len(self.deaths) > LOOP_RESTARTS:
            return None
        return float(min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (len(self.deaths) - 1)))


@dataclass
class _Member:
    spec: Spec
    ends: bool
    needed: bool
    running: Running | None = None
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    restarts: int = 0
    due: float = 0.0


class Supervisor:
    """Owns processes by name. Not thread-safe: one thread starts, watches and stops.

    on_start is called with the name of each that was started, on_end when one has ended well.
    """

    def __init__(
        self,
        on_start: Callable[[str], None] = lambda name: None,
        on_end: Callable[[], None] = lambda: None,
        start: Callable[[Spec], Running] = Process,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_start = on_start
        self._on_end = on_end
        self._start = start
        self._clock = clock
        self._members: dict[str, _Member] = {}

    def start(self, spec: Spec, ends: bool = False, needed: bool = True) -> Running:
        """Start `spec` and keep it alive. With `ends` an exit code of 0 means that its work is done.

        What is not `needed` is given up when it cannot be kept alive; the others run on.
        """
        member = self._members[spec.name] = _Member(spec, ends, needed)
        return self._launch(member)

    @property
    def specs(self) -> list[Spec]:
        """What is to be kept alive; no longer what has ended well."""
        return [member.spec for name, member in self._members.items() if not self.finished(name)]

    def require_alive(self) -> None:
        """Raise TachoError with the end of the log of the first process that has ended."""
        for member in self._members.values():
            if member.needed and member.running is not None and member.running.exit_code is not None:
                raise TachoError(ended_message(member.running))

    def watch(self, may_restart: Callable[[str], bool] = lambda name: True) -> list[str]:
        """Note deaths and restart what is due and `may_restart`; returns sentences on what happened.

        Raises TachoError with the end of the log when a process keeps dying.
        """
        now = self._clock()
        said = []
        for member in self._members.values():
            if member.running is not None and member.running.exit_code is not None:
                said.append(self._bury(member, now))
            elif member.running is None and 0 < member.due <= now and may_restart(member.spec.name):
                member.restarts += 1
                self._launch(member)
                said.append(f"{member.spec.name} started again (restart {member.restarts})")
        return [sentence for sentence in said if sentence]

    def alive(self, name: str) -> bool:
        """Whether it runs now."""
        running = self._members[name].running if name in self._members else None
        return running is not None and running.exit_code is None

    def dead(self) -> list[str]:
        """Those that should run and do not at this moment."""
        names = (name for name, member in self._members.items() if member.needed)
        return [name for name in names if not self.alive(name) and not self.finished(name)]

    def finished(self, name: str) -> bool:
        """Whether a process that ends has ended well."""
        member = self._members.get(name)
        return member is not None and member.ends and member.running is None and not member.due

    def pids(self) -> dict[str, int]:
        """Process id of each that runs."""
        return {name: member.running.pid for name, member in self._members.items() if member.running is not None}

    def restarts(self) -> dict[str, int]:
        """How often each was started again."""
        return {name: member.restarts for name, member in self._members.items()}

    def kill(self, name: str) -> None:
        """kill -9, as a crash would; watch() then restarts it."""
        running = self._members[name].running
        if running is not None:
            running.kill()

    def stop(self, order: Sequence[str], report: Callable[[str], None] = lambda text: None) -> None:
        """Stop all, those named in `order` first and in that order; nothing is left when it returns."""
        names = [name for name in order if name in self._members]
        names += [name for name in self._members if name not in names]
        for name in names:
            member = self._members.pop(name)
            if member.running is None:
                continue
            before = self._clock()
            well = member.running.stop()
            how = "stopped" if well else "did not stop and was killed"
            report(f"{name} {how} ({self._clock() - before:.1f} s)")

    def _launch(self, member: _Member) -> Running:
        member.due = 0.0
        spec = replace(member.spec, env={**member.spec.env, "TACHO_RESTARTS": str(member.restarts)})
        member.running = self._start(spec)
        self._on_start(member.spec.name)
        return member.running

    def _bury(self, member: _Member, now: float) -> str:
        assert member.running is not None
        dead, member.running = member.running, None
        if member.ends and dead.exit_code == 0:
            self._on_end()
            return ""
        # What it left in its group would hold ports and locks that the next one needs.
        dead.kill()
        delay = member.policy.delay(now)
        refused_settings = dead.exit_code == _REFUSED_SETTINGS
        if delay is None or refused_settings:
            if member.needed:
                raise TachoError(ended_message(dead))
            return f"{member.spec.name} is given up, the rest runs on without it. {ended_message(dead)}"
        member.due = now + delay
        return f"{member.spec.name} died (exit code {dead.exit_code}), starting it again in {delay:.1f} s"
