"""The fleet: as many cars as asked for, none twice, the same bytes for the same seed."""

import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from tacho_enricher.cars_generator import fleet, write_as_one_file
from tacho_enricher.dims import check_cars, read_files

MODELS, COLORS = [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.spark
def test_a_million_cars_have_a_million_ids_of_seven_digits(spark: SparkSession) -> None:
    rows = fleet(spark, 1_000_000, 1, MODELS, COLORS)
    figures = rows.agg(
        F.count_distinct("car_id").alias("cars"),
        F.count_distinct("driver_id").alias("drivers"),
        F.min(F.col("car_id").between(1_000_000, 9_999_999)).alias("seven"),
        F.min(F.col("driver_id").between(100_000_000, 999_999_999)).alias("nine"),
        F.count_distinct("model_id").alias("models"),
        F.count_distinct("color_id").alias("colors"),
    ).first()
    assert figures is not None
    assert tuple(figures) == (1_000_000, 1_000_000, True, True, 7, 7)


@pytest.mark.spark
def test_a_larger_fleet_begins_with_the_smaller_one(spark: SparkSession) -> None:
    assert fleet(spark, 50, 1, MODELS, COLORS).collect()[:20] == fleet(spark, 20, 1, MODELS, COLORS).collect()


@pytest.mark.spark
def test_another_seed_gives_other_cars(spark: SparkSession) -> None:
    one, other = (set(fleet(spark, 20, seed, MODELS, COLORS).collect()) for seed in (1, 2))
    assert one.isdisjoint(other)


@pytest.mark.spark
def test_the_file_is_the_same_each_time_and_takes_the_old_ones_place(spark: SparkSession, tmp_path: Path) -> None:
    contents = []
    for cars in (500, 20, 20):
        write_as_one_file(fleet(spark, cars, 1, MODELS, COLORS), str(tmp_path / "cars"), "cars.csv")
        contents.append((tmp_path / "cars" / "cars.csv").read_bytes())
    assert contents[1] == contents[2]
    assert len(contents[1].splitlines()) == 21
    assert [path.name for path in (tmp_path / "cars").glob("[!.]*")] == ["cars.csv"]


@pytest.mark.spark
def test_the_enricher_takes_the_file(spark: SparkSession, dims_folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(dims_folder, tmp_path / "dims")
    write_as_one_file(fleet(spark, 20, 1, MODELS, COLORS), str(copy / "cars"), "cars.csv")
    assert check_cars(read_files(spark, str(copy))) == ["cars/cars.csv"]
