"""The backtest as a process against a real broker: what it finds, what it leaves alone, and how it refuses."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from confluent_kafka import OFFSET_INVALID, Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from services.alerter.tests.fleet import PARTITIONS, Fleet
from tacho_alerter.rules.reading import parse_rules
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

BEGAN = 1_760_000_000_000
CARS = (1_000_001, 1_000_002)
GROUP = "backtest-of-a-test"
PUBLISHED = "rules:\n  - {id: speeding, measure: speed, above: 120 km/h, severity: warning}\n"
LOWER = PUBLISHED.replace("120", "100")
pytestmark = pytest.mark.broker


def samples(seconds=600):
    """Each car passes 120 km/h once in every 60 s, and 100 km/h half a minute later; a sample a second."""
    for second in range(seconds):
        for car in CARS:
            yield {
                "event_id": f"{car}-{second + 1}",
                "car_id": car,
                "sequence": second + 1,
                "event_time": BEGAN + second * 1000,
                "speed": {10: 130.0, 11: 131.0, 40: 110.0}.get(second % 60, 80.0),
                "rpm": 2500,
                "gear": 4,
                "gear_low": 3,
                "gear_high": 5,
                "late": False,
                "logged_at": BEGAN + second * 1000,
                "dims_version": "0123456789ab",
            }


def produce(servers, records):
    producer = Producer({"bootstrap.servers": servers})
    for topic, value, partition, timestamp in records:
        producer.produce(topic, value, partition=partition, timestamp=timestamp)
    assert producer.flush(30) == 0


def publish(servers, text):
    version = parse_rules(text, "test", load_catalogue()).version
    record = {"version": version, "effective_at": 0, "text": text}
    produce(servers, [("alert-rules", Codec("RulesVersion", max_bytes=65_536).encode(record), 0, BEGAN)])


@pytest.fixture(scope="module")
def servers(broker):
    """Ten minutes of two cars on two partitions, and one published version."""
    broker.create_topics()
    codec = Codec("EnrichedSample")
    produce(
        broker.servers,
        [
            ("samples-enriched", codec.encode(sample), sample["car_id"] % PARTITIONS, sample["logged_at"])
            for sample in samples()
        ],
    )
    publish(broker.servers, PUBLISHED)
    return broker.servers


def run(servers, folder, draft, *options):
    path = folder / "draft.yaml"
    path.write_text(draft)
    environment = {**os.environ, "TACHO_KAFKA_SERVERS": servers, "TACHO_ALERTER_GROUP": GROUP}
    command = [sys.executable, "-m", "tacho_alerter", "backtest", "--rules", str(path), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def found(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(*arguments):
    done = run(*arguments)
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return done.returncode, sentence


def committed(servers):
    """The offsets that the group has for the log's partitions."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": GROUP})
    asked = [TopicPartition("samples-enriched", number) for number in range(PARTITIONS)]
    try:
        return {found.offset for found in consumer.committed(asked, timeout=30)}
    finally:
        consumer.close()


def moment(second):
    return datetime.fromtimestamp(BEGAN / 1000 + second, UTC).isoformat()


def test_a_lower_limit_gains_the_known_episodes(servers, tmp_path):
    result = found(servers, tmp_path, LOWER)
    (rule,) = result["rules"]
    assert (rule["rule"], rule["published"]["episodes"], rule["draft"]["episodes"]) == ("speeding", 20, 40)
    assert (rule["gained"], rule["lost"]) == (20, 0)
    assert (rule["published"]["alerts"], rule["draft"]["alerts"]) == (40, 60)
    assert result["log_seconds"] == 599
    assert rule["draft"]["alerts_per_hour"] == round(60 * 3600 / 599, 2)
    assert [car["car_id"] for car in result["cars"]] == list(CARS)
    assert (result["samples"], result["cars_read"], result["unreadable"]) == (1200, 2, 0)
    assert result["from_the_start"] is True


