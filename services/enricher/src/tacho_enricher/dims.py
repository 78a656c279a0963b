"""The dimension files: their version, their checks, and the table of cars that samples are joined with."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from tacho_contracts.errors import ContractError
from tacho_enricher.gears import MAX_GEARS, Drivetrain, GearPolicy, gear_table
from tacho_enricher.waiting import NotThereYet

CAR_COLUMNS = ("car_id", "driver_id", "model_id", "color_id")
_CAR_LINE = re.compile(rb"(\d{7}),\d{9},\d{1,9},\d{1,9}")
_TABLES = {
    "car_models": ("model_id", "brand_name", "model_name"),
    "car_colors": ("color_id", "color_name"),
    "drivetrains": (
        "model_id",
        "gear_ratios",
        "final_drive",
        "tyre_circumference_m",
        "cruise_low_rpm",
        "cruise_high_rpm",
        "harmless_low_rpm",
        "harmless_high_rpm",
    ),
}
"""Columns of the small tables by folder, the id first; others may be there."""
_MODEL_DDL = (
    "model_id int, brand_name string, model_name string, "
    "expected_from array<double>, low_from array<double>, high_from array<double>"
)

Files = Mapping[str, bytes]
"""The CSV files below the dims folder: content by relative path."""

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Dims:
    """The checked dimensions. `cars` has one row for each car: car_id, driver_id, names, and gear thresholds."""

    cars: DataFrame
    version: str


def read_files(spark: SparkSession, folder: str) -> dict[str, bytes]:
    """All CSV files below a folder or s3:// prefix. Raises ContractError when there is none to read."""
    # A disk is read without Spark: its first job costs seconds of a cold start.
    files = _read_with_spark(spark, folder) if ":" in folder else _read_from_disk(Path(folder))
    if not files:
        raise NotThereYet(f"TACHO_ENRICHER_DIMS={folder} holds no CSV file")
    return files


def _read_from_disk(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder): path for path in folder.rglob("*.csv")}
    return {
        relative.as_posix(): path.read_bytes()
        for relative, path in found.items()
        if path.is_file() and not any(part.startswith((".", "_")) for part in relative.parts)
    }


def _read_with_spark(spark: SparkSession, folder: str) -> dict[str, bytes]:
    try:
        found = (
            spark.read.format("binaryFile")
            .options(recursiveFileLookup="true", pathGlobFilter="*.csv")
            .load(folder)
            .select("path", "content")
            .collect()
        )
    except Exception as error:
        raise ContractError(f"TACHO_ENRICHER_DIMS={folder} cannot be read: {str(error).splitlines()[0]}") from error
    jvm: Any = spark.sparkContext._jvm
    path = jvm.org.apache.hadoop.fs.Path(folder)
    root = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).makeQualified(path).toString()
    return {row.path.removeprefix(root).lstrip("/"): bytes(row.content) for row in found}


