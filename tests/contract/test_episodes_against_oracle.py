"""The alerter's engine against the verifier's slow model: on any log and any rules both tell the same."""

from collections import defaultdict
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tacho.verify.episodes import outcome_of
from tacho.verify.rules import History, read_rules
from tacho_alerter.engine.partition import Partition
from tacho_alerter.engine.told import Alerted
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import parse_rules
from tacho_contracts.catalogue import load_catalogue
from tests.contract import generated_logs, generated_rules
from tests.contract.generated_logs import Row
from tests.contract.generated_rules import Version

CATALOGUE = load_catalogue()
SEEDS = 20
LOGS = 50
"""Random logs of each seed; hypothesis finds fewer of them and makes those that fail small."""

Told = dict[Any, list[Any]]


def by_car(records: list[Row]) -> Told:
    """Events of episodes in their order, car by car."""
    told: Told = defaultdict(list)
    for record in records:
        told[record["car_id"]].append(record)
    return told


def by_car_and_rule(alerts: list[tuple[Any, ...]]) -> Told:
    """Alerts that waited in their order, for each car and rule."""
    told: Told = defaultdict(list)
    for event_id, rule, *rest in alerts:
        told[event_id.partition("-")[0], rule].append((event_id, *rest))
    return told


def of_the_engine(log: list[Row | int], versions: list[Version]) -> tuple[list[Any], Told, Told]:
    """Alerts at once in the log's order, alerts in order, and events of episodes."""
    history = RulesHistory([(at, parse_rules(text, "rules.yaml", CATALOGUE)) for at, text in versions])
    partition = Partition(history, dict)
    at_once, waited, episodes = [], [], []
    for event in log:
        told = partition.heartbeat(event) if isinstance(event, int) else partition.take(dict(event), event)
        for one in told:
            if not isinstance(one, Alerted):
                episodes.append(one.record)
                continue
            alert = one.sample["event_id"], one.rule.id, one.observed, one.limit, one.rules_version
            (at_once if one.rule.instant else waited).append(alert)
    return at_once, by_car_and_rule(waited), by_car(episodes)


def of_the_verifier(log: list[Row | int], versions: list[Version]) -> tuple[list[Any], Told, Told]:
    """The same, recomputed."""
    history = History([(at, read_rules(text)) for at, text in versions])
    outcome = outcome_of(log, history)
    samples = [event for event in log if not isinstance(event, int)]
    at_once = [_plain(alert) for row in samples for _, alert in history.at(row["event_time"]).alerts(row)]
    return at_once, by_car_and_rule([_plain(alert) for _, alert in outcome.alerts]), by_car(outcome.episodes)


def _plain(alert: Row) -> tuple[Any, ...]:
    return tuple(alert[name] for name in ("event_id", "rule", "observed", "limit", "rules_version"))


def check(log: list[Row | int], versions: list[Version]) -> None:
    """Fails where the two differ, or an event is told twice."""
    engine, verifier = of_the_engine(log, versions), of_the_verifier(log, versions)
    assert engine[2] == verifier[2]
    assert engine[1] == verifier[1]
    assert engine[0] == verifier[0]
    names = [(event["episode_id"], event["revision"]) for events in verifier[2].values() for event in events]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_engine_tells_what_the_verifier_expects_of_random_logs(seed: int) -> None:
    for number in range(LOGS):
        random = Random(f"{seed}/{number}")
        check(generated_logs.log(random, random.randint(1, 60)), generated_rules.history(random))


@given(random=st.randoms(use_true_random=False), actions=st.integers(1, 40))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_engine_tells_what_the_verifier_expects(random: Random, actions: int) -> None:
    check(generated_logs.log(random, actions), generated_rules.history(random))
