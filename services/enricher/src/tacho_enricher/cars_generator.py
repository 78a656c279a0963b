"""`python -m tacho_enricher.cars_generator`: the fleet as a PySpark batch job, DIMS/cars/cars.csv.

The same seed gives the same bytes on any machine, and a larger fleet begins with the smaller one's cars.
"""

import argparse
import math
import random
import sys
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from tacho_contracts.errors import ContractError
from tacho_enricher.dims import read_files, table_ids
from tacho_enricher.session import start_session
from tacho_enricher.settings import settings_from_environment

MOST_CARS = 1_000_000
_CAR_IDS = range(1_000_000, 10_000_000)
_DRIVER_IDS = range(100_000_000, 1_000_000_000)


def fleet(spark: SparkSession, cars: int, seed: int, model_ids: list[int], color_ids: list[int]) -> DataFrame:
    """`cars` rows car_id (7 digits), driver_id (9 digits), model_id, color_id; no id twice. Order is part of it."""
    # In one partition: the rows are written to one file in this order.
    numbered = spark.range(0, cars, numPartitions=1)
    return numbered.select(
        _scattered(_CAR_IDS, seed, "car").alias("car_id"),
        _scattered(_DRIVER_IDS, seed, "driver").alias("driver_id"),
        _picked(model_ids, seed, "model").alias("model_id"),
        _picked(color_ids, seed, "color").alias("color_id"),
    )


def _scattered(ids: range, seed: int, what: str) -> Column:
    """An id for each row, none twice: row * step + start, modulo how many there are, step coprime to that."""
    chance = random.Random(f"{seed}/{what}")
    start = chance.randrange(len(ids))
    step = chance.randrange(1, len(ids))
    while math.gcd(step, len(ids)) > 1:
        step = chance.randrange(1, len(ids))
    return (F.col("id") * step + start) % len(ids) + ids.start


def _picked(ids: list[int], seed: int, what: str) -> Column:
    place = F.pmod(F.xxhash64(F.lit(f"{seed}/{what}"), F.col("id")), F.lit(len(ids)))
    return F.get(F.array(*map(F.lit, ids)), place.cast("int"))


def write_as_one_file(rows: DataFrame, folder: str, name: str) -> None:
    """Write CSV with a header as folder/name, in place of what is there; local or any Hadoop file system."""
    # An underscore hides the unfinished file from every reader of the folder.
    staging = f"{folder}/_{name}"
    rows.write.csv(staging, header=True, mode="overwrite")
    context = rows.sparkSession.sparkContext
    jvm: Any = context._jvm
    path = jvm.org.apache.hadoop.fs.Path
    files = path(folder).getFileSystem(context._jsc.hadoopConfiguration())
    (part,) = files.globStatus(path(f"{staging}/part-*.csv"))
    files.delete(path(f"{folder}/{name}"), False)
    if not files.rename(part.getPath(), path(f"{folder}/{name}")):
        raise ContractError(f"{folder}/{name} cannot be written")
    files.delete(path(staging), True)


def main(arguments: list[str]) -> int:
    """Exit code 0 when the file is written, 2 with one sentence when something does not allow it."""
    settings = settings_from_environment()
    parser = argparse.ArgumentParser(prog="tacho_enricher.cars_generator", description=__doc__)
    parser.add_argument("--cars", type=int, default=20, help=f"how many, up to {MOST_CARS:,}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dims", default=settings.dims, help="folder or s3:// prefix with car_models/ and car_colors/")
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.cars <= MOST_CARS:
        parser.error(f"--cars {chosen.cars} is not from 1 to {MOST_CARS:,}")
    spark = start_session(settings, partitions=1)
    try:
        files = read_files(spark, chosen.dims)
        rows = fleet(spark, chosen.cars, chosen.seed, table_ids(files, "car_models"), table_ids(files, "car_colors"))
        write_as_one_file(rows, f"{chosen.dims.rstrip('/')}/cars", "cars.csv")
    finally:
        spark.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ContractError as error:
        print(f"cars generator: {error}", file=sys.stderr)
        sys.exit(2)
