"""What the alerter has done: plain counters, written by the loop and read by the status thread."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Counts since the start of the process."""

    samples: int = 0
    """Samples judged."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    """Records that break their contract, by reason."""
    alerts: Counter[str] = field(default_factory=Counter)
    """Alerts by rule."""
    episodes: Counter[str] = field(default_factory=Counter)
    """Events of episodes by state: OPENED, UPDATED, CLOSED."""

    @property
    def handled(self) -> int:
        """Samples judged and records that broke their contract."""
        return self.samples + self.dead_letters.total()
