"""State, batch time and CPU of the enricher's window queries, by candidate (docs/adr/0006-window-repeats.md).

    python benchmarks/window_state.py --jars .tacho/jars/kafka [--only fleet|alerts]

Spark alone, from Parquet files of seeded rows to the noop sink, so that neither Kafka nor decoding is in the
figures. CPU is the JVM's user and system time from /proc. A "live" batch is what a 5 s trigger finds.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from statistics import median
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from tacho_enricher.aggregates import alert_windows, fleet_windows
from tacho_enricher.window_keys import window_time

START_MS = 1_700_000_100_000
WINDOW_SECONDS = 900
PROVIDERS = {
    "memory": "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider",
    "rocksdb": "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
}
Query = Callable[[list[DataFrame]], DataFrame]


def session(jars: Path) -> SparkSession:
    found = ",".join(str(path) for path in sorted(jars.glob("*.jar")))
    builder = SparkSession.builder.master("local[2]").appName("window_state").config("spark.jars", found)
    options = {
        "spark.driver.memory": "4g",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
    }
    return reduce(lambda built, option: built.config(*option), options.items(), builder).getOrCreate()


def cpu_seconds(spark: SparkSession) -> float:
    pid = spark._jvm.java.lang.ProcessHandle.current().pid()  # type: ignore[union-attr]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pick(count: int, salt: int) -> Column:
    return F.abs(F.hash("id", F.lit(salt))) % count


def common_columns(per_second: int) -> list[Column]:
    event_time = F.lit(START_MS) + F.floor(F.col("id") * 1000 / per_second)
    return [
        event_time.alias("event_time"),
        (event_time + 20).alias("logged_at"),
        (pick(1000, 1) == 0).alias("late"),
        F.concat(F.lit("color-"), pick(7, 2).cast("string")).alias("color_name"),
        F.concat(F.lit("brand-"), pick(7, 3).cast("string")).alias("brand_name"),
        F.concat(F.lit("model-"), pick(7, 3).cast("string")).alias("model_name"),
    ]


def write_samples(spark: SparkSession, folder: Path, batches: list[int], per_second: int) -> None:
    columns = [
        (1_000_000 + F.col("id") % 5000).cast("int").alias("car_id"),
        (pick(15_000, 4) / 100.0).alias("speed"),
        pick(7000, 5).cast("int").alias("rpm"),
        pick(7, 6).cast("int").alias("gear"),
    ]
    write(spark, folder, batches, [*common_columns(per_second), *columns], parts=1)


def write_alerts(spark: SparkSession, folder: Path, batches: list[int], per_second: int, parts: int) -> None:
    rule = F.element_at(
        F.array(F.lit("speeding"), F.lit("high-rpm"), F.lit("wrong-gear")), (pick(3, 7) + 1).cast("int")
    )
    car = (1_000_000 + pick(200_000, 8)).cast("string")
    alert_id = F.concat(car, F.lit("-"), F.col("id").cast("string"), F.lit("/"), rule).alias("alert_id")
    write(spark, folder, batches, [alert_id, rule.alias("rule"), *common_columns(per_second)], parts)


def write(spark: SparkSession, folder: Path, batches: list[int], columns: list[Column], parts: int) -> None:
    """One file per batch and part, so that maxFilesPerTrigger=1 makes each a batch of every part's stream."""
    begin = 0
    for size in batches:
        rows = spark.range(begin, begin + size, 1, 1)
        for part in range(parts):
            target = folder / str(part)
            rows.where(F.col("id") % parts == part).select(*columns).write.mode("append").parquet(str(target))
        begin += size


