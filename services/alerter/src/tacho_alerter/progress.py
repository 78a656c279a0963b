"""What the alerter has done: plain counters, written by the loop and read by the status thread."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Counts since the start of the process."""

    samples: int = 0
    dead_letters: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    """Alerts by rule."""
    episodes: Counter[str] = field(default_factory=Counter)
    """Events of episodes by state: OPENED, UPDATED, CLOSED."""
