"""The figures of windows, on fixed rows: who holds a maximum, what is late, which dimensions a row counts in."""

from collections import Counter
from itertools import product
from random import Random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from tacho_contracts.codec import Codec
from tacho_enricher.aggregates import alert_windows, fleet_windows

pytestmark = pytest.mark.spark

MINUTE_MS = 60_000
QUARTER_MS = 15 * MINUTE_MS
START_MS = 1_700_000_100_000  # a quarter of an hour begins
NAMES = "color_name string, brand_name string, model_name string"
SAMPLE_COLUMNS = f"event_time long, logged_at long, late boolean, car_id int, speed double, rpm int, gear int, {NAMES}"
ALERT_COLUMNS = f"alert_id string, rule string, event_time long, logged_at long, late boolean, {NAMES}"

Row = dict[str, Any]


def sample(at: int = 0, car_id: int = 1_000_001, **changes: Any) -> Row:
    row = {"event_time": START_MS + at, "logged_at": START_MS + at + 5, "late": False, "car_id": car_id}
    figures = {"speed": 50.0, "rpm": 2000, "gear": 3}
    return row | figures | {"color_name": "Red", "brand_name": "Mazda", "model_name": "3"} | changes


def alert(alert_id: str, rule: str = "speeding", at: int = 0, **changes: Any) -> Row:
    row = {"alert_id": alert_id, "rule": rule, "event_time": START_MS + at, "logged_at": START_MS + at + 5}
    return row | {"late": False, "color_name": "Red", "brand_name": "Mazda", "model_name": "3"} | changes


def raw(windows: DataFrame) -> dict[str, bytes]:
    rows = windows.collect()
    assert len({row["key"] for row in rows}) == len(rows)
    return {row["key"]: bytes(row["value"]) for row in rows}


def decoded(record: str, values: dict[str, bytes]) -> dict[str, Row]:
    codec = Codec(record)
    return {key: codec.decode(value) for key, value in values.items()}


def fleet(spark: SparkSession, rows: list[Row], size: int = 900, slide: int = 900) -> dict[str, Row]:
    samples = spark.createDataFrame(rows, SAMPLE_COLUMNS)
    return decoded("FleetWindow", raw(fleet_windows(samples, size, slide)))


def key(dimension: str, value: str, start: int = START_MS, size: int = QUARTER_MS) -> str:
    return f"{start}-{start + size}/{dimension}/{value}"


def test_a_sample_counts_for_the_fleet_its_colour_and_its_model(spark: SparkSession) -> None:
    windows = fleet(spark, [sample()])
    assert set(windows) == {key("fleet", "all"), key("color", "Red"), key("model", "Mazda 3")}
    assert windows[key("model", "Mazda 3")] == {
        "window_start": START_MS, "window_end": START_MS + QUARTER_MS, "dimension": "model", "value": "Mazda 3",
        "samples": 1, "late": 0, "speed_sum": 500,
        "max_speed": 50.0, "max_speed_car_id": 1_000_001, "max_speed_at": START_MS,
        "max_rpm": 2000, "max_rpm_car_id": 1_000_001, "max_rpm_at": START_MS,
        "max_gear": 3, "max_gear_car_id": 1_000_001, "max_gear_at": START_MS,
    }  # fmt: skip


def test_an_unknown_car_counts_under_unknown(spark: SparkSession) -> None:
    windows = fleet(spark, [sample(color_name=None, brand_name=None, model_name=None)])
    assert set(windows) == {key("fleet", "all"), key("color", "unknown"), key("model", "unknown")}


def test_the_holder_of_a_maximum_is_the_earliest_then_the_lowest_car(spark: SparkSession) -> None:
    rows = [sample(20, 1_000_000), sample(10, 1_000_009), sample(10, 1_000_003), sample(0, 1_000_001, rpm=1999)]
    window = fleet(spark, rows)[key("fleet", "all")]
    assert (window["max_rpm_car_id"], window["max_rpm_at"]) == (1_000_003, START_MS + 10)


