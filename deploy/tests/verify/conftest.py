"""A small fleet's topics, built the long way round: nothing here comes from the verifier but its record type."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.tests.verify.by_hand import (
    DIMS,
    LATENESS_MS,
    MAZDA,
    OPEL,
    RULES,
    RULES_VERSION,
    START,
    STRANGER,
    Row,
    alert_figures,
    alerts_of,
    enriched,
    fleet_figures,
    long_enough,
    sample_of,
)
from tacho.verify.dims import read_dims
from tacho.verify.journal import Journal
from tacho.verify.log import LogRecord, home_partition
from tacho.verify.report import Report
from tacho.verify.rules import read_rules
from tacho.verify.run import Run
from tacho.verify.verification import verify_topics
from tacho.verify.windows import Grid
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

CATALOGUE = load_catalogue()
CODECS = {record: Codec(record) for topic in CATALOGUE.topics.values() for record in topic.records}


class MemoryTopics:
    """Topics as lists; what is removed from a list leaves a gap in the offsets, as on a broker."""

    def __init__(self) -> None:
        topics = CATALOGUE.topics
        self.lists: dict[str, list[list[LogRecord]]] = {n: [[] for _ in range(t.partitions)] for n, t in topics.items()}

    def partitions(self, topic: str) -> int:
        return len(self.lists[topic])

    def records(self, topic: str, partition: int) -> int:
        return len(self.lists[topic][partition])

    def read(self, topic: str, partition: int) -> Iterator[LogRecord]:
        return iter(list(self.lists[topic][partition]))

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, timestamp: int = START, partition: int | None = None
    ) -> LogRecord:
        """On the partition that is named, else on the key's."""
        partition = home_partition(key or b"", len(self.lists[topic])) if partition is None else partition
        records = self.lists[topic][partition]
        record = LogRecord(partition, records[-1].offset + 1 if records else 0, timestamp, key, value)
        records.append(record)
        return record

    def all(self, topic: str) -> list[LogRecord]:
        return [record for partition in self.lists[topic] for record in partition]

    def replace(self, topic: str, record: LogRecord, **changes: Any) -> LogRecord:
        new = record._replace(**changes)
        self.lists[topic][record.partition] = [new if r is record else r for r in self.lists[topic][record.partition]]
        return new

    def remove(self, topic: str, record: LogRecord) -> None:
        self.lists[topic][record.partition] = [r for r in self.lists[topic][record.partition] if r is not record]

    def swap(self, topic: str, one: LogRecord, other: LogRecord) -> None:
        """Exchange the content of two records of one partition."""
        self.replace(topic, one, key=other.key, value=other.value, timestamp=other.timestamp)
        self.replace(topic, other, key=one.key, value=one.value, timestamp=one.timestamp)


