"""The whole chain, edge by edge: what is put in at one end comes out at every other."""

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from tacho.local.bounded import BoundedRun
from tacho.local.stages import ENRICHER
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec, decode_any, header
from tacho_contracts.errors import Rejected
from tests.e2e.scraping import ask, processes
from tests.operations.documents import ROOT, commands

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

DEADLINE_SECONDS = 90.0
SECONDS_OF_INPUT = 25
FILLED_BY_A_NORMAL_RUN = [
    "sensors-sample",
    "samples-enriched",
    "alert-data",
    "alerts-safety",
    "alerts-workshop",
    "fleet-windows",
    "alert-windows",
    "service-status",
]


def records_of(chain: BoundedRun, topic: str) -> Iterator[dict[str, Any]]:
    """Everything on a topic now, decoded; undecodable records left out."""
    consumer = Consumer({"bootstrap.servers": chain.pipeline.broker.servers, "group.id": "none"})
    try:
        partitions = range(load_catalogue().topics[topic].partitions)
        places = [TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions]
        ends = {
            number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=20) for number in partitions
        }
        left = {number: high - low for number, (low, high) in ends.items()}
        consumer.assign(places)
        while any(count > 0 for count in left.values()):
            message = consumer.poll(10)
            assert message is not None, f"{topic} has {left} records left that cannot be read"
            left[message.partition()] -= 1
            try:
                yield decode_any(message.value(), 262_144)[2]
            except Rejected:
                continue
    finally:
        consumer.close()


def is_no_heartbeat(record: dict[str, Any]) -> bool:
    return set(record) != {"at"}


