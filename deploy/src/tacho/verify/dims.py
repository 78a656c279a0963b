"""The dimension tables as the CSV files say them, and the hash that names them."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tacho.verify.errors import CannotVerify
from tacho.verify.gears import POLICIES, DriveTrain, GearTable

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Car:
    """What the tables say about one car; None where a table has no row for it."""

    driver_id: int | None
    brand: str | None
    model: str | None
    color: str | None
    gears: GearTable | None
    model_value: str
    """Its value in the window dimension `model`."""
    color_value: str
    """Its value in the window dimension `color`."""


STRANGER = Car(None, None, None, None, None, UNKNOWN, UNKNOWN)


@dataclass(frozen=True)
class Dims:
    """Every known car, and the version of the tables and policy it was joined under."""

    cars: Mapping[int, Car]
    version: str


def read_dims(files: Mapping[str, bytes], gear_policy: str) -> Dims:
    """Join the tables. files: content of each *.csv by its path relative to the dims folder, with slashes.

    Raises CannotVerify when a table is not usable.
    """
    if gear_policy not in POLICIES:
        raise CannotVerify(f"run.json: gear_policy {gear_policy!r} is none of {', '.join(POLICIES)}")
    try:
        return Dims(_cars(files, gear_policy), dims_version(files, gear_policy))
    except (KeyError, ValueError, TypeError) as error:
        raise CannotVerify(f"the dimension tables are not usable: {type(error).__name__}: {error}") from error


def dims_version(files: Mapping[str, bytes], gear_policy: str) -> str:
    """First 12 hex digits of SHA-256 over paths, contents and policy."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n".encode() + files[path])
    digest.update(f"gear_policy={gear_policy}\n".encode())
    return digest.hexdigest()[:12]


def _cars(files: Mapping[str, bytes], gear_policy: str) -> dict[int, Car]:
    models = {int(row["model_id"]): (row["brand_name"], row["model_name"]) for row in _rows(files, "car_models")}
    colors = {int(row["color_id"]): row["color_name"] for row in _rows(files, "car_colors")}
    gears = {int(row["model_id"]): GearTable(_drive_train(row), gear_policy) for row in _rows(files, "drivetrains")}
    cars: dict[int, Car] = {}
    for row in _rows(files, "cars"):
        car_id, model_id = int(row["car_id"]), int(row["model_id"])
        if car_id in cars:
            raise ValueError(f"car {car_id} is in cars/ twice")
        brand, model = models.get(model_id, (None, None))
        color = colors.get(int(row["color_id"]))
        cars[car_id] = Car(
            driver_id=int(row["driver_id"]),
            brand=brand,
            model=model,
            color=color,
            gears=gears.get(model_id),
            model_value=UNKNOWN if brand is None else f"{brand} {model}",
            color_value=UNKNOWN if color is None else color,
        )
    return cars


def _drive_train(row: Mapping[str, str]) -> DriveTrain:
    return DriveTrain(
        ratios=tuple(float(ratio) for ratio in row["gear_ratios"].split("|")),
        final_drive=float(row["final_drive"]),
        tyre_circumference_m=float(row["tyre_circumference_m"]),
        cruise_low=float(row["cruise_low_rpm"]),
        cruise_high=float(row["cruise_high_rpm"]),
        harmless_low=float(row["harmless_low_rpm"]),
        harmless_high=float(row["harmless_high_rpm"]),
    )


def _rows(files: Mapping[str, bytes], table: str) -> Iterator[dict[str, str]]:
    for path in sorted(files):
        if path.startswith(f"{table}/"):
            yield from csv.DictReader(io.StringIO(files[path].decode("utf-8"), newline=""))
