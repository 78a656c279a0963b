"""What the broker tests share: a log of samples with known alerts, workers, and the state of the topics."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from tacho_alerter.engine.partition import Partition, at_once
from tacho_alerter.engine.told import Episode
from tacho_alerter.rules.history import RulesHistory
from tacho_alerter.rules.reading import load_rules
from tacho_alerter.settings import PACKAGED_RULES
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

GROUP = "tacho-alerter"
PARTITIONS = 6
BEGAN = 1_760_000_000_000
RULES = load_rules(PACKAGED_RULES, load_catalogue())


def samples(count, cars=50, seed=1):
    """`count` samples of a fleet in log order, about one in four with an alert."""
    chance = random.Random(seed)
    for index in range(count):
        car = 1_000_000 + index % cars
        yield {
            "event_id": f"{car}-{1 + index // cars}",
            "car_id": car,
            "sequence": 1 + index // cars,
            # Seconds of a car are 20 s apart: no rule looks at two of its samples together.
            "event_time": BEGAN + index // cars * 20_000,
            "speed": chance.choice([50.0, 80.0, 110.0, 140.0]),
            "rpm": chance.choice([2000, 3000, 3000, 6500]) if index % 7 == 0 else 2500,
            "gear": 4,
            "gear_low": 3,
            "gear_high": 5,
            "late": False,
            "logged_at": BEGAN + 5 + index // cars * 20_000,
            "dims_version": "0123456789ab",
        }


def expected_alerts(fleet):
    """The ids of all alerts, by car in log order."""
    by_car = defaultdict(list)
    for sample in fleet:
        by_car[str(sample["car_id"])] += [f"{sample['event_id']}/{found.rule.id}" for found in at_once(sample, RULES)]
    return {car: alerts for car, alerts in by_car.items() if alerts}


def expected_episodes(fleet):
    """The events of all episodes, by car in order. No car is silent, so it is all one whose partition it is on."""
    partition, by_car = Partition(RulesHistory([(0, RULES)]), dict), defaultdict(list)
    for sample in fleet:
        whole = {"driver_id": None, "brand_name": None, "model_name": None, "color_name": None, **sample}
        for event in partition.take(whole, b""):
            if isinstance(event, Episode):
                by_car[str(sample["car_id"])].append(event.record)
    return by_car


def send(servers, fleet):
    codec = Codec("EnrichedSample")
    producer = Producer(
        {"bootstrap.servers": servers, "partitioner": "murmur2_random", "linger.ms": 5, "batch.size": 49_152}
    )
    errors = []
    for sample in fleet:
        producer.produce(
            "samples-enriched",
            codec.encode(sample),
            str(sample["car_id"]),
            on_delivery=lambda error, _message: errors.append(error) if error else None,
        )
        producer.poll(0)
    assert producer.flush(30) == 0
    assert errors == []


def publish_rules(servers):
    """The shipped rules, in force from the beginning."""
    record = {"version": RULES.version, "effective_at": 0, "text": PACKAGED_RULES.read_text()}
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("alert-rules", Codec("RulesVersion", max_bytes=65_536).encode(record), RULES.version)
    assert producer.flush(30) == 0


class Fleet:
    """The topics of one broker as a test sees them."""

    def __init__(self, servers):
        self.servers = servers
        self._reader = Consumer({"bootstrap.servers": servers, "group.id": GROUP, "enable.auto.commit": False})

    def ends(self, topic):
        """End offsets by partition; a topic just made takes a moment to have leaders."""
        found = {}
        wait_for(lambda: found.update(self._ends(topic)) or found, f"leaders of {topic}")
        return found

    def _ends(self, topic):
        try:
            partitions = self._reader.list_topics(topic, timeout=10).topics[topic].partitions
            return {p: self._reader.get_watermark_offsets(TopicPartition(topic, p), timeout=10)[1] for p in partitions}
        except KafkaException:
            return {}

    def committed(self):
        asked = [TopicPartition("samples-enriched", p) for p in range(PARTITIONS)]
        return {tp.partition: max(0, tp.offset) for tp in self._reader.committed(asked, timeout=10)}

    def read(self, topic):
        """Every record of a topic, partition by partition, in log order."""
        ends = self.ends(topic)
        self._reader.assign([TopicPartition(topic, p, 0) for p in ends])
        records = []
        while len(records) < sum(ends.values()):
            records += [message for message in self._reader.consume(1000, 0.2) if message.error() is None]
        self._reader.unassign()
        return records

    def wait_until_committed(self):
        wait_for(lambda: self.committed() == self.ends("samples-enriched"), "the commit to reach the end of the log")

    def close(self):
        self._reader.close()


def wait_for(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


class Workers:
    """The processes a test started; whatever is left is ended with the test."""

    def __init__(self, servers, folder):
        self._servers = servers
        self._folder = folder
        self.started = []

    def start(self, member="", crash_after=None, point="delivered"):
        command = ["-m", "tacho_alerter"] if crash_after is None else [_script(), point, str(crash_after)]
        environment = {
            **os.environ,
            "TACHO_KAFKA_SERVERS": self._servers,
            "TACHO_ALERTER_MEMBER": member,
            "TACHO_ALERTER_SESSION_TIMEOUT_SECONDS": "6",
            "TACHO_ALERTER_DATA_DIR": str(self._folder / f"worker-{len(self.started)}"),
        }
        with (self._folder / f"worker-{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen([sys.executable, *command], env=environment, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def log(self, number):
        """What a worker has written so far."""
        return (self._folder / f"worker-{number}.log").read_text(encoding="utf-8")

    def end(self):
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)


def _script():
    return str(Path(__file__).with_name("worker_that_crashes.py"))