def until(found: Callable[[], Any], edge: str) -> Any:
    """The first truthy answer of `found`; fails with the name of the edge after the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := found()):
        assert time.monotonic() < deadline, f"nothing came over {edge} within {DEADLINE_SECONDS:.0f} s"
        time.sleep(0.2)
    return answer


def put(chain: BoundedRun, *records: tuple[str | None, bytes | None]) -> None:
    """Write records (key, value) to the log as a stranger would."""
    errors: list[object] = []
    producer = Producer({"bootstrap.servers": chain.pipeline.broker.servers, "partitioner": "murmur2_random"})
    for key, value in records:
        producer.produce(
            "sensors-sample", key=key, value=value, on_delivery=lambda error, _: error and errors.append(error)
        )
    assert producer.flush(30) == 0
    assert not errors


def sample(car_id: int, sequence: int, **changes: Any) -> dict[str, Any]:
    now = int(time.time() * 1000)
    plain = {"car_id": car_id, "sequence": sequence, "event_time": now, "speed": 61.5, "rpm": 1900, "gear": 4}
    return {"event_id": f"{car_id}-{sequence}", **plain, **changes}


@pytest.mark.parametrize("topic", FILLED_BY_A_NORMAL_RUN)
def test_a_normal_run_fills_the_topic(chain: BoundedRun, topic: str) -> None:
    until(lambda: next(filter(is_no_heartbeat, records_of(chain, topic)), None), f"… → {topic}")


def test_the_verifier_is_content_with_the_run(chain: BoundedRun) -> None:
    report = chain.verify()
    assert report.ok, json.dumps(report.to_dict(), indent=2)
    assert report.to_dict()["repeated"] == 0


def test_time_passed_on_every_partition_of_both_topics(chain: BoundedRun) -> None:
    for topic in ("sensors-sample", "samples-enriched"):
        beats = Counter(record["at"] for record in records_of(chain, topic) if not is_no_heartbeat(record))
        assert set(beats.values()) == {load_catalogue().topics[topic].partitions}, topic
        assert len(beats) >= SECONDS_OF_INPUT, topic


def test_every_rule_of_the_seed_found_something(chain: BoundedRun) -> None:
    assert {alert["rule"] for alert in records_of(chain, "alert-data")} >= {"speeding", "high-rpm", "wrong-gear"}


def test_alerts_are_seen_within_the_run_and_their_latency_is_known(chain: BoundedRun) -> None:
    delays = chain.delays()
    assert delays
    assert min(delays) > 0


def test_a_sample_of_an_unknown_car_is_enriched_with_nulls(chain: BoundedRun) -> None:
    put(chain, ("9999999", Codec("SensorSample").encode(sample(9999999, 1))))

    def arrived() -> dict[str, Any] | None:
        return next((r for r in records_of(chain, "samples-enriched") if r.get("car_id") == 9999999), None)

    enriched = until(arrived, "sensors-sample → samples-enriched")
    assert [enriched[name] for name in ("driver_id", "brand_name", "color_name", "expected_gear")] == [None] * 4


def test_json_samples_are_taken_as_avro_ones_are(chain: BoundedRun) -> None:
    put(chain, ("9999998", json.dumps(sample(9999998, 1)).encode()))
    until(
        lambda: [r for r in records_of(chain, "samples-enriched") if r.get("car_id") == 9999998],
        "sensors-sample (JSON) → samples-enriched",
    )


def test_every_kind_of_bad_record_goes_to_dead_letters_and_the_good_ones_around_it_do_not(chain: BoundedRun) -> None:
    encode = Codec("SensorSample").encode
    car = 9999997
    good = [(str(car), encode(sample(car, number))) for number in (1, 2)]
    bad = {
        "tombstone": (str(car), None),
        "empty": (str(car), b""),
        "oversized": (str(car), header("SensorSample") + b"x" * 5000),
        "unknown-format": (str(car), b"\x00\x00\x00\x00\x07 confluent framing"),
        "unknown-schema": (str(car), b"\xc3\x01" + b"\x09" * 8 + b"body"),
        "malformed-avro": (str(car), header("SensorSample") + b"\xfe\xff\xff\xff\x0f" + b"length bomb"),
        "trailing-bytes": (str(car), encode(sample(car, 3)) + b"\x00"),
        "malformed-json": (str(car), b'{"event_id": "9999997-4"'),
        "out-of-range": (str(car), encode(sample(car, 5, speed=900.0))),
        "future-time": (str(car), encode(sample(car, 6, event_time=int(time.time() * 1000) + 3_600_000))),
        "foreign-key": ("1234567", encode(sample(car, 7))),
    }
    assert set(bad) == set(load_catalogue().reject_reasons)
    put(chain, good[0], *bad.values(), good[1])

    def all_reasons() -> bool:
        return {letter["reason"] for letter in records_of(chain, "dead-letters")} >= set(bad)

    until(all_reasons, "sensors-sample → dead-letters")
    originals = {letter["reason"]: letter["value"] for letter in records_of(chain, "dead-letters")}
    assert originals == {reason: value for reason, (_, value) in bad.items()}
    until(
        lambda: len([r for r in records_of(chain, "samples-enriched") if r.get("car_id") == car]) == 2,
        "the good samples around bad ones → samples-enriched",
    )
    assert not chain.pipeline.supervisor.dead()


def test_the_verifier_stays_content_after_the_bad_records(chain: BoundedRun) -> None:
    report = chain.verify()
    assert report.ok, json.dumps(report.to_dict(), indent=2)


def test_an_enricher_that_met_an_unknown_schema_is_not_ready_and_says_why(chain: BoundedRun) -> None:
    address = processes(chain.pipeline.folder.metrics)[ENRICHER]
    until(lambda: ask(address, "/readyz")[0] == 503, "the bad records to /readyz")
    assert "unknown schema" in ask(address, "/readyz")[1]


def test_tail_prints_a_topic_as_json(chain: BoundedRun, cli_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tacho", "tail", "alert-data", "--from", "start", "--json", "--limit", "3"]
    done = subprocess.run(command, env=cli_environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(line) >= {"alert_id", "rule", "observed"} for line in lines] == [True] * 3


LOOKS = ("tail", "episodes", "report", "rules list", "rules check", "backtest")
TYPED_IN_THE_README = [
    line.partition(" | ")[0] for line in commands(ROOT / "README.md") if line.removeprefix("tacho ").startswith(LOOKS)
]


@pytest.mark.parametrize("line", TYPED_IN_THE_README)
def test_what_the_readme_types_to_look_at_a_run_works(
    chain: BoundedRun, cli_environment: dict[str, str], tmp_path: Path, line: str
) -> None:
    (added,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    shipped = ROOT / "services" / "alerter" / "src" / "tacho_alerter" / "rules.yaml"
    (tmp_path / "draft.yaml").write_text(shipped.read_text(encoding="utf-8") + added, encoding="utf-8")
    command = [sys.executable, "-m", *shlex.split(line)]
    typed = subprocess.Popen(
        command, env=cli_environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        _, said = typed.communicate(timeout=6 if "tail" in line else 60)
    except subprocess.TimeoutExpired:
        # A tail ends when its reader has seen enough.
        typed.send_signal(signal.SIGINT)
        _, said = typed.communicate(timeout=30)
    assert typed.returncode in (0, 130), said
    assert "tacho: " not in said


def test_a_drive_replayed_into_the_running_chain_is_verified_with_it(
    chain: BoundedRun, cli_environment: dict[str, str], tmp_path: Path
) -> None:
    drive = tmp_path / "drive.csv"
    second = "a,Vehicle.Speed,130,0.5\na,Vehicle.Powertrain.CombustionEngine.Speed,2400,0.5\n"
    drive.write_text("field,signal,value,delay\n" + 20 * second, encoding="utf-8")
    before = chain.verify().samples.acked
    command = [sys.executable, "-m", "tacho", "replay", str(drive), "--map", "fms", "--speed-up", "inf"]
    for times in (1, 2):
        done = subprocess.run(command, env=cli_environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "20 samples sent" in done.stdout
        assert "speeding" in done.stdout
        report = chain.verify()
        assert report.ok, json.dumps(report.to_dict(), indent=2)
        assert report.samples.acked == before + times * 20


def test_a_second_copy_is_refused_with_one_sentence(chain: BoundedRun, cli_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tacho", "run"]
    done = subprocess.run(command, env=cli_environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "already" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
