"""The window functions as streaming queries: nothing lost, nothing twice, whatever the batches and the crashes."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from tacho_contracts.codec import Codec
from tacho_enricher.aggregates import alert_windows, fleet_windows

pytestmark = pytest.mark.spark

HOUR_MS = 3_600_000
START_MS = 472_222 * HOUR_MS
NAMES = "color_name string, brand_name string, model_name string"
SAMPLE_COLUMNS = f"event_time long, logged_at long, late boolean, car_id int, speed double, rpm int, gear int, {NAMES}"
ALERT_COLUMNS = f"alert_id string, rule string, event_time long, logged_at long, late boolean, {NAMES}"

Row = dict[str, Any]


class WindowStream:
    """One of the window queries over folders of JSON files; each call of `feed` is one batch of it."""

    def __init__(self, spark: SparkSession, folder: Path, columns: str, parts: int, query: Callable[..., DataFrame]):
        self.spark, self.folder, self.columns, self.query = spark, folder, columns, query
        self.parts = [folder / f"part-{number}" for number in range(parts)]
        for part in self.parts:
            part.mkdir()
        self.fed = 0
        self.sent: list[tuple[int, str, bytes]] = []
        self.running: StreamingQuery | None = None

    def __enter__(self) -> "WindowStream":
        frames = [self.spark.readStream.schema(self.columns).json(str(part)) for part in self.parts]
        writer = self.query(frames).writeStream.outputMode("update").foreachBatch(self._keep)
        self.running = writer.option("checkpointLocation", str(self.folder / "checkpoint")).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.started().stop()

    def started(self) -> StreamingQuery:
        assert self.running is not None
        return self.running

    def _keep(self, windows: DataFrame, batch: int) -> None:
        self.sent += [(batch, row["key"], bytes(row["value"])) for row in windows.collect()]

    def feed(self, *rows_by_part: list[Row]) -> None:
        self.fed += 1
        for part, rows in zip(self.parts, rows_by_part, strict=True):
            hidden = part / f".{self.fed}"
            hidden.write_text("".join(json.dumps(row) + "\n" for row in rows))
            hidden.rename(part / f"{self.fed}.json")
        self.started().processAllAvailable()

    def forget_last_commit(self) -> int:
        """Leave the checkpoint as a driver that dies before its last commit does; returns that batch."""
        commits = self.folder / "checkpoint" / "commits"
        last = max(int(path.name) for path in commits.iterdir() if path.name.isdigit())
        (commits / str(last)).unlink()
        (commits / f".{last}.crc").unlink(missing_ok=True)
        return last

    def batch(self, number: int) -> list[tuple[str, bytes]]:
        return sorted((key, value) for batch, key, value in self.sent if batch == number)

    def state_operators(self) -> list[dict[str, int]]:
        """Spark's figures of both stateful operators, batch after batch."""
        entries = [json.loads(progress.json) for progress in self.started().recentProgress]
        return [operator for entry in entries for operator in entry["stateOperators"]]

    def dropped(self) -> int:
        return sum(operator["numRowsDroppedByWatermark"] for operator in self.state_operators())


def fleet_stream(spark: SparkSession, folder: Path, size: int = 3600, slide: int = 3600) -> WindowStream:
    return WindowStream(spark, folder, SAMPLE_COLUMNS, 1, lambda frames: fleet_windows(frames[0], size, slide))


def alert_stream(spark: SparkSession, folder: Path, parts: int) -> WindowStream:
    return WindowStream(spark, folder, ALERT_COLUMNS, parts, lambda frames: alert_windows(frames, 3600, 3600))


def random_rows(random: Random, count: int, spread_ms: int) -> list[Row]:
    rows = []
    for _ in range(count):
        logged_at = START_MS + random.randrange(spread_ms)
        delay = random.choice([0, 5, 60_000, 120_000, 120_001, 9_999_999])
        brand, model = random.choice([("Mazda", "3"), ("BMW", "X5"), (None, None)])
        row = {"event_time": logged_at - delay, "logged_at": logged_at, "late": delay > 120_000}
        rows.append(row | {"color_name": random.choice(["Red", None]), "brand_name": brand, "model_name": model})
    return rows


