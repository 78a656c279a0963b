"""The figures of time windows: FleetWindow over enriched samples, AlertWindow over alerts.

Pure DataFrame functions, the same for a stream and for a batch, of expressions that run in the JVM. They give
`key` and `value` as the Kafka sink wants them. Why each reads what it reads: docs/adr/0006-window-repeats.md.

To run them: output mode update; 1 shuffle partition (a window has some 17 rows, and each further partition costs
a task and a state store per batch); the RocksDB state store for `alert_windows` of a large fleet, the in-memory one
otherwise. A fixed cost per batch outweighs that of the samples below some 20,000 samples/s: to be cheaper, trigger
less often. `numRowsDroppedByWatermark` of the stateStoreSave operator is 0 as long as all is well.
"""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import to_avro

from tacho_contracts.codec import header
from tacho_contracts.schemas import schema_text
from tacho_enricher.window_keys import dimensions, key_columns, key_text, window_of, window_time

# How far behind the newest row another may be and still count. The retention of sensors-sample: whatever the log
# holds counts. State is small, so that it may be long: some 17 rows per window, 11,000 for a week of 15 minutes.
FLEET_STATE_KEPT = "7 days"

# The same within one partition of alert-data, where state is one entry per alert. A car's alerts come in log order,
# so only record timestamps that go back can be behind: Kafka takes them up to 1 h ahead of the clock.
ALERT_STATE_KEPT = "2 hours"

# The counts of approx_top_k are exact up to as many different items as it tracks; a rules file has a handful.
MOST_RULES = 1000

MAXIMA = ("speed", "rpm", "gear")


def fleet_windows(samples: DataFrame, size_seconds: int, slide_seconds: int, tasks: int = 0) -> DataFrame:
    """Keyed FleetWindow records of enriched samples that hold no repeats.

    `samples`: event_time and logged_at (long, ms), late, car_id, speed, rpm, gear, color_name, brand_name,
    model_name. The size must be a multiple of the slide. `tasks`: see `_gathered`.
    """
    timed = samples.withColumn("window_time", window_time()).withWatermark("window_time", FLEET_STATE_KEPT)
    rows = _gathered(timed, tasks)
    in_time = ~F.col("late")
    tenths = F.floor(F.col("speed") * 10.0 + 0.5)
    figures = (
        rows.select(
            window_of(size_seconds, slide_seconds).alias("window"),
            F.explode(dimensions()).alias("pair"),
            *("late", "event_time", "car_id", "speed", "rpm", "gear"),
        )
        .groupBy("window", "pair")
        .agg(
            F.count_if(in_time).alias("samples"),
            F.count_if("late").alias("late"),
            F.coalesce(F.sum(F.when(in_time, tenths)), F.lit(0)).alias("speed_sum"),
            *[_first_maximum(name).alias(f"max_{name}") for name in MAXIMA],
        )
    )
    maxima = [column for name in MAXIMA for column in _holder(f"max_{name}")]
    return _as_records(figures.select(*key_columns(), "samples", "late", "speed_sum", *maxima), "FleetWindow")


def _first_maximum(name: str) -> Column:
    """The highest value in time, with who reached it first: among equals the earliest, then the lowest car_id."""
    reached = F.struct(
        F.col(name).alias("value"),
        (-F.col("event_time")).alias("minus_event_time"),
        (-F.col("car_id")).alias("minus_car_id"),
    )
    return F.max(F.when(~F.col("late"), reached))


def _holder(maximum: str) -> list[Column]:
    """The record's three fields of one maximum; null in a window of late samples only."""
    reached = F.col(maximum)
    return [
        reached["value"].alias(maximum),
        (-reached["minus_car_id"]).alias(f"{maximum}_car_id"),
        (-reached["minus_event_time"]).alias(f"{maximum}_at"),
    ]


def alert_windows(alerts: Sequence[DataFrame], size_seconds: int, slide_seconds: int, tasks: int = 0) -> DataFrame:
    """Keyed AlertWindow records of alerts that may hold repeats: each alert_id counts once.

    `alerts`: one stream for each partition of alert-data (Kafka option `assign`), always the same number of them,
    with alert_id, rule, event_time and logged_at (long, ms), late, color_name, brand_name, model_name. With several
    streams Spark takes the lowest of their watermarks. With one for all partitions it takes the newest row of any,
    and in a catch-up the rows of a partition that is hours behind would be dropped.
    The size must be a multiple of the slide. `tasks`: see `_gathered`.
    """
    parts = [part.withColumn("window_time", window_time()) for part in alerts]
    timed = reduce(DataFrame.unionByName, [part.withWatermark("window_time", ALERT_STATE_KEPT) for part in parts])
    rows = _gathered(timed, tasks)
    figures = (
        rows.dropDuplicates(["alert_id", "window_time"])
        .select(
            window_of(size_seconds, slide_seconds).alias("window"),
            F.explode(dimensions()).alias("pair"),
            *("late", "rule"),
        )
        .groupBy("window", "pair")
        .agg(
            F.count_if(~F.col("late")).alias("alerts"),
            F.count_if("late").alias("late"),
            F.expr(f"approx_top_k(rule, {MOST_RULES}, {2 * MOST_RULES}) FILTER (WHERE NOT late)").alias("by_rule"),
        )
    )
    # Sorted, so that equal counts are equal bytes whatever order the alerts came in: to_avro writes a Java HashMap,
    # whose order is that of the hash codes, and among equal ones of the entries.
    entries = F.array_sort(F.transform("by_rule", lambda entry: F.struct(entry["item"], entry["count"])))
    by_rule = F.map_from_entries(entries).alias("by_rule")
    return _as_records(figures.select(*key_columns(), "alerts", "late", by_rule), "AlertWindow")


def _gathered(rows: DataFrame, tasks: int) -> DataFrame:
    """The rows in at most this many tasks a batch; 0 leaves one for each partition of the source.

    A batch of a small fleet is a few hundred rows, and what a task costs is Spark's start of it: Avro readers, Kafka
    consumers, a shuffle. With one task there is no shuffle at all.
    """
    return rows.coalesce(tasks) if tasks else rows


def _as_records(figures: DataFrame, record: str) -> DataFrame:
    """`figures`, whose columns are the record's fields in order, as Kafka key and single-object value."""
    body = to_avro(F.struct(*figures.columns), schema_text(record))
    return figures.select(key_text().alias("key"), F.concat(F.lit(header(record)), body).alias("value"))
