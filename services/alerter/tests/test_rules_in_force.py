"""Rules that change while a worker runs, garbage among them, and state that is not of this log: a real broker."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer

sys.path.insert(0, str(Path(__file__).parent))
from fleet import BEGAN, RULES, publish_rules, samples, send, wait_for

from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.codec import Codec

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]
ALERT = Codec("Alert")
VERSION = Codec("RulesVersion", max_bytes=65_536)


def published(servers, *arguments):
    command = [sys.executable, "-m", "tacho_alerter", "publish", *map(str, arguments)]
    return subprocess.run(
        command, env={"TACHO_KAFKA_SERVERS": servers}, capture_output=True, text=True, check=False, timeout=60
    )


def raw(servers, value):
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("alert-rules", value, b"x")
    assert producer.flush(30) == 0


def alerts(fleet):
    return [ALERT.decode(record.value()) for record in fleet.read("alert-data")]


def draft(tmp_path, old, new):
    text = PACKAGED_RULES.read_text()
    assert old in text
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace(old, new))
    return path


def test_a_change_of_rules_falls_on_one_point_of_event_time(fleet, workers, tmp_path):
    publish_rules(fleet.servers)
    log = list(samples(3000))
    change = BEGAN + 30 * 20_000
    stricter = draft(tmp_path, "above: 120 km/h", "above: 100 km/h").read_text().replace("until: 115", "until: 95")
    (tmp_path / "stricter.yaml").write_text(stricter)
    send(fleet.servers, log[:500])
    workers.start()
    fleet.wait_until_committed()
    said = published(fleet.servers, tmp_path / "stricter.yaml")
    assert "published: 7 rules, in force from" in said.stdout, said.stderr
    version = said.stdout.split()[1]
    # The command takes times ahead of the clock; these samples are of last year, so their change is put by hand.
    raw(fleet.servers, VERSION.encode({"version": version, "effective_at": change, "text": stricter}))
    wait_for(lambda: workers.log(0).count("rules read") >= 2 and str(change) in workers.log(0), "the new rules")
    send(fleet.servers, log[500:])
    fleet.wait_until_committed()
    found = [alert for alert in alerts(fleet) if alert["rule"] == "speeding"]
    assert {alert["limit"] for alert in found if alert["event_time"] < change} == {120.0}
    assert {alert["limit"] for alert in found if alert["event_time"] >= change} == {100.0}
    assert {alert["rules_version"] for alert in found if alert["event_time"] >= change} == {version}


def test_garbage_among_the_rules_is_named_and_those_in_force_stay(fleet, workers):
    publish_rules(fleet.servers)
    raw(fleet.servers, b"\xc3\x01garbage")
    raw(fleet.servers, VERSION.encode({"version": "0" * 12, "effective_at": 0, "text": "rules: []"}))
    worker = workers.start()
    send(fleet.servers, samples(200))
    fleet.wait_until_committed()
    assert worker.poll() is None
    assert {alert["rules_version"] for alert in alerts(fleet)} == {RULES.version}
    assert workers.log(0).count("rules refused; those in force stay") == 2


def test_a_worker_waits_for_rules_and_says_so(fleet, workers):
    workers.start()
    send(fleet.servers, samples(200))
    wait_for(lambda: "publish some with tacho rules publish" in workers.log(0), "the worker to say what it waits for")
    assert sum(fleet.ends("alert-data").values()) == 0
    assert published(fleet.servers).returncode == 0
    fleet.wait_until_committed()
    assert alerts(fleet)


def test_a_bad_file_is_refused_and_nothing_is_published(fleet, tmp_path):
    publish_rules(fleet.servers)
    before = fleet.ends("alert-rules")
    said = published(fleet.servers, draft(tmp_path, "above: 120 km/h", "above: 120 mph"))
    assert said.returncode == 2
    assert "draft.yaml:" in said.stderr
    assert "mph" in said.stderr
    too_soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 20))
    said = published(fleet.servers, draft(tmp_path, "above: 120 km/h", "above: 121 km/h"), "--effective-at", too_soon)
    assert said.returncode == 2
    assert "nearer than 60 s" in said.stderr
    assert fleet.ends("alert-rules") == before


def test_the_same_rules_are_published_once_and_a_start_leaves_those_in_force_alone(fleet, tmp_path):
    first, again = published(fleet.servers, "--only-if-none"), published(fleet.servers)
    assert "for all samples" in first.stdout
    assert again.stdout.strip() == f"rules {RULES.version} are published already"
    other = draft(tmp_path, "above: 120 km/h", "above: 121 km/h")
    assert "were left alone" in published(fleet.servers, other, "--only-if-none").stdout
    assert fleet.ends("alert-rules") == {0: 1}


def test_a_state_of_another_log_is_refused_with_what_to_do(fleet, workers):
    publish_rules(fleet.servers)
    position = {"partition": 3, "position": 7, "time": BEGAN, "log": "another-topic-id"}
    producer = Producer({"bootstrap.servers": fleet.servers})
    producer.produce("alerter-state", Codec("PartitionPosition").encode(position), b"position", 3)
    assert producer.flush(30) == 0
    worker = workers.start()
    assert worker.wait(60) == 1
    (line,) = (line for line in workers.log(0).splitlines() if "the state cannot be restored" in line)
    assert "holds the state of another samples-enriched (another-topic-id" in json.loads(line)["exception"]
    assert "delete alerter-state" in json.loads(line)["exception"]