def test_the_published_rules_as_a_draft_gain_and_lose_nothing(servers, tmp_path):
    result = found(servers, tmp_path, PUBLISHED)
    assert (result["totals"]["gained"], result["totals"]["lost"]) == (0, 0)
    assert result["totals"]["published"] == result["totals"]["draft"]
    assert result["totals"]["draft"]["episodes"] == 20
    assert [version["version"] for version in result["published"]] == [result["draft"]]
    assert (result["cars"], result["cars_changed"]) == ([], 0)


def test_nothing_is_sent_and_no_group_is_joined(servers, tmp_path):
    fleet = Fleet(servers)
    before = {name: fleet.ends(name) for name in load_catalogue().topics}
    found(servers, tmp_path, LOWER)
    assert {name: fleet.ends(name) for name in load_catalogue().topics} == before
    fleet.close()
    assert committed(servers) == {OFFSET_INVALID}
    groups = AdminClient({"bootstrap.servers": servers}).list_consumer_groups().result().valid
    assert GROUP not in {group.group_id for group in groups}


def test_only_what_came_between_the_two_times_is_judged(servers, tmp_path):
    result = found(servers, tmp_path, LOWER, "--since", moment(60), "--until", moment(180))
    assert (result["samples"], result["totals"]["published"]["episodes"], result["totals"]["gained"]) == (240, 4, 4)
    assert result["since"] == "2025-10-09T08:54:20Z"
    assert result["from_the_start"] is False


def test_as_many_cars_are_named_as_asked_for(servers, tmp_path):
    result = found(servers, tmp_path, LOWER, "--top", "1")
    assert ([car["car_id"] for car in result["cars"]], result["cars_changed"]) == ([CARS[0]], 2)


def test_a_bad_draft_is_refused_with_its_place(servers, tmp_path):
    code, sentence = refusal(servers, tmp_path, PUBLISHED.replace("km/h", "mph"))
    assert code == 2
    assert "draft.yaml:2: rule 'speeding':" in sentence


def test_a_time_in_which_nothing_came_is_refused(servers, tmp_path):
    assert refusal(servers, tmp_path, LOWER, "--since", moment(6000)) == (
        2,
        "nothing came onto samples-enriched since 2025-10-09T10:33:20Z; name a longer time with --since and --until",
    )


def test_a_time_that_ends_before_it_begins_is_refused(servers, tmp_path):
    code, sentence = refusal(servers, tmp_path, LOWER, "--since", moment(60), "--until", moment(60))
    assert (code, sentence) == (2, "--since is not before --until; take an earlier --since")


def test_a_broker_that_is_away_is_one_sentence(tmp_path):
    code, sentence = refusal("127.0.0.1:1", tmp_path, LOWER)
    assert code == 1
    assert sentence.startswith("no Kafka broker answers at 127.0.0.1:1: ")


def test_without_published_rules_the_draft_is_compared_with_nothing(servers, broker, tmp_path):
    broker.recreate_topics("alert-rules")
    try:
        result = found(servers, tmp_path, LOWER)
    finally:
        publish(servers, PUBLISHED)
    assert result["published"] == []
    assert (result["totals"]["published"]["episodes"], result["totals"]["gained"]) == (0, 40)


# The last two: the log is gone with them.
def test_an_empty_log_is_refused(servers, broker, tmp_path):
    broker.recreate_topics("samples-enriched")
    code, sentence = refusal(servers, tmp_path, LOWER)
    assert (code, sentence) == (2, "samples-enriched is empty; run the pipeline, or put an archive back, first")


def test_topics_that_are_not_there_are_named(servers, broker, tmp_path):
    broker.delete_topics("samples-enriched", "alert-rules")
    code, sentence = refusal(servers, tmp_path, LOWER)
    assert code == 2
    assert sentence == "there is no topic alert-rules, samples-enriched; create the catalogue's topics first"