def random_samples(random: Random, count: int, spread_ms: int) -> list[Row]:
    # Few different values, so that maxima are reached by several cars at several times.
    ranges = {"rpm": range(20), "gear": range(7), "car_id": range(1_000_000, 1_000_020)}
    rows = random_rows(random, count, spread_ms)
    figures = [{name: random.choice(values) for name, values in ranges.items()} for _ in rows]
    return [row | more | {"speed": random.randrange(40) / 4} for row, more in zip(rows, figures, strict=True)]


def random_alerts(random: Random, name: str, count: int, spread_ms: int) -> list[Row]:
    rules = [random.choice(["speeding", "high-rpm", "wrong-gear"]) for _ in range(count)]
    rows = zip(random_rows(random, count, spread_ms), rules, strict=True)
    return [row | {"alert_id": f"{name}-{number}/{rule}", "rule": rule} for number, (row, rule) in enumerate(rows)]


def shifted(row: Row, hours: int) -> Row:
    """What the same car sends some hours later."""
    moved = {name: row[name] + hours * HOUR_MS for name in ("event_time", "logged_at")}
    return row | moved | ({"alert_id": f"{hours}h-{row['alert_id']}"} if "alert_id" in row else {})


def grouped(rows: list[Row], size_ms: int, slide_ms: int) -> dict[tuple[int, str, str], list[Row]]:
    """The rows of each (window start, dimension, value), in plain Python."""
    groups: dict[tuple[int, str, str], list[Row]] = {}
    for row in rows:
        at = row["logged_at"] if row["late"] else row["event_time"]
        model = f"{row['brand_name']} {row['model_name']}" if row["model_name"] else "unknown"
        for start in range(at // slide_ms * slide_ms, at - size_ms, -slide_ms):
            for dimension in (("fleet", "all"), ("color", row["color_name"] or "unknown"), ("model", model)):
                groups.setdefault((start, *dimension), []).append(row)
    return groups


def fleet_recompute(rows: list[Row], size_ms: int, slide_ms: int) -> dict[str, Row]:
    windows = {}
    for (start, dimension, value), members in grouped(rows, size_ms, slide_ms).items():
        in_time = [row for row in members if not row["late"]]
        window: Row = {"window_start": start, "window_end": start + size_ms, "dimension": dimension, "value": value}
        window |= {"samples": len(in_time), "late": len(members) - len(in_time)}
        window["speed_sum"] = sum(int(row["speed"] * 10 + 0.5) for row in in_time)
        for name in ("speed", "rpm", "gear"):
            best = min(in_time, key=lambda row: (-row[name], row["event_time"], row["car_id"]), default={})
            window |= {f"max_{name}": best.get(name), f"max_{name}_car_id": best.get("car_id")}
            window[f"max_{name}_at"] = best.get("event_time")
        windows[f"{start}-{start + size_ms}/{dimension}/{value}"] = window
    return windows


def alert_recompute(rows: list[Row], size_ms: int) -> dict[str, Row]:
    once = list({row["alert_id"]: row for row in rows}.values())
    windows = {}
    for (start, dimension, value), members in grouped(once, size_ms, size_ms).items():
        rules = Counter(row["rule"] for row in members if not row["late"])
        window: Row = {"window_start": start, "window_end": start + size_ms, "dimension": dimension, "value": value}
        window |= {"alerts": rules.total(), "late": len(members) - rules.total(), "by_rule": dict(rules)}
        windows[f"{start}-{start + size_ms}/{dimension}/{value}"] = window
    return windows


def newest(record: str, stream: WindowStream) -> dict[str, Row]:
    codec = Codec(record)
    return {key: codec.decode(value) for _, key, value in stream.sent}


@pytest.mark.parametrize("slide", [3600, 1200])
def test_fleet_figures_of_a_stream_equal_a_plain_recompute(spark: SparkSession, tmp_path: Path, slide: int) -> None:
    print("seed 7")
    rows = random_samples(Random(7), 1500, 5 * HOUR_MS)
    with fleet_stream(spark, tmp_path, 3600, slide) as stream:
        for begin in range(0, 1500, 500):
            stream.feed(rows[begin : begin + 500])
        assert stream.dropped() == 0
    assert newest("FleetWindow", stream) == fleet_recompute(rows, HOUR_MS, slide * 1000)


def test_a_sample_days_behind_the_newest_still_counts(spark: SparkSession, tmp_path: Path) -> None:
    first, second = random_samples(Random(3), 2, 1)
    ahead = shifted(first, 150)
    with fleet_stream(spark, tmp_path) as stream:
        stream.feed([ahead])
        stream.feed([first])
        stream.feed([second])
        assert stream.dropped() == 0
    assert newest("FleetWindow", stream) == fleet_recompute([first, second, ahead], HOUR_MS, HOUR_MS)


def test_a_fleet_batch_done_again_after_a_crash_gives_the_same_bytes(spark: SparkSession, tmp_path: Path) -> None:
    rows = random_samples(Random(11), 400, 2 * HOUR_MS)
    with fleet_stream(spark, tmp_path) as stream:
        stream.feed(rows[:200])
        stream.feed(rows[200:])
    last = stream.forget_last_commit()
    before = stream.batch(last)
    stream.sent.clear()
    with stream:
        stream.started().processAllAvailable()
    assert stream.batch(last) == before


def test_alert_figures_of_streams_with_repeats_equal_a_plain_recompute(spark: SparkSession, tmp_path: Path) -> None:
    print("seed 5")
    parts = [random_alerts(Random(5 + part), f"car-{part}", 300, HOUR_MS) for part in range(2)]
    with alert_stream(spark, tmp_path, 2) as stream:
        for begin in (0, 50, 100):  # each batch begins 150 rows before the last one ended
            stream.feed(*[rows[begin : begin + 200] for rows in parts])
    assert newest("AlertWindow", stream) == alert_recompute(parts[0] + parts[1], HOUR_MS)


def test_an_alert_batch_done_again_after_a_crash_gives_the_same_bytes(spark: SparkSession, tmp_path: Path) -> None:
    rows = random_alerts(Random(13), "car", 300, 2 * HOUR_MS)
    with alert_stream(spark, tmp_path, 1) as stream:
        stream.feed(rows[:200])
        stream.feed(rows[100:])
    last = stream.forget_last_commit()
    before = stream.batch(last)
    stream.sent.clear()
    with stream:
        stream.started().processAllAvailable()
        stream.feed(rows)
    assert stream.batch(last) == before
    assert newest("AlertWindow", stream).items() <= alert_recompute(rows, HOUR_MS).items()


def test_a_partition_far_behind_another_loses_no_alert(spark: SparkSession, tmp_path: Path) -> None:
    rows = random_alerts(Random(17), "car", 40, HOUR_MS)
    ahead = [[shifted(row, hours) for row in rows[:10]] for hours in (100, 150)]
    with alert_stream(spark, tmp_path, 2) as stream:
        stream.feed(ahead[0], rows[10:20])
        stream.feed(ahead[1], rows[20:30])
        stream.feed(ahead[1], rows[30:])
        assert stream.dropped() == 0
    assert newest("AlertWindow", stream) == alert_recompute(ahead[0] + ahead[1] + rows[10:], HOUR_MS)


def test_an_alert_repeated_after_its_id_was_freed_does_not_count_again(spark: SparkSession, tmp_path: Path) -> None:
    rows = random_alerts(Random(19), "car", 20, HOUR_MS)
    later = [shifted(row, 5) for row in rows]
    with alert_stream(spark, tmp_path, 1) as stream:
        stream.feed(rows)
        stream.feed(later)
        assert stream.state_operators()[-1]["numRowsTotal"] == len(later)  # the last operator drops the repeats
        stream.feed(rows)
    assert newest("AlertWindow", stream) == alert_recompute(rows + later, HOUR_MS)
