"""Dimension files: the version names their content, and every mistake in them is told by file and line."""

import hashlib
import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tacho_contracts.errors import ContractError
from tacho_enricher.dims import Dims, check_cars, dims_version, load_dims, read_files, table_ids
from tacho_enricher.gears import GearPolicy

HEADER = b"car_id,driver_id,model_id,color_id\n"


def test_the_version_is_the_hash_of_paths_bytes_and_policy() -> None:
    text = b"b/x.csv\n12c/y.csv\n3gear_policy=drivetrain\n"
    files = {"c/y.csv": b"3", "b/x.csv": b"12"}
    assert dims_version(files, GearPolicy.DRIVETRAIN) == hashlib.sha256(text).hexdigest()[:12]
    assert dims_version(files, GearPolicy.SPEED_BAND) != dims_version(files, GearPolicy.DRIVETRAIN)


def test_cars_may_be_spread_over_several_files() -> None:
    files = {"cars/b.csv": HEADER + b"8459042,633142716,2,4\n", "cars/a.csv": HEADER + b"6572047,456625863,2,6\r\n"}
    assert check_cars(files) == ["cars/a.csv", "cars/b.csv"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"car_id,driver_id,model_id\n", "does not begin with the columns"),
        (b"", "does not begin with the columns"),
        (HEADER + b"845904,633142716,2,4\n", "line 2: .* car_id of 7 digits"),
        (HEADER + b"0459042,633142716,2,4\n", "line 2: .* car_id of 7 digits"),
        (HEADER + b"8459042,633142716,2\n", "line 2"),
        (HEADER + b"8459042,633142716,2,4\n8459042,633142717,2,4\n", "line 3: car_id 8459042 is there twice"),
    ],
)
def test_a_bad_cars_file_is_told_by_line(content: bytes, words: str) -> None:
    with pytest.raises(ContractError, match=rf"cars/cars\.csv.*{words}"):
        check_cars({"cars/cars.csv": content})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"color_id,name\n1,Red\n", "lacks the columns color_name"),
        (b"color_id,color_name\nx,Red\n", "line 2: "),
        (b"color_id,color_name\n1,Red\n1,Blue\n", "line 3: color_id 1 is there twice"),
    ],
)
def test_a_bad_small_table_is_told_by_line(content: bytes, words: str) -> None:
    with pytest.raises(ContractError, match=rf"car_colors/c\.csv {words}"):
        table_ids({"car_colors/c.csv": content}, "car_colors")


def test_a_missing_table_is_told_by_folder() -> None:
    with pytest.raises(ContractError, match="no CSV file in car_colors/"):
        table_ids({}, "car_colors")


@pytest.mark.spark
@pytest.mark.parametrize("scheme", ["", "file://"])
def test_only_visible_csv_files_count(spark: SparkSession, dims_folder: Path, tmp_path: Path, scheme: str) -> None:
    copy = shutil.copytree(dims_folder, tmp_path / "dims")
    for name in ("_SUCCESS", ".cars.csv.crc", "notes.txt"):
        (copy / "cars" / name).write_text("x")
    files = read_files(spark, f"{scheme}{copy}")
    assert files == {str(path.relative_to(dims_folder)): path.read_bytes() for path in dims_folder.rglob("*.csv")}


@pytest.mark.spark
def test_a_car_is_joined_with_its_model_colour_and_gears(dims: Dims) -> None:
    cars = {row.car_id: row for row in dims.cars.collect()}
    known, without_model = cars[8459042], cars[6572047]
    assert (known.brand_name, known.model_name, known.color_name, known.driver_id) == ("Mazda", "6", "White", 633142716)
    assert len(known.expected_from) == len(known.low_from) == len(known.high_from) == 5
    assert (without_model.model_name, without_model.color_name, without_model.expected_from) == (None, "Blue", None)


@pytest.mark.spark
def test_a_folder_that_is_not_there_is_told(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"TACHO_ENRICHER_DIMS=.*nowhere"):
        load_dims(spark, str(tmp_path / "nowhere"), GearPolicy.DRIVETRAIN)
