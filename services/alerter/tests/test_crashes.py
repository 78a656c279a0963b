"""kill -9, rebalance and SIGTERM against a real broker: no alert lost, none changed, commits exact."""

import signal
import sys
import time
from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from fleet import expected_alerts, expected_episodes, publish_rules, samples, send, wait_for

from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker
ALERT = Codec("Alert")
EPISODE = Codec("AlertEpisode")


@pytest.fixture(autouse=True)
def rules(fleet):
    publish_rules(fleet.servers)


def check_episodes(fleet, log):
    """Every event of every episode is there, the first of each in order, and repeats are byte-equal."""
    bytes_of, by_car = {}, defaultdict(list)
    for record in fleet.read("alert-episodes"):
        event = EPISODE.decode(record.value())
        name = (event["episode_id"], event["revision"])
        if name not in bytes_of:
            by_car[record.key().decode()].append(event)
        assert bytes_of.setdefault(name, record.value()) == record.value(), f"{name} changed"
    assert by_car == expected_episodes(log)


def check(fleet, log):
    """Every expected alert is there once by id, repeats are byte-equal, order holds. Returns the number of repeats."""
    bytes_of, by_car, repeats = {}, defaultdict(list), 0
    for record in fleet.read("alert-data"):
        alert_id = ALERT.decode(record.value())["alert_id"]
        if alert_id in bytes_of:
            repeats += 1
            assert bytes_of[alert_id] == record.value(), f"{alert_id} changed"
        else:
            bytes_of[alert_id] = record.value()
            by_car[record.key().decode()].append(alert_id)
    expected = expected_alerts(log)
    assert {car: set(alerts) for car, alerts in by_car.items()} == {car: set(a) for car, a in expected.items()}
    assert by_car == expected, "a car's alerts are out of order"
    check_episodes(fleet, log)
    copies = {record.value() for record in fleet.read("alerts-safety")}
    assert copies == {value for alert_id, value in bytes_of.items() if alert_id.endswith("/speeding")}
    return repeats


def stop(process):
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    assert process.wait(30) == 0
    assert time.monotonic() - begun < 20


@pytest.mark.timeout(240)
def test_kill_9_before_and_after_delivery_and_saving_loses_no_alert_and_changes_none(fleet, workers):
    log = list(samples(6000))
    waiting = iter(log)
    for point, rounds in (("delivered", 0), ("saved", 1), ("judged", 2), ("delivered", 1)):
        before = sum(fleet.ends("alert-data").values())
        process = workers.start(member="one", crash_after=rounds, point=point)
        send(fleet.servers, islice(waiting, 800))
        wait_for(lambda before=before: sum(fleet.ends("alert-data").values()) > before, "alerts")
        # In pieces: it ends in a certain round, and a slow worker takes all that is there in one.
        wait_for(
            lambda process=process: send(fleet.servers, islice(waiting, 20)) or process.poll() is not None, "a crash"
        )
        assert process.returncode == -signal.SIGKILL
    send(fleet.servers, waiting)
    last = workers.start(member="one")
    fleet.wait_until_committed()
    stop(last)
    assert check(fleet, log) > 0, "the crashes were to come after deliveries, so something must repeat"


@pytest.mark.timeout(240)
def test_kill_9_at_any_moment_loses_no_alert_and_changes_none(fleet, workers):
    log = list(samples(12_000))
    waiting = iter(log)
    for _ in range(3):
        before = sum(fleet.ends("alert-data").values())
        send(fleet.servers, islice(waiting, 3000))
        process = workers.start(member="one")
        wait_for(lambda before=before: sum(fleet.ends("alert-data").values()) > before, "alerts")
        process.kill()
        process.wait(10)
    send(fleet.servers, waiting)
    last = workers.start(member="one")
    fleet.wait_until_committed()
    stop(last)
    check(fleet, log)


@pytest.mark.timeout(240)
def test_workers_that_come_and_go_cleanly_repeat_nothing(fleet, workers):
    log = list(samples(8000))
    waiting = iter(log)
    first = workers.start()
    send(fleet.servers, islice(waiting, 2000))
    wait_for(lambda: sum(fleet.ends("alert-data").values()) > 0, "the first alerts")
    second = workers.start()
    for _ in range(20):
        send(fleet.servers, islice(waiting, 200))
        time.sleep(0.2)
    stop(first)
    send(fleet.servers, waiting)
    fleet.wait_until_committed()
    stop(second)
    assert check(fleet, log) == 0


@pytest.mark.timeout(240)
def test_the_status_says_lag_0_when_everything_is_committed(fleet, workers):
    send(fleet.servers, samples(500))
    workers.start()
    fleet.wait_until_committed()
    seen = sum(fleet.ends("service-status").values())
    wait_for(lambda: sum(fleet.ends("service-status").values()) > seen + 1, "two more statuses")
    status = Codec("ServiceStatus").decode(fleet.read("service-status")[-1].value())
    assert (status["ready"], status["reason"], status["total"]) == (True, "", 500)
    assert status["lag"] == {str(partition): 0 for partition in range(6)}


@pytest.mark.timeout(240)
def test_without_its_state_and_results_the_log_alone_gives_the_same_bytes_again(broker, fleet, workers):
    log = list(samples(3000))
    send(fleet.servers, log)
    first = workers.start()
    fleet.wait_until_committed()
    stop(first)
    results = ("alert-data", "alert-episodes", "alerts-safety", "alerts-workshop")
    before = {topic: sorted(record.value() for record in fleet.read(topic)) for topic in results}
    # The group's commits stay at the end of the log: they must not keep a worker without state from its beginning.
    broker.recreate_topics(*results, "alerter-state")
    again = workers.start()
    wait_for(lambda: sum(fleet.ends("alert-data").values()) == len(before["alert-data"]), "all alerts")
    stop(again)
    assert {topic: sorted(record.value() for record in fleet.read(topic)) for topic in results} == before
    assert check(fleet, log) == 0
