"""The gear table against the definition it replaces, and the Column against the plain function."""

import csv
import math
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from tacho_enricher.gears import Drivetrain, GearPolicy, GearTable, gear_column, gear_table

SPEEDS = [tenth / 10 for tenth in range(4001)]


def drivetrains() -> list[Drivetrain]:
    path = Path(__file__).parents[3] / "data" / "dims" / "drivetrains" / "drivetrains.csv"
    with path.open() as file:
        return [
            Drivetrain(
                tuple(float(ratio) for ratio in row["gear_ratios"].split("|")),
                *(
                    float(row[name])
                    for name in (
                        "final_drive",
                        "tyre_circumference_m",
                        "cruise_low_rpm",
                        "cruise_high_rpm",
                        "harmless_low_rpm",
                        "harmless_high_rpm",
                    )
                ),
            )
            for row in csv.DictReader(file)
        ]


def nearest_to_the_cruising_band(drivetrain: Drivetrain, speed: float) -> int:
    """By definition: the gear with the least distance from the band, the higher of equals."""

    def distance(factor: float) -> float:
        rpm = factor * speed
        return max(drivetrain.cruise_low_rpm - rpm, rpm - drivetrain.cruise_high_rpm, 0.0)

    factors = drivetrain.rpm_per_kmh()
    return min(range(1, len(factors) + 1), key=lambda gear: (distance(factors[gear - 1]), -gear))


@pytest.mark.parametrize("drivetrain", drivetrains())
def test_the_expected_gear_is_the_one_nearest_the_cruising_band(drivetrain: Drivetrain) -> None:
    table = gear_table(drivetrain, GearPolicy.DRIVETRAIN)
    # The table's thresholds are rounded up to 0.1 km/h, so at the speed just before one the definition may be ahead.
    rounded = {round(threshold - 0.1, 1) for threshold in table.expected}
    wrong = [
        speed
        for speed in SPEEDS[1:]  # standing still, all gears are equally far from the band
        if speed not in rounded and table.gears_at(speed)[0] != nearest_to_the_cruising_band(drivetrain, speed)
    ]
    assert wrong == []


@pytest.mark.parametrize("drivetrain", drivetrains())
def test_the_harmless_range_holds_the_expected_gear_at_every_speed(drivetrain: Drivetrain) -> None:
    table = gear_table(drivetrain, GearPolicy.DRIVETRAIN)
    assert all(low <= expected <= high for expected, low, high in map(table.gears_at, SPEEDS))


@pytest.mark.parametrize("drivetrain", drivetrains())
def test_the_speed_band_is_the_seeds_formula_at_every_speed(drivetrain: Drivetrain) -> None:
    table = gear_table(drivetrain, GearPolicy.SPEED_BAND)
    gears = len(drivetrain.gear_ratios)
    beside = [math.nextafter(edge, way) for edge in table.expected for way in (0.0, 500.0)]
    for speed in [*SPEEDS, *table.expected, *beside]:
        expected = min(max(math.floor(speed / 30.0 + 0.5), 1), gears)
        assert table.gears_at(speed) == (expected, expected, expected)


def test_a_car_with_one_gear_is_always_in_it() -> None:
    single = Drivetrain((9.0,), 1.0, 2.0, 1000, 9000, 500, 12000)
    for policy in GearPolicy:
        assert gear_table(single, policy).gears_at(180.0) == (1, 1, 1)


@pytest.mark.spark
def test_spark_and_python_agree_on_every_gear_at_every_speed(spark: SparkSession) -> None:
    tables: dict[int, GearTable] = dict(
        enumerate(gear_table(drivetrain, policy) for drivetrain in drivetrains() for policy in GearPolicy)
    )
    rows = [(key, list(table.expected), list(table.low), list(table.high)) for key, table in tables.items()]
    ddl = "key int, expected array<double>, low array<double>, high array<double>"
    speeds = spark.range(4001).select((F.col("id") / 10.0).alias("speed"))
    found = (
        spark.createDataFrame(rows, ddl)
        .crossJoin(speeds)
        .select("key", "speed", *(gear_column(F.col(name), F.col("speed")) for name in ("expected", "low", "high")))
        .collect()
    )
    assert len(found) == len(tables) * 4001
    assert [row for row in found if tuple(row[2:]) != tables[row.key].gears_at(row.speed)] == []


@pytest.mark.spark
def test_a_car_without_a_drive_train_has_no_gear(spark: SparkSession) -> None:
    row = spark.range(1).select(gear_column(F.lit(None).cast("array<double>"), F.lit(50.0)).alias("gear")).first()
    assert row is not None
    assert row.gear is None
