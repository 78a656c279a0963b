"""The file STATE says what shape the window queries' state has: a release begins new state when its text changes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from tacho_enricher.aggregates import alert_windows, fleet_windows

pytestmark = pytest.mark.spark

STATE = Path(__file__).parents[1] / "STATE"
NAMES = "color_name string, brand_name string, model_name string"
COLUMNS = {
    "windows": "event_time long, logged_at long, late boolean, car_id int, speed double, rpm int, gear int, " + NAMES,
    "alert-windows": "alert_id string, rule string, event_time long, logged_at long, late boolean, " + NAMES,
}
ROW = {"event_time": 0, "logged_at": 0, "late": False, "car_id": 1, "speed": 1.0, "rpm": 1, "gear": 1}
QUERIES: dict[str, Callable[[DataFrame], DataFrame]] = {
    "windows": lambda rows: fleet_windows(rows, 900, 900),
    "alert-windows": lambda rows: alert_windows([rows], 900, 900),
}


def shape_of(spark: SparkSession, query: str, folder: Path) -> Iterator[str]:
    """One line for each stateful operator of the query, as its checkpoint tells after a batch: name and columns."""
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "1.json").write_text(json.dumps({**ROW, "alert_id": "a", "rule": "r"}))
    rows = spark.readStream.schema(COLUMNS[query]).json(str(folder / "in"))
    checkpoint = str(folder / "checkpoint")
    sink = QUERIES[query](rows).writeStream.outputMode("update").format("noop").trigger(availableNow=True)
    sink.option("checkpointLocation", checkpoint).start().awaitTermination(60)
    for operator in spark.read.format("state-metadata").load(checkpoint).orderBy("operatorId").collect():
        state = spark.read.format("statestore").option("operatorId", operator["operatorId"]).load(checkpoint)
        yield f"{query}: {operator['operatorName']} {state.select('key', 'value').schema.simpleString()}\n"


def test_the_state_file_tells_the_state_that_the_window_queries_keep(spark: SparkSession, tmp_path: Path) -> None:
    found = "".join(line for query in QUERIES for line in shape_of(spark, query, tmp_path / query))
    lines = STATE.read_text(encoding="utf-8").splitlines(keepends=True)
    told = "".join(line for line in lines if not line.startswith("#"))
    assert found == told, f"the shape of the state is another: {STATE.name} must hold\n{found}"
