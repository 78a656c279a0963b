"""One Spark session for the run, and Kafka records and dimension files to feed it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from pyspark.sql import DataFrame, SparkSession

from tacho_enricher.dims import Dims, load_dims
from tacho_enricher.gears import GearPolicy
from tacho_enricher.session import start_session
from tacho_enricher.settings import Settings

KNOWN_CARS = "car_id,driver_id,model_id,color_id\n8459042,633142716,2,4\n6572047,456625863,99,6\n"


class KafkaRecord(NamedTuple):
    """What a test puts on a topic."""

    key: bytes | None
    value: bytes | None
    timestamp_ms: int


@pytest.fixture(scope="session")
def spark(spark_jars: Path) -> Iterator[SparkSession]:
    session = start_session(Settings(master="local[4]", jars=str(spark_jars)), partitions=1)
    yield session
    session.stop()


@pytest.fixture(scope="session")
def dims_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's dimensions and two cars: one known in full, one of an unknown model."""
    folder = tmp_path_factory.mktemp("dims") / "dims"
    shutil.copytree(Path(__file__).parents[3] / "data" / "dims", folder)
    (folder / "cars").mkdir(exist_ok=True)
    (folder / "cars" / "cars.csv").write_text(KNOWN_CARS)
    return folder


@pytest.fixture(scope="session")
def dims(spark: SparkSession, dims_folder: Path) -> Dims:
    return load_dims(spark, str(dims_folder), GearPolicy.DRIVETRAIN)


@pytest.fixture(scope="session")
def kafka_records(spark: SparkSession) -> Callable[[Sequence[KafkaRecord]], DataFrame]:
    """Records as the Kafka source gives them, all of partition 3 of the log, offsets from 0."""

    def frame(records: Sequence[KafkaRecord]) -> DataFrame:
        rows = [
            (
                key and bytearray(key),
                None if value is None else bytearray(value),
                "sensors-sample",
                3,
                offset,
                moment(at),
            )
            for offset, (key, value, at) in enumerate(records)
        ]
        ddl = "key binary, value binary, topic string, partition int, offset long, timestamp timestamp"
        return spark.createDataFrame(rows, ddl).coalesce(1)

    return frame


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)
