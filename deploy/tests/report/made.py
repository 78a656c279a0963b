"""Enriched samples as tests write them: one car, a sample a second."""

from collections.abc import Sequence
from typing import Any

from tacho.report.drivers import Choice, Drivers, Row
from tacho.report.driving import Limits

BEGIN = 1_795_000_000_000
CAR, DRIVER = 1_000_001, 111_111_111


def sample(sequence: int, speed: float = 60.0, **more: Any) -> dict[str, Any]:
    """One EnrichedSample; event time is the sequence in seconds, in the right gear."""
    car = more.get("car_id", CAR)
    at = BEGIN + sequence * 1000
    return {
        **{"event_id": f"{car}-{sequence}", "car_id": car, "sequence": sequence, "event_time": at, "logged_at": at},
        **{"speed": speed, "rpm": 2000, "gear": 3, "expected_gear": 3, "gear_low": 2, "gear_high": 4},
        **{"driver_id": DRIVER, "brand_name": "Mazda", "model_name": "3", "color_name": "Red"},
        **{"late": False, "dims_version": "d" * 12},
        **more,
    }


def speeds(*values: float) -> list[dict[str, Any]]:
    """Samples of one car, a second apart."""
    return [sample(number, value) for number, value in enumerate(values)]


def rows(samples: Sequence[dict[str, Any]], limits: Limits | None = None, choice: Choice | None = None) -> list[Row]:
    """The report on samples."""
    drivers = Drivers(limits or Limits(), choice or Choice())
    for taken in samples:
        drivers.add(taken)
    return drivers.rows()
