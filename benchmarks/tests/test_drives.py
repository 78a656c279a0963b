from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.alerting import ALERT_EVERY, CARS, SEED_RULES
from benchmarks.drives import BROKEN_SECONDS, Drive, enriched, eventful_drive, seed_drive
from benchmarks.expected import alerts
from benchmarks.peers.rules import Rules
from benchmarks.profile import FULL, QUICK, Profile
from tacho_alerter.engine.partition import Partition
from tacho_alerter.engine.told import Alerted, Episode
from tacho_alerter.results import ResultWriter
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

SHIPPED = load_rules(PACKAGED_RULES, load_catalogue())
SEED = load_rules(SEED_RULES, load_catalogue())
CODEC = Codec("EnrichedSample")


def hardest_step(drive: Drive) -> float:
    """m/s2, from each second to the next and from the last to the first."""
    speeds: list[float] = [*drive.speed.tolist(), float(drive.speed[0])]
    return max(abs(after - before) / 3.6 for before, after in pairwise(speeds))


@pytest.mark.parametrize("every", ALERT_EVERY.values())
def test_of_the_seeds_drive_exactly_the_share_breaks_a_rule_wherever_a_car_begins(every: int) -> None:
    drive, seconds = seed_drive(every), every * BROKEN_SECONDS
    peer = Rules("any")
    told = Counter(
        send.key for one in enriched(drive, 7, seconds) for send in peer.alerts(one) if send.topic == "alert-data"
    )
    assert list(told.values()) == [BROKEN_SECONDS] * 7


@pytest.mark.parametrize("every", ALERT_EVERY.values())
def test_the_seeds_drive_breaks_each_rule_as_often(every: int) -> None:
    drive = seed_drive(every)
    broken = (drive.speed > 120, drive.rpm > 6000, drive.gear == 1)
    assert [int(one.sum()) for one in broken] == [BROKEN_SECONDS] * 3


@pytest.mark.parametrize("every", ALERT_EVERY.values())
def test_no_car_of_the_seeds_drive_gains_or_loses_speed_as_no_car_does(every: int) -> None:
    assert hardest_step(seed_drive(every)) < 2.75


@pytest.mark.parametrize("profile", [FULL, QUICK])
@pytest.mark.parametrize("every", ALERT_EVERY.values())
def test_every_profile_holds_the_exact_share(profile: Profile, every: int) -> None:
    assert profile.alerter_samples % (CARS * every * BROKEN_SECONDS) == 0


def test_the_eventful_drive_breaks_every_shipped_rule_but_that_of_silence() -> None:
    drive = eventful_drive()
    partition = Partition(RulesHistory([(0, SHIPPED)]), CODEC.decode)
    told = [event for one in enriched(drive, 1, len(drive.speed)) for event in partition.take(one, b"")]
    alerted = Counter(event.rule.id for event in told if isinstance(event, Alerted))
    assert set(alerted) == {rule.id for rule in SHIPPED.rules} - {"silent-car"}
    closed = Counter(event.record["rule"] for event in told if isinstance(event, Episode) and event.record["closed_at"])
    assert closed == dict.fromkeys(alerted, 1)


def test_the_alerts_of_a_fleet_are_counted_as_the_engine_tells_them() -> None:
    drive = eventful_drive()
    cars, seconds = 2 * len(drive.speed) + 300, 6
    partition = Partition(RulesHistory([(0, SHIPPED)]), CODEC.decode)
    told = (event for sample in enriched(drive, cars, seconds) for event in partition.take(sample, b""))
    assert alerts(drive, cars, seconds, SHIPPED) == sum(isinstance(event, Alerted) for event in told)


def test_the_seeds_rules_tell_what_the_peers_have_written_out() -> None:
    partition, peer, writer = Partition(RulesHistory([(0, SEED)]), CODEC.decode), Rules(SEED.version), ResultWriter()
    for one in enriched(seed_drive(4), 3, 200):
        alerted = [event for event in partition.take(dict(one), b"") if isinstance(event, Alerted)]
        ours = [(send.topic, send.key, send.value) for event in alerted for send in writer.outgoing(event)]
        assert ours == list(peer.alerts(one))
