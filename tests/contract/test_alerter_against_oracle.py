"""The whole of the alerter but Kafka against the verifier's model: bytes in, in batches, with crashes in between."""

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from tacho.verify.episodes import outcome_of
from tacho.verify.rules import History, read_rules
from tacho_alerter import bulk
from tacho_alerter.judge import Judge
from tacho_alerter.outgoing import Outgoing
from tacho_alerter.progress import Progress
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import parse_rules
from tacho_alerter.state.restoring import Restored, StateFold
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tests.contract import generated_logs, generated_rules
from tests.contract.generated_logs import Row
from tests.contract.generated_rules import Version

CATALOGUE = load_catalogue()
CODECS = {record: Codec(record) for record in ("EnrichedSample", "Heartbeat", "Alert", "AlertEpisode")}
SEEDS = 10
LOGS = 20
CRASHES = 0.3
"""How many batches end a worker."""


class Worker:
    """An alerter that may end after each batch; what it has sent stays, and whoever goes on reads its states."""

    def __init__(self, history: RulesHistory, random: Random) -> None:
        self.sent: list[Outgoing] = []
        self.crashes = 0
        self._history = history
        self._random = random
        self._states: list[Outgoing] = []
        self._begin()

    def run(self, log: list[bytes]) -> None:
        """From the beginning of the log to its end."""
        at = 0
        while at < len(log):
            size = self._random.choice([1, 3, 10, 60, 200])
            self.sent += self._judge.outgoing([_consumed(at + i, value) for i, value in enumerate(log[at : at + size])])
            at = min(at + size, len(log))
            ended = self._random.random() < 0.5 and self._save_and_end()
            if ended or self._random.random() < CRASHES:
                self.crashes += 1
                at = self._begin() or 0

    def _begin(self) -> int | None:
        self._judge = Judge(Progress())
        self._judge.partitions.use(self._history)
        states = StateFold(CODECS["EnrichedSample"].decode)
        for state in self._states:
            states.add(state.key, state.value)
        restored: Restored = states.restored("samples-enriched", "log")
        self._judge.partitions.restore({0: restored}, "log")
        return restored.position

    def _save_and_end(self) -> bool:
        """Save, or some of it; whether the worker has ended over it."""
        if self._random.random() < 0.5:
            self._judge.partitions.begin_saving()
        states, positions = self._judge.partitions.unsaved(self._random.choice([1, 2, 1000]))
        if self._random.random() < 0.2:
            # It ends while it saves, and its successor finds some of the states further on than the position.
            self._states += states[: self._random.randrange(len(states) + 1)]
            return True
        self._states += states
        self._judge.partitions.mark_saved(positions)
        return False


def _consumed(offset: int, value: bytes) -> Any:
    return SimpleNamespace(
        topic="samples-enriched", partition=0, offset=offset, timestamp=0, key=b"unused", value=value
    )


def encoded(event: Row | int) -> bytes:
    """The record of samples-enriched."""
    if isinstance(event, int):
        return CODECS["Heartbeat"].encode({"at": event})
    return CODECS["EnrichedSample"].encode(event)


def first_of_each(sent: list[Outgoing], topic: str, record: str, *names: str) -> list[Row]:
    """What is on a topic without what comes again, which must be the same bytes."""
    found: dict[Any, bytes] = {}
    for one in sent:
        if one.topic == topic:
            fields = CODECS[record].decode(one.value)
            assert found.setdefault(tuple(fields[name] for name in names), one.value) == one.value
            assert one.key == str(fields["car_id"]).encode()
    return [CODECS[record].decode(value) for value in found.values()]


def grouped(records: list[Row], *names: str) -> dict[Any, list[Row]]:
    """Records in their order, for each value of these fields."""
    groups: dict[Any, list[Row]] = {}
    for record in records:
        groups.setdefault(tuple(record[name] for name in names), []).append(record)
    return groups


def check(log: list[Row | int], versions: list[Version], worker: Worker) -> None:
    """Run the worker, and compare what it has sent with what the verifier expects."""
    history = History([(at, read_rules(text)) for at, text in versions])
    outcome = outcome_of(log, history)
    waited = [alert for _, alert in outcome.alerts]
    known: dict[str, Row] = {row["event_id"]: row for row in log[::-1] if not isinstance(row, int)}
    at_once = [alert for row in known.values() for _, alert in history.at(row["event_time"]).alerts(row)]
    worker.run([encoded(event) for event in log])
    episodes = first_of_each(worker.sent, "alert-episodes", "AlertEpisode", "episode_id", "revision")
    assert grouped(episodes, "car_id") == grouped(outcome.episodes, "car_id")
    alerts = first_of_each(worker.sent, "alert-data", "Alert", "alert_id")
    ids = {alert["alert_id"] for alert in waited}
    told = [alert for alert in alerts if alert["alert_id"] in ids]
    assert grouped(told, "car_id", "rule") == grouped(waited, "car_id", "rule")
    rest = [alert for alert in alerts if alert["alert_id"] not in ids]
    assert sorted(rest, key=_alert_id) == sorted(at_once, key=_alert_id)


def _alert_id(alert: Row) -> str:
    return str(alert["alert_id"])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_ends_a_worker_its_alerts_and_episodes_are_those_of_the_log(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FEWEST_RECORDS", 3)
    crashes = 0
    for number in range(LOGS):
        random = Random(f"{seed}/{number}")
        log, versions = generated_logs.log(random, random.randint(1, 80)), generated_rules.history(random)
        history = RulesHistory([(at, parse_rules(text, "rules.yaml", CATALOGUE)) for at, text in versions])
        worker = Worker(history, random)
        check(log, versions, worker)
        crashes += worker.crashes
    assert crashes >= 5
