"""What became of a recording, for people and as JSON."""

from collections import Counter
from dataclasses import asdict, dataclass, field


@dataclass
class ReplayReport:
    """Rows read = rows used + rows dropped; seconds = samples + seconds skipped."""

    file: str
    column_map: str
    drives: int
    rows_read: int
    rows_used: int
    rows_dropped: dict[str, int]
    seconds_skipped: dict[str, int]
    gear_source: str
    """`recorded`; `derived` from rpm and speed by `drivetrain`; `derived-by-logger` where the file holds a guess."""
    samples: int
    gears: dict[str, int]
    """Samples by gear; 0 is neutral, standing, or no gear near enough."""
    samples_acked: int = 0
    vehicles: dict[str, int] = field(default_factory=dict)
    """car_id by the recording's own vehicle name."""
    drivetrain: str | None = None
    """Whose gears the derived ones are; None when the gears are the file's."""
    judged_as: dict[int, str | None] = field(default_factory=dict)
    """By car_id the model of the dims whose expected gear the enricher will compare with; None: none."""

    def as_json(self) -> dict[str, object]:
        """The report as plain data."""
        return asdict(self)

    def as_text(self) -> str:
        """The report as lines for a terminal."""
        dropped = _counts(self.rows_dropped)
        cars = ", ".join(f"{car_id} ({name})" if name else str(car_id) for name, car_id in self.vehicles.items())
        by = f" from rpm and speed with the drive-train of {self.drivetrain}" if self.drivetrain else ""
        return "\n".join(
            [
                f"{self.file} by map {self.column_map}: {self.drives} drives of cars {cars}",
                f"rows: {self.rows_read} read, {self.rows_used} used, dropped: {dropped}",
                f"samples: {self.samples} at 1 Hz, {self.samples_acked} confirmed; "
                f"seconds skipped: {_counts(self.seconds_skipped)}",
                f"gear_source: {self.gear_source}{by}; samples by gear: {_counts(self.gears)}",
                f"expected gear downstream: {_judges(self.judged_as)}",
            ]
        )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def _judges(judged_as: dict[int, str | None]) -> str:
    known = ", ".join(f"{model} for {car_id}" for car_id, model in judged_as.items() if model)
    return f"of a {known}" if known else "none, the dims do not know the car, so no wrong-gear alert"


def plain(counts: Counter[str]) -> dict[str, int]:
    """Counts, the most frequent first."""
    return dict(counts.most_common())