def measure(spark: SparkSession, folder: Path, query: Query, options: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Runs the query over all files, a batch at a time; yields rows, CPU seconds and progress of each batch."""
    for key, value in options.items():
        spark.conf.set(key, value)
    frames = []
    for part in sorted(folder.iterdir()):
        schema = spark.read.parquet(str(part)).schema
        frames.append(spark.readStream.schema(schema).option("maxFilesPerTrigger", 1).parquet(str(part)))
    spent = [cpu_seconds(spark)]

    def sink(rows: DataFrame, _batch: int) -> None:
        rows.write.format("noop").mode("overwrite").save()
        spent.append(cpu_seconds(spark))

    with tempfile.TemporaryDirectory() as checkpoint:
        writer = query(frames).writeStream.outputMode("update").option("checkpointLocation", checkpoint)
        running = writer.foreachBatch(sink).start()
        try:
            running.processAllAvailable()
            progress = [json.loads(entry.json) for entry in running.recentProgress]
        finally:
            running.stop()
    for batch, before, after in zip(progress, spent, spent[1:], strict=False):
        if batch["numInputRows"]:
            yield {"rows": batch["numInputRows"], "cpu": after - before, "progress": batch}


def report(name: str, batches: list[dict[str, Any]]) -> None:
    last = batches[-1]["progress"]["stateOperators"]
    figures = {
        "batches": len(batches),
        "rows_per_batch": batches[-1]["rows"],
        "cpu_seconds_per_batch": round(median(batch["cpu"] for batch in batches), 3),
        "cpu_seconds_per_million_rows": round(median(batch["cpu"] / batch["rows"] for batch in batches) * 1e6, 2),
        "batch_ms": median(batch["progress"]["durationMs"]["triggerExecution"] for batch in batches),
        "state": {state["operatorName"]: [state["numRowsTotal"], state["memoryUsedBytes"]] for state in last},
    }
    print(json.dumps({"candidate": name} | figures), flush=True)


def settings(provider: str, partitions: int) -> dict[str, str]:
    return {
        "spark.sql.streaming.stateStore.providerClass": PROVIDERS[provider],
        "spark.sql.shuffle.partitions": str(partitions),
    }


def fleet(spark: SparkSession, folder: Path) -> None:
    """Cost per million samples in a catch-up, and the fixed cost of a live batch at 500 samples/s."""
    write_samples(spark, folder / "catch-up", [300_000] * 8, per_second=1000)
    write_samples(spark, folder / "live", [2_500] * 24, per_second=500)

    def windows(frames: list[DataFrame]) -> DataFrame:
        return fleet_windows(frames[0], WINDOW_SECONDS, WINDOW_SECONDS)

    def reading_alone(frames: list[DataFrame]) -> DataFrame:
        return frames[0].groupBy("color_name").agg(F.sum("speed"), F.max("rpm"), F.max("gear"), F.max("logged_at"))

    for name, query in (("warm-up", windows), ("reading alone", reading_alone), ("windows", windows)):
        report(f"fleet catch-up, {name}", list(measure(spark, folder / "catch-up", query, settings("memory", 1)))[3:])
    for provider in PROVIDERS:
        for partitions in (1, 6):
            batches = list(measure(spark, folder / "live", windows, settings(provider, partitions)))
            report(f"fleet live, {provider}, {partitions} shuffle partitions", batches[4:])


def alerts(spark: SparkSession, folder: Path) -> None:
    """200,000 cars, 1 sample/s each, 1 % alerts: 2,000 alerts/s; a quarter of an hour of them already in state."""
    sizes = [1_800_000] + [10_000] * 12
    for parts in (1, 6):
        write_alerts(spark, folder / str(parts), sizes, per_second=2000, parts=parts)

    def chosen(frames: list[DataFrame]) -> DataFrame:
        return alert_windows(frames, WINDOW_SECONDS, WINDOW_SECONDS)

    def within_watermark(frames: list[DataFrame]) -> DataFrame:
        rows = frames[0].withColumn("window_time", window_time()).withWatermark("window_time", "2 hours")
        window = F.window("window_time", f"{WINDOW_SECONDS} seconds")
        return rows.dropDuplicatesWithinWatermark(["alert_id"]).groupBy(window, "color_name").count()

    def sets(frames: list[DataFrame]) -> DataFrame:
        rows = frames[0].withColumn("window_time", window_time()).withWatermark("window_time", "2 hours")
        window = F.window("window_time", f"{WINDOW_SECONDS} seconds")
        return rows.groupBy(window, "color_name").agg(F.size(F.collect_set("alert_id")).alias("alerts"))

    candidates: list[tuple[str, int, str, Query]] = [
        ("dropDuplicates, per-partition watermark", 6, "memory", chosen),
        ("dropDuplicates, per-partition watermark", 6, "rocksdb", chosen),
        ("dropDuplicates, one stream", 1, "rocksdb", chosen),
        ("dropDuplicatesWithinWatermark, one stream", 1, "rocksdb", within_watermark),
        ("collect_set in one aggregate", 1, "memory", sets),
    ]
    for name, parts, provider, query in candidates:
        batches = list(measure(spark, folder / str(parts), query, settings(provider, 1)))
        report(f"alerts first batch, {name}, {provider}", batches[:1])
        report(f"alerts live, {name}, {provider}", batches[4:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jars", type=Path, required=True)
    parser.add_argument("--only", choices=["fleet", "alerts"])
    arguments = parser.parse_args()
    spark = session(arguments.jars)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, part in (("fleet", fleet), ("alerts", alerts)):
                if arguments.only in (None, name):
                    part(spark, Path(folder) / name)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