class World:
    """A run in which every service did its work."""

    def __init__(self, size: int = 10_000, slide: int = 10_000) -> None:
        self.size, self.slide = size, slide
        self.topics = MemoryTopics()
        self.journal: list[str] = []
        self.rules = RULES
        self.dims = dict(DIMS)
        self.repeats_allowed = self.alone = False
        self.enriched: list[Row] = []
        self.alerts: list[Row] = []
        self.episodes: list[Row] = []
        self._running: dict[tuple[int, str], list[Row]] = {}
        self.codecs = CODECS

    def sample(self, car: int, sequence: int, speed: float) -> Row:
        return sample_of(car, sequence, speed)

    def send(self, sample: Row, timestamp: int, acked: bool = True, journalled: bool = True) -> LogRecord:
        """Put a good sample on the log, and what follows from it on the other topics."""
        key = str(sample["car_id"]).encode()
        record = self.topics.put("sensors-sample", key, self.codecs["SensorSample"].encode(sample), timestamp)
        if journalled:
            values = ",".join(repr(sample[n]) for n in ("car_id", "sequence", "event_time", "speed", "rpm", "gear"))
            self.journal.append(f"sent,{timestamp}123,{timestamp},{values}\n")
        if journalled and acked:
            self.journal.append(f"acked,{sample['car_id']},{sample['sequence']},{record.partition},{record.offset}\n")
        row = enriched(sample, timestamp)
        self.enriched.append(row)
        self.topics.put("samples-enriched", key, self.codecs["EnrichedSample"].encode(row))
        found = {alert["rule"]: alert for alert in alerts_of(row)}
        for rule in ("speeding", "wrong-gear", "fast-for-long"):
            self._follow(row, rule, found.get(rule))
        return record

    def _follow(self, row: Row, rule: str, alert: Row | None) -> None:
        """What one sample leads to under one rule: no sample is out of order here, and none is waited for."""
        running = self._running.setdefault((row["car_id"], rule), [])
        if alert is None:
            if running and long_enough(rule, running):
                self._tell(running, 2, "CLOSED", closed_at=row["event_time"], close_reason="recovered")
            running.clear()
            return
        running.append(alert)
        if not long_enough(rule, running):
            return
        self.alerts.append(alert)
        for topic in ("alert-data", *(["alerts-safety"] if rule == "speeding" else [])):
            self.topics.put(topic, str(row["car_id"]).encode(), self.codecs["Alert"].encode(alert))
        if len(running) == 1 or not long_enough(rule, running[:-1]):
            self._tell(running, 1, "OPENED")

    def _tell(self, running: list[Row], revision: int, state: str, **changes: Any) -> None:
        first, rule = running[0], running[0]["rule"]
        distances = [abs(alert["observed"] - (alert["limit"] if rule == "wrong-gear" else 0)) for alert in running]
        peak = running[distances.index(max(distances))]
        event = {
            **{"episode_id": f"{first['event_id']}/{rule}", "revision": revision, "state": state, "rule": rule},
            **{n: first[n] for n in ("car_id", "driver_id", "brand_name", "model_name", "color_name", "severity")},
            **{"opened_at": first["event_time"], "last_seen_at": running[-1]["event_time"], "closed_at": None},
            **{"samples": len(running), "late_samples": 0, "limit": first["limit"], "close_reason": None},
            **{"peak": peak["observed"], "peak_at": peak["event_time"], "rules_version": RULES_VERSION},
            **changes,
        }
        self.episodes.append(event)
        self.topics.put("alert-episodes", str(event["car_id"]).encode(), self.codecs["AlertEpisode"].encode(event))

    def beat(self, at: int) -> None:
        """Put a heartbeat on every partition of the log, and pass it on."""
        value = self.codecs["Heartbeat"].encode({"at": at})
        for partition in range(self.topics.partitions("sensors-sample")):
            self.topics.put("sensors-sample", None, value, at, partition)
            self.topics.put("samples-enriched", None, value, at + 2, partition)

    def send_bad(self, value: bytes | None, reason: str, key: bytes = b"1000001") -> LogRecord:
        """Put a bad record on the log, and its dead letter."""
        record = self.topics.put("sensors-sample", key, value, START)
        self.dead_letter(record, reason)
        return record

    def dead_letter(self, record: LogRecord, reason: str, topic: str = "sensors-sample", **changes: Any) -> LogRecord:
        letter = {
            **{"source_topic": topic, "source_partition": record.partition, "source_offset": record.offset},
            **{"source_timestamp": record.timestamp, "service": "enricher", "reason": reason, "detail": "in words"},
            **{"key": record.key, "value": record.value},
        }
        key = f"{topic}/{record.partition}/{record.offset}".encode()
        return self.topics.put("dead-letters", key, self.codecs["DeadLetter"].encode(letter | changes))

    def write_windows(self) -> "World":
        """Write both window topics anew: a preview first, then the last row of every key."""
        for topic, record, rows, figures in (
            ("fleet-windows", "FleetWindow", self.enriched, fleet_figures),
            ("alert-windows", "AlertWindow", self.alerts, alert_figures),
        ):
            self.topics.lists[topic] = [[] for _ in self.topics.lists[topic]]
            for key, (head, members) in self._cells(rows).items():
                for part in (members[:1], members):
                    self.topics.put(topic, key.encode(), self.codecs[record].encode(head | figures(part)))
        return self

    def _cells(self, rows: list[Row]) -> dict[str, tuple[Row, list[Row]]]:
        cells: dict[str, tuple[Row, list[Row]]] = {}
        for row in rows:
            time = row["logged_at"] if row["late"] else row["event_time"]
            model = f"{row['brand_name']} {row['model_name']}" if row["brand_name"] else "unknown"
            for start in range(time - time % self.slide - self.size, time + 1, self.slide):
                if not start <= time < start + self.size:
                    continue
                for dimension, value in (("fleet", "all"), ("color", row["color_name"] or "unknown"), ("model", model)):
                    head = {"window_start": start, "window_end": start + self.size}
                    head |= {"dimension": dimension, "value": value}
                    key = f"{start}-{start + self.size}/{dimension}/{value}"
                    cells.setdefault(key, (head, []))[1].append(row)
        return cells

    def verify(self) -> Report:
        journal = Journal()
        journal.read("journal-00000001.csv", self.journal)
        run = Run(
            dims=read_dims(self.dims, "speed-band"),
            rules=read_rules(self.rules),
            journal=journal,
            allowed_lateness_ms=LATENESS_MS,
            grid=Grid(self.size, self.slide),
            repeats_allowed=self.repeats_allowed,
            alone=self.alone,
        )
        return verify_topics(run, self.topics, CATALOGUE.reject_reasons, lambda line: None)


@pytest.fixture
def make_world() -> Callable[..., World]:
    """Builds a run of 120 samples of three cars, some late, some rejected, a quarter alarming; all topics right.

    Four times, a heartbeat is on every partition.
    """

    def make(size: int = 10_000, slide: int = 10_000) -> World:
        world = World(size, slide)
        for sequence, car in ((s, c) for s in range(1, 41) for c in (MAZDA, OPEL, STRANGER)):
            speed = 40.0 + (sequence * 7 + car) % 110
            changes = {"gear": 1} if sequence % 9 == 0 else {}
            delay = 200_000 if sequence % 13 == 0 else 40
            sample = sample_of(car, sequence, speed, **changes)
            world.send(sample, sample["event_time"] + delay)
            if car == STRANGER and sequence % 10 == 0:
                world.beat(sample["event_time"] + 40)
        world.send_bad(None, "tombstone")
        world.send_bad(b"\xc3\x01garbage!!!", "unknown-schema")
        world.send_bad(json.dumps({"event_id": "1"}).encode(), "malformed-json")
        return world.write_windows()

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
