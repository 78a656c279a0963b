"""The dimension files the producer needs: cars, models and drive-trains, from a folder or s3://bucket/prefix."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tacho_producer.drivetrain import Drivetrain
from tacho_producer.errors import SettingsError

Row = dict[str, str]


@dataclass(frozen=True)
class Dims:
    """Cars as (car_id, model_id) in file order, model names by model_id, drive-trains by model_id."""

    cars: tuple[tuple[int, int], ...]
    models: dict[int, str]
    drivetrains: dict[int, Drivetrain]


def load_dims(location: str) -> Dims:
    """Read the dims at `location`. Raises SettingsError naming the file when one is missing or cannot be read."""
    models = {int(row["model_id"]): f"{row['brand_name']} {row['model_name']}" for row in _rows(location, "car_models")}
    drivetrains = {line.model_id: line for line in (_drivetrain(row) for row in _rows(location, "drivetrains"))}
    try:
        cars = tuple((int(row["car_id"]), int(row["model_id"])) for row in _rows(location, "cars"))
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{location}/cars: not a cars file: {error}") from error
    for car_id, model_id in cars:
        if model_id not in drivetrains:
            raise SettingsError(f"{location}/drivetrains: none for model {model_id} of car {car_id}")
        if not is_car_id(car_id):
            raise SettingsError(f"{location}/cars: {car_id} is no car_id, they have 7 digits")
    return Dims(cars, models, drivetrains)


def is_car_id(number: int) -> bool:
    """Whether this is a car_id: 7 digits, not starting with 0."""
    return 1_000_000 <= number <= 9_999_999


def _drivetrain(row: Row) -> Drivetrain:
    try:
        return Drivetrain(
            model_id=int(row["model_id"]),
            gear_ratios=tuple(float(ratio) for ratio in row["gear_ratios"].split("|")),
            final_drive=float(row["final_drive"]),
            tyre_circumference_m=float(row["tyre_circumference_m"]),
            idle_rpm=float(row["idle_rpm"]),
            redline_rpm=float(row["redline_rpm"]),
            cruise_low_rpm=float(row["cruise_low_rpm"]),
            cruise_high_rpm=float(row["cruise_high_rpm"]),
            harmless_low_rpm=float(row["harmless_low_rpm"]),
            harmless_high_rpm=float(row["harmless_high_rpm"]),
        )
    except (KeyError, ValueError) as error:
        raise SettingsError(f"drivetrains: {error} in the row of model {row.get('model_id')}") from error


def _rows(location: str, kind: str) -> Iterator[Row]:
    files = _s3_files(location, kind) if location.startswith("s3://") else _folder_files(location, kind)
    if not files:
        raise SettingsError(f"{location}/{kind} holds no .csv file")
    for text in files:
        yield from csv.DictReader(io.StringIO(text))


def _folder_files(location: str, kind: str) -> list[str]:
    paths = sorted(Path(location, kind).glob("[!.]*.csv"))
    return [path.read_text(encoding="utf-8") for path in paths]


def _s3_files(location: str, kind: str) -> list[str]:
    # Here and not at the top: boto3 takes 0.3 s to import and most runs read a folder.
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    parts = urlsplit(location)
    prefix = f"{parts.path.strip('/')}/{kind}/".lstrip("/")
    try:
        client = boto3.client("s3")
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=parts.netloc, Prefix=prefix)
        keys = sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))
        wanted = [key for key in keys if key.endswith(".csv") and not key.rpartition("/")[2].startswith(".")]
        return [client.get_object(Bucket=parts.netloc, Key=key)["Body"].read().decode() for key in wanted]
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"cannot read {location}/{kind}: {error}") from error
