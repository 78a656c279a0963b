"""The whole oracle, free of files and clients: a run and its topics in, a report out.

The log is taken partition by partition, with the same partition of the topics that follow it, so that what is kept
in memory is one partition's expected records (P8 gives a car one partition number on all of them).
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from tacho.verify.compare import Comparison, Expected
from tacho.verify.compare_windows import compare_windows
from tacho.verify.dead_letters import DeadLetters
from tacho.verify.episode_wire import EpisodeWire, identity_of
from tacho.verify.episodes import outcome_of
from tacho.verify.expectation import Enrichment
from tacho.verify.findings import Findings, Kind
from tacho.verify.heartbeats import Heartbeats, judge_heartbeat
from tacho.verify.journal_check import JournalCheck
from tacho.verify.log import (
    ALERT_WINDOWS,
    ALERTS,
    DEAD_LETTERS,
    ENRICHED,
    EPISODES,
    FLEET_WINDOWS,
    SENSORS,
    Homes,
    LogRecord,
    Topics,
    read_all,
)
from tacho.verify.report import Episodes, Report, Samples
from tacho.verify.rule import Rule
from tacho.verify.rules_topic import history_of
from tacho.verify.run import Run
from tacho.verify.samples import judge
from tacho.verify.windows import AlertFigures, FleetFigures
from tacho.verify.wire import Fields, Wire

Progress = Callable[[str], None]
PROGRESS_RECORDS = 100_000


def verify_topics(run: Run, topics: Topics, reasons: Collection[str], progress: Progress) -> Report:
    """Recompute everything from the log and compare. reasons: the catalogue's reject reasons."""
    started = time.monotonic()
    report = _Verification(run, topics, reasons, progress).report()
    report.seconds = time.monotonic() - started
    return report


