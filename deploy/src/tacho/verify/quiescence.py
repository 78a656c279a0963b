"""When the pipeline has come to rest: input stopped, and every stage has said twice since that nothing waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tacho.verify.errors import CannotVerify

STAGES = ("enricher/enrich", "enricher/windows", "enricher/alert-windows", "alerter/alerter")
"""Keys of the service-status records that must report no lag."""
WORDS_NEEDED = 2
SILENCE_SECONDS = 45.0
DEADLINE_SECONDS = 180.0


@dataclass(frozen=True)
class Word:
    """The newest service-status record of one stage; serial: its offset, so that no two clocks are compared."""

    serial: int
    lag: int | None
    """Records waiting; None while the stage does not know."""
    reason: str = ""
    """Why the stage is not ready; empty when it is."""


@dataclass(frozen=True)
class Look:
    """One look at the cluster. at: a monotonic clock in seconds; ends: records ever written, by topic."""

    at: float
    ends: Mapping[str, int]
    words: Mapping[str, Word]


class Stillness:
    """Judges looks one after the other."""

    def __init__(self, stages: tuple[str, ...] = STAGES) -> None:
        self._stages = stages
        self._ends: Mapping[str, int] | None = None
        self._heard: dict[str, tuple[int, float]] = {}
        self._content: dict[str, int] = dict.fromkeys(stages, 0)

    def waits_for(self, look: Look) -> str | None:
        """What keeps the pipeline from being at rest, as a clause; None when it is. Raises CannotVerify when a
        stage has been silent for so long that it cannot be running."""
        moved = [] if self._ends is None else [t for t, end in look.ends.items() if self._ends.get(t) != end]
        settled = self._ends is not None and not moved
        self._ends = look.ends
        for stage in self._stages:
            self._hear(stage, look, settled)
        if moved:
            return f"{', '.join(sorted(moved))} still grows"
        return self._known_reason(look) or self._open_question()

    def _hear(self, stage: str, look: Look, settled: bool) -> None:
        word = look.words.get(stage)
        serial, since = self._heard.setdefault(stage, (word.serial if word else -1, look.at))
        if word is not None and word.serial > serial:
            self._heard[stage] = (word.serial, look.at)
            self._content[stage] = self._content[stage] + 1 if word.lag == 0 and settled else 0
        elif look.at - since > SILENCE_SECONDS:
            raise CannotVerify(
                f"{stage} is not running (no service-status for {look.at - since:.0f} s); "
                "verify while the pipeline is up, after the producer has stopped"
            )
        if not settled:
            self._content[stage] = 0

    def _known_reason(self, look: Look) -> str | None:
        for stage in self._stages:
            word = look.words.get(stage)
            if word is not None and word.lag:
                return f"{stage} has {word.lag:,} records waiting"
            if word is not None and word.lag is None:
                return f"{stage} does not know yet what waits ({word.reason})"
        return None

    def _open_question(self) -> str | None:
        open_stages = [stage for stage in self._stages if self._content[stage] < WORDS_NEEDED]
        return f"{', '.join(open_stages)} to say again that nothing waits" if open_stages else None


def wait_until_still(
    look: Callable[[], Look], progress: Callable[[str], None], deadline_seconds: float = DEADLINE_SECONDS
) -> None:
    """Look again and again until all is still; `look` takes its own time. Raises CannotVerify after the deadline."""
    stillness = Stillness()
    told: str | None = None
    now = look()
    started = now.at
    while (reason := stillness.waits_for(now)) is not None:
        if now.at - started > deadline_seconds:
            raise CannotVerify(
                f"the pipeline did not come to rest within {deadline_seconds:.0f} s: {reason}; is the producer stopped?"
            )
        if reason != told:
            progress(f"waiting: {reason}")
        told, now = reason, look()
