"""Which processes a crash drill kills, and when. Pure."""

from dataclasses import dataclass, field

from tacho.errors import UsageError
from tacho.local.stages import PROCESSES

_AT = (0.35, 0.65)
"""Of the run's length: late enough that all are busy, early enough that what follows shows the damage."""


@dataclass
class Drill:
    """Two kills of one service during `seconds` of running."""

    service: str
    seconds: float
    _done: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.service not in PROCESSES:
            raise UsageError(f"There is no {self.service!r} to kill: choose one of {', '.join(PROCESSES)}.")

    def due(self, elapsed: float) -> tuple[str, ...]:
        """The processes to kill now, `elapsed` seconds into the run; each kill is due once."""
        if self._done < len(_AT) and elapsed >= _AT[self._done] * self.seconds:
            self._done += 1
            return PROCESSES[self.service]
        return ()
