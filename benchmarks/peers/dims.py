"""The dimension files as one dictionary by car, with the gears of each model at every speed."""

import csv
import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

Row = dict[str, str]
Entry = TypeVar("Entry")


class Gears(NamedTuple):
    """Ascending speeds in km/h at which the next gear begins: gear = 1 + how many lie at or below the speed."""

    expected: list[float]
    low: list[float]
    high: list[float]


class Car(NamedTuple):
    """What a sample is joined with; None where the dimension files don't say."""

    driver_id: int | None
    brand_name: str | None
    model_name: str | None
    color_name: str | None
    gears: Gears | None


def gear(thresholds: list[float], speed: float) -> int:
    """The gear at a speed in km/h."""
    return 1 + bisect_right(thresholds, speed)


def load_cars(folder: Path) -> dict[int, Car]:
    """Every car by its id."""
    models = _by_id(folder / "car_models", "model_id", lambda row: (row["brand_name"], row["model_name"]))
    colors = _by_id(folder / "car_colors", "color_id", lambda row: row["color_name"])
    gears = _by_id(folder / "drivetrains", "model_id", _gears)

    def car(row: Row) -> Car:
        model = int(row["model_id"])
        brand_name, model_name = models.get(model, (None, None))
        return Car(int(row["driver_id"]), brand_name, model_name, colors.get(int(row["color_id"])), gears.get(model))

    return _by_id(folder / "cars", "car_id", car)


def version(folder: Path) -> str:
    """What the samples carry as dims_version, for the drive-train policy."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv"), key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode() + path.read_bytes())
    digest.update(b"gear_policy=drivetrain\n")
    return digest.hexdigest()[:12]


def _by_id(folder: Path, column: str, entry: Callable[[Row], Entry]) -> dict[int, Entry]:
    entries = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            entries.update({int(row[column]): entry(row) for row in csv.DictReader(lines)})
    return entries


def _gears(row: Row) -> Gears:
    factor = 1000.0 * float(row["final_drive"]), 60.0 * float(row["tyre_circumference_m"])
    k = [float(ratio) * factor[0] / factor[1] for ratio in row["gear_ratios"].split("|")]
    low, high = float(row["cruise_low_rpm"]), float(row["cruise_high_rpm"])
    expected = [
        _ceil10(low / above if low / above <= high / this else (low + high) / (this + above))
        for this, above in pairwise(k)
    ]
    # The harmless range always holds the expected gear.
    lowest = [
        max(_ceil10(float(row["harmless_high_rpm"]) / this), begin) for this, begin in zip(k, expected, strict=False)
    ]
    highest = [
        min(_ceil10(float(row["harmless_low_rpm"]) / this), begin) for this, begin in zip(k[1:], expected, strict=True)
    ]
    return Gears(expected, lowest, highest)


def _ceil10(speed: float) -> float:
    return math.ceil(speed * 10) / 10
