"""From enriched samples to one row for each driver and car. Pure."""

from dataclasses import dataclass, field
from typing import Any

from tacho.report.driving import Driving, Limits, drive
from tacho.report.samples import NONE, CarSamples, Sample
from tacho.report.score import Score, score


@dataclass(frozen=True)
class Choice:
    """Which samples count: of one car or all, with an event time of at least `since` and below `until` (ms)."""

    since: int | None = None
    until: int | None = None
    car: int | None = None

    def takes(self, record: dict[str, Any]) -> bool:
        """Whether an EnrichedSample counts."""
        return (
            (self.car is None or record["car_id"] == self.car)
            and (self.since is None or record["event_time"] >= self.since)
            and (self.until is None or record["event_time"] < self.until)
        )


@dataclass(frozen=True)
class Row:
    """One driver in one car."""

    driver_id: int | None
    car_id: int
    model: str | None
    driving: Driving
    score: Score


@dataclass
class Drivers:
    """Takes samples of any number of cars in any order; `close` lets go of those of cars that are complete."""

    limits: Limits
    choice: Choice
    repeats: int = 0
    _cars: dict[int, CarSamples] = field(default_factory=dict)
    _models: dict[int, str | None] = field(default_factory=dict)
    _driven: dict[int, dict[int, Driving]] = field(default_factory=dict)

    def add(self, record: dict[str, Any]) -> None:
        """Take an EnrichedSample, if it counts. Raises struct.error for numbers that no contract allows."""
        if not self.choice.takes(record):
            return
        car = record["car_id"]
        if car not in self._cars:
            self._cars[car] = CarSamples()
            brand, model = record["brand_name"], record["model_name"]
            self._models[car] = None if brand is None or model is None else f"{brand} {model}"
        self._cars[car].add(Sample.of(record))

    def close(self) -> None:
        """No more samples come of the cars seen so far: they are added up and let go."""
        for car, samples in self._cars.items():
            drive(samples.in_order(), self.limits, self._driven.setdefault(car, {}))
            self.repeats += samples.repeats
        self._cars.clear()

    def rows(self) -> list[Row]:
        """One for each driver and car, the lowest score first, those without one last."""
        self.close()
        found = [
            Row(None if driver == NONE else driver, car, self._models[car], driving, score(driving))
            for car, drivers in self._driven.items()
            for driver, driving in drivers.items()
        ]
        return sorted(found, key=_place)


def _place(row: Row) -> tuple[float, int, int]:
    points = row.score.points
    return (101.0 if points is None else points, NONE if row.driver_id is None else row.driver_id, row.car_id)
