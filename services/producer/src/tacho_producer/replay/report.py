"""What became of a recording, for people and as JSON."""

from collections import Counter
from dataclasses import asdict, dataclass, field


@dataclass
class ReplayReport:
    """Rows read = rows used + rows dropped; seconds = samples + seconds skipped."""

    file: str
    column_map: str
    vehicles: dict[str, int]
    """car_id by the recording's own vehicle name."""
    drives: int
    rows_read: int
    rows_used: int
    rows_dropped: dict[str, int]
    seconds_skipped: dict[str, int]
    gear_source: str
    """`recorded`, or `derived` from rpm and speed by `drivetrain`."""
    drivetrain: str
    samples: int
    samples_acked: int = 0
    gears: dict[str, int] = field(default_factory=dict)
    """Samples by gear; 0 is neutral, standing, or no gear near enough."""

    def as_json(self) -> dict[str, object]:
        """The report as plain data."""
        return asdict(self)

    def as_text(self) -> str:
        """The report as lines for a terminal."""
        dropped = _counts(self.rows_dropped)
        cars = ", ".join(f"{car_id} ({name})" if name else str(car_id) for name, car_id in self.vehicles.items())
        return "\n".join(
            [
                f"{self.file} by map {self.column_map}: {self.drives} drives of cars {cars}",
                f"rows: {self.rows_read} read, {self.rows_used} used, dropped: {dropped}",
                f"samples: {self.samples} at 1 Hz, {self.samples_acked} confirmed; "
                f"seconds skipped: {_counts(self.seconds_skipped)}",
                f"gear_source: {self.gear_source} (drive-train of {self.drivetrain}); "
                f"samples by gear: {_counts(self.gears)}",
            ]
        )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def plain(counts: Counter[str]) -> dict[str, int]:
    """Counts, the most frequent first."""
    return dict(counts.most_common())
