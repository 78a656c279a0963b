"""What the services must make of one good sample, recomputed from the dimension tables and settings alone."""

from tacho.verify.dims import STRANGER, Car, Dims
from tacho.verify.gears import NO_GEARS
from tacho.verify.wire import Fields


class Enrichment:
    """The join, the gears and the lateness of every sample."""

    def __init__(self, dims: Dims, allowed_lateness_ms: int) -> None:
        self._dims = dims
        self._allowed_lateness_ms = allowed_lateness_ms

    def car(self, car_id: int) -> Car:
        """What the tables know of a car."""
        return self._dims.cars.get(car_id, STRANGER)

    def enrich(self, sample: Fields, logged_at: int) -> Fields:
        """The enriched sample. logged_at: record timestamp of the sample in the log, ms."""
        car = self._dims.cars.get(sample["car_id"], STRANGER)
        gears = NO_GEARS if car.gears is None else car.gears.at(sample["speed"])
        return {
            **sample,
            "driver_id": car.driver_id,
            "brand_name": car.brand,
            "model_name": car.model,
            "color_name": car.color,
            "expected_gear": gears.expected,
            "gear_low": gears.low,
            "gear_high": gears.high,
            "late": logged_at - sample["event_time"] > self._allowed_lateness_ms,
            "logged_at": logged_at,
            "dims_version": self._dims.version,
        }