class _Verification:
    def __init__(self, run: Run, topics: Topics, reasons: Collection[str], progress: Progress) -> None:
        self._run = run
        self._topics = topics
        self._progress = progress
        self._findings = Findings()
        self._enrichment = Enrichment(run.dims, run.allowed_lateness_ms)
        self._sample_wire, self._enriched_wire, self._alert_wire, self._heartbeat_wire = map(
            Wire, ("SensorSample", "EnrichedSample", "Alert", "Heartbeat")
        )
        self._log_homes = Homes(topics.partitions(SENSORS))
        self._journal = JournalCheck(run.journal, self._findings, run.alone)
        self._letters = DeadLetters(Wire("DeadLetter"), self._homes(DEAD_LETTERS), reasons, self._findings)
        self._enriched = self._comparison(ENRICHED, self._enriched_wire, lambda _: "all")
        self._alerts = self._comparison(ALERTS, self._alert_wire, _rule)
        self._episode_wire = EpisodeWire()
        self._episode_words: dict[bytes, str] = {}
        self._episodes = self._comparison(EPISODES, self._episode_wire, self._episode_words.__getitem__)
        self._history = history_of(topics, run.rules)
        self._fan_out = {topic: Expected() for topic in self._history.fan_out()}
        self._fleet_figures = FleetFigures(run.grid)
        self._alert_figures = AlertFigures(run.grid)
        self._logged = self._late = self._beats = 0

    def report(self) -> Report:
        self._letters.take(read_all(self._topics, DEAD_LETTERS))
        partitions = max(self._topics.partitions(topic) for topic in (SENSORS, ENRICHED, ALERTS, EPISODES))
        for partition in range(partitions):
            self._partition(partition)
        for comparison in (self._enriched, self._alerts, self._episodes):
            comparison.finish()
        fan_out = {topic: self._compare_fan_out(topic, expected) for topic, expected in self._fan_out.items()}
        self._letters.finish()
        self._journal.finish()
        self._progress(f"comparing {FLEET_WINDOWS} and {ALERT_WINDOWS}")
        windows = self._compare_windows(FLEET_WINDOWS, "FleetWindow", self._fleet_figures.rows())
        alert_windows = self._compare_windows(ALERT_WINDOWS, "AlertWindow", self._alert_figures.rows())
        return Report(
            samples=Samples(
                sent=len(self._run.journal),
                acked=self._run.journal.acked,
                failed=self._run.journal.failed,
                logged=self._logged,
                other_writers=self._journal.other_writers,
                sent_again=self._journal.repeats,
                poison=self._journal.poison,
                enriched=self._enriched.present.total(),
                late=self._late,
                dead_letters=dict(self._letters.by_reason),
            ),
            alerts=dict(self._alerts.present),
            fan_out=fan_out,
            windows=windows,
            alert_windows=alert_windows,
            repeats_allowed=self._run.repeats_allowed,
            findings=self._findings,
            episodes=_counted(self._episodes.present),
            heartbeats=self._beats,
        )

    def _partition(self, partition: int) -> None:
        enriched, alerts = Expected(), Expected()
        heartbeats = Heartbeats(self._heartbeat_wire, self._enriched_wire.identity, self._findings, self._letters)
        log: list[int | Fields] = []
        for record in self._read(SENSORS, partition):
            if self._heartbeat_wire.wrote(record.value or b""):
                log += self._heartbeat(record, heartbeats)
                continue
            self._logged += 1
            sample, reasons = judge(record, self._sample_wire)
            again = False
            if self._journal.is_poison(record):
                self._require_bad(record, sample, reasons)
            elif sample is not None:
                again = self._journal.check(record, sample)
            if sample is not None and not reasons:
                log.append(self._expect(record, sample, enriched, alerts, again))
                heartbeats.follow(sample["event_id"].encode())
            elif not self._letters.settle(SENSORS, record, reasons):
                self._journal.lost_bad_record(record, sample, reasons)
        episodes = self._expect_in_order(log, alerts)
        self._enriched.compare(enriched, heartbeats.apart(self._read(ENRICHED, partition)))
        self._alerts.compare(alerts, self._read(ALERTS, partition))
        self._episodes.compare(episodes, self._read(EPISODES, partition))

    def _heartbeat(self, record: LogRecord, heartbeats: Heartbeats) -> list[int]:
        """The log time that a good heartbeat tells; a bad one must have its dead letter."""
        self._beats += 1
        at, reasons = judge_heartbeat(record, self._heartbeat_wire)
        if not reasons:
            heartbeats.expect(record.value or b"")
            return [at]
        if not self._letters.settle(SENSORS, record, reasons):
            self._journal.lost_bad_record(record, None, reasons)
        return []

    def _expect_in_order(self, log: list[int | Fields], alerts: Expected) -> Expected:
        """File the alerts of ordered rules that a partition's log must lead to; give what is told of its episodes."""
        outcome = outcome_of(log, self._history)
        for rule, alert in outcome.alerts:
            self._expect_alert(rule, alert, alerts, f"{alert['car_id']}/{rule.id}".encode())
        episodes = Expected()
        for event in outcome.episodes:
            identity = identity_of(event)
            episodes.add(identity, self._episode_wire.encode(event))
            self._episode_words[identity] = event["close_reason"] or event["state"]
        return episodes

    def _require_bad(self, record: LogRecord, sample: Fields | None, reasons: frozenset[str]) -> None:
        if not reasons:
            self._journal.offend(Kind.UNEXPECTED, record, sample, "was sent as one that no reader can use, and is good")

    def _expect(
        self, record: LogRecord, sample: Fields, enriched: Expected, alerts: Expected, again: bool = False
    ) -> Fields:
        """File what a good sample must lead to at once; give it enriched. again: it was sent once more on purpose."""
        event_id = sample["event_id"].encode()
        if self._log_homes.of(record.key or b"") != record.partition:
            self._journal.offend(Kind.MISPLACED, record, sample, "is not on its car's partition")
        row = self._enrichment.enrich(sample, record.timestamp)
        if not enriched.add(event_id, self._enriched_wire.encode(row)):
            if again:
                self._allow_again(event_id, row, enriched, alerts)
            else:
                self._journal.offend(Kind.UNEXPECTED, record, sample, "the log already holds a sample with this id")
            return row
        car = self._enrichment.car(sample["car_id"])
        self._late += row["late"]
        self._fleet_figures.add(row, car.color_value, car.model_value)
        for rule, alert in self._history.at(row["event_time"]).alerts(row):
            self._expect_alert(rule, alert, alerts)
        return row

    def _allow_again(self, event_id: bytes, row: Fields, enriched: Expected, alerts: Expected) -> None:
        """What a sample that the log holds again may lead to again; by id it is one sample, in windows too."""
        enriched.again[event_id] += 1
        for rule, alert in self._history.at(row["event_time"]).alerts(row):
            for topic in (alerts, *(self._fan_out[name] for name in rule.topics)):
                topic.again[alert["alert_id"].encode()] += 1

    def _expect_alert(self, rule: Rule, alert: Fields, alerts: Expected, group: bytes | None = None) -> None:
        """group: what it keeps its order among, when that is not all alerts at once of its car."""
        alert_id, payload = alert["alert_id"].encode(), self._alert_wire.encode(alert)
        alerts.add(alert_id, payload, group)
        car = self._enrichment.car(alert["car_id"])
        self._alert_figures.add(alert, car.color_value, car.model_value)
        for topic in rule.topics:
            self._fan_out[topic].add(alert_id, payload, group)

    def _compare_fan_out(self, topic: str, expected: Expected) -> int:
        comparison = self._comparison(topic, self._alert_wire, _rule)
        comparison.compare(expected, read_all(self._topics, topic))
        comparison.finish()
        return comparison.present.total()

    def _compare_windows(self, topic: str, record: str, expected: dict[str, Fields]) -> int:
        rows = read_all(self._topics, topic)
        return compare_windows(topic, Wire(record), self._homes(topic), expected, rows, self._findings)

    def _comparison(self, topic: str, wire: Wire, label: Callable[[bytes], str]) -> Comparison:
        return Comparison(topic, wire, self._homes(topic), self._findings, self._letters, label)

    def _homes(self, topic: str) -> Homes:
        return Homes(self._topics.partitions(topic))

    def _read(self, topic: str, partition: int) -> Iterator[LogRecord]:
        if partition >= self._topics.partitions(topic):
            return
        total = self._topics.records(topic, partition)
        for done, record in enumerate(self._topics.read(topic, partition)):
            if done and done % PROGRESS_RECORDS == 0:
                self._progress(f"{topic}, partition {partition}: {done:,} of {total:,} records")
            yield record
        self._progress(f"{topic}, partition {partition}: all {total:,} records")


def _counted(words: Counter[str]) -> Episodes:
    reasons = {word: count for word, count in words.items() if word not in ("OPENED", "UPDATED")}
    return Episodes(words["OPENED"], reasons)


def _rule(alert_id: bytes) -> str:
    return alert_id.rpartition(b"/")[2].decode("utf-8", "replace")