def test_a_late_sample_is_in_late_alone_and_in_the_window_of_its_logged_at(spark: SparkSession) -> None:
    late = sample(-5 * QUARTER_MS, speed=199.0, rpm=9000, gear=6, late=True, logged_at=START_MS + 1)
    windows = fleet(spark, [sample(), late])
    window = windows[key("fleet", "all")]
    figures = ("samples", "late", "speed_sum", "max_speed", "max_rpm", "max_gear")
    assert [window[name] for name in figures] == [1, 1, 500, 50.0, 2000, 3]
    assert len(windows) == 3


def test_a_window_of_late_samples_alone_has_no_maxima(spark: SparkSession) -> None:
    window = fleet(spark, [sample(late=True)])[key("fleet", "all")]
    assert (window["samples"], window["late"], window["speed_sum"]) == (0, 1, 0)
    assert {window[name] for name in window if name.startswith("max_")} == {None}


def test_the_end_of_a_window_belongs_to_the_next(spark: SparkSession) -> None:
    windows = fleet(spark, [sample(QUARTER_MS - 1), sample(QUARTER_MS)])
    assert windows[key("fleet", "all")]["samples"] == 1
    assert windows[key("fleet", "all", START_MS + QUARTER_MS)]["samples"] == 1


def test_a_sample_counts_in_each_sliding_window_over_it(spark: SparkSession) -> None:
    windows = fleet(spark, [sample(1)], size=900, slide=300)
    starts = [START_MS - 10 * MINUTE_MS, START_MS - 5 * MINUTE_MS, START_MS]
    assert set(windows) >= {key("fleet", "all", start) for start in starts}
    assert len(windows) == 9


def test_a_speed_half_way_between_two_tenths_counts_as_the_higher(spark: SparkSession) -> None:
    windows = fleet(spark, [sample(speed=0.25), sample(speed=0.24)])
    assert windows[key("fleet", "all")]["speed_sum"] == 3 + 2


def test_an_alert_id_counts_once(spark: SparkSession) -> None:
    rows = [alert("a/speeding"), alert("a/speeding"), alert("a/high-rpm", "high-rpm"), alert("b/speeding", late=True)]
    values = raw(alert_windows([spark.createDataFrame(rows + rows, ALERT_COLUMNS)], 900, 900))
    assert decoded("AlertWindow", values)[key("color", "Red")] == {
        "window_start": START_MS, "window_end": START_MS + QUARTER_MS, "dimension": "color", "value": "Red",
        "alerts": 2, "late": 1, "by_rule": {"speeding": 1, "high-rpm": 1},
    }  # fmt: skip


def test_a_window_of_late_alerts_alone_has_no_rule(spark: SparkSession) -> None:
    values = raw(alert_windows([spark.createDataFrame([alert("a/speeding", late=True)], ALERT_COLUMNS)], 900, 900))
    window = decoded("AlertWindow", values)[key("fleet", "all")]
    assert (window["alerts"], window["late"], window["by_rule"]) == (0, 1, {})


def test_many_rules_are_counted_exactly_and_equal_counts_are_equal_bytes(spark: SparkSession) -> None:
    print("seed 1")
    random = Random(1)
    # Names of one Java hash code: Spark's Avro writer goes through a HashMap, which keeps such names as they came.
    alike = ["".join(pairs) for pairs in product(("Aa", "BB"), repeat=6)]
    rules = alike + [f"rule-{number}" for number in range(200)]
    named = [random.choice(rules) for _ in range(2000)]
    rows = [alert(f"{number}/x", rule) for number, rule in enumerate(named)]
    values = raw(alert_windows([spark.createDataFrame(rows, ALERT_COLUMNS)], 900, 900))
    # Other ids, for rows are dropped and so ordered by their ids.
    random.shuffle(named)
    rows = [alert(f"{number}/x", rule) for number, rule in enumerate(named)]
    halves = [spark.createDataFrame(rows[:9], ALERT_COLUMNS), spark.createDataFrame(rows[9:], ALERT_COLUMNS)]
    assert raw(alert_windows(halves, 900, 900)) == values
    window = decoded("AlertWindow", values)[key("fleet", "all")]
    assert window["by_rule"] == Counter(named)