def dims_version(files: Files, policy: GearPolicy) -> str:
    """12 hex digits over every file's path and bytes and the gear policy: equal input, equal version."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n".encode() + files[path])
    digest.update(f"gear_policy={policy}\n".encode())
    return digest.hexdigest()[:12]


def load_dims(spark: SparkSession, folder: str, policy: GearPolicy) -> Dims:
    """Read, check and join the dimension files. Raises ContractError naming file and line of what is wrong."""
    files = read_files(spark, folder)
    models = _table(files, "car_models", lambda row: (row["brand_name"], row["model_name"]))
    colors = _table(files, "car_colors", lambda row: row["color_name"])
    drivetrains = _table(files, "drivetrains", _drivetrain)
    cars_frame = spark.read.csv(
        [f"{folder.rstrip('/')}/{path}" for path in check_cars(files)],
        schema=", ".join(f"{name} int" for name in CAR_COLUMNS),
        header=True,
        mode="FAILFAST",
    )
    model_rows = [
        {"model_id": model_id, "brand_name": brand, "model_name": model, **_gears(drivetrains.get(model_id), policy)}
        for model_id, (brand, model) in models.items()
    ]
    color_rows = [{"color_id": color_id, "color_name": name} for color_id, name in colors.items()]
    cars = (
        cars_frame.join(F.broadcast(_inline(spark, model_rows, _MODEL_DDL)), "model_id", how="left")
        .join(F.broadcast(_inline(spark, color_rows, "color_id int, color_name string")), "color_id", how="left")
        .drop("model_id", "color_id")
        .coalesce(1)
        # Kept: every batch of every query joins it again, and the files must not be read again for that.
        .cache()
    )
    return Dims(cars, dims_version(files, policy))


def _inline(spark: SparkSession, rows: list[dict[str, Any]], ddl: str) -> DataFrame:
    """A small table that lives in the plan itself: no task is needed to read it."""
    text = F.lit(json.dumps(rows))
    return spark.range(1).select(F.inline(F.from_json(text, f"array<struct<{ddl}>>")))


def _gears(drivetrain: Drivetrain | None, policy: GearPolicy) -> dict[str, tuple[float, ...] | None]:
    table = gear_table(drivetrain, policy) if drivetrain else None
    if table is None:
        return {"expected_from": None, "low_from": None, "high_from": None}
    return {"expected_from": table.expected, "low_from": table.low, "high_from": table.high}


def check_cars(files: Files) -> list[str]:
    """The paths of the car files. Raises ContractError for a missing column, a bad line or a repeated car_id."""
    paths = _paths(files, "cars")
    seen: dict[bytes, str] = {}
    for path in paths:
        lines = files[path].splitlines()
        if not lines or lines[0].decode(errors="replace") != ",".join(CAR_COLUMNS):
            raise ContractError(f"{path} does not begin with the columns {','.join(CAR_COLUMNS)}")
        for number, line in enumerate(lines[1:], start=2):
            match = _CAR_LINE.fullmatch(line)
            if not match or line.startswith(b"0"):
                raise ContractError(
                    f"{path} line {number}: {line[:60].decode(errors='replace')!r} is not a car_id of 7 digits, "
                    f"a driver_id of 9 digits, model_id,color_id"
                )
            if match[1] in seen:
                raise ContractError(
                    f"{path} line {number}: car_id {match[1].decode()} is there twice; first in {seen[match[1]]}"
                )
            seen[match[1]] = f"{path} line {number}"
    return paths


def _paths(files: Files, folder: str) -> list[str]:
    paths = sorted(path for path in files if path.startswith(f"{folder}/"))
    if not paths:
        raise NotThereYet(f"the dims folder has no CSV file in {folder}/")
    return paths


def table_ids(files: Files, folder: str) -> list[int]:
    """The ids of a small table, ascending. Raises ContractError naming file and line of what is wrong."""
    return sorted(_table(files, folder, lambda row: None))


def _table(files: Files, folder: str, parse: Callable[[dict[str, str]], Entry]) -> dict[int, Entry]:
    """The rows of a small table by the id in its first column. Raises ContractError naming file and line."""
    columns = _TABLES[folder]
    entries: dict[int, Entry] = {}
    for path in _paths(files, folder):
        reader = csv.DictReader(io.StringIO(files[path].decode("utf-8", errors="replace")))
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise ContractError(f"{path} lacks the columns {', '.join(sorted(missing))}")
        for row in reader:
            place = f"{path} line {reader.line_num}"
            try:
                key, entry = int(row[columns[0]]), parse(row)
            except (TypeError, ValueError) as error:
                raise ContractError(f"{place}: {error}") from error
            if key in entries:
                raise ContractError(f"{place}: {columns[0]} {key} is there twice")
            entries[key] = entry
    return entries


def _drivetrain(row: dict[str, str]) -> Drivetrain:
    ratios = tuple(float(ratio) for ratio in row["gear_ratios"].split("|"))
    if not 1 <= len(ratios) <= MAX_GEARS or any(a <= b for a, b in pairwise(ratios)):
        raise ValueError(f"gear_ratios {row['gear_ratios']} are not 1 to {MAX_GEARS} falling numbers")
    figures = [float(row[name]) for name in _TABLES["drivetrains"][2:]]
    if not all(figure > 0 for figure in (*ratios, *figures)):
        raise ValueError("every figure of a drive-train is above 0")
    return Drivetrain(ratios, *figures)
