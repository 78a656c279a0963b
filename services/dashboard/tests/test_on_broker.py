"""The service as a process, in front of a real broker."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient

from services.dashboard.tests.records import CAR, alert, rules, sample
from tacho.local.broker import LocalBroker
from tacho.local.ports import free_port
from tacho.local.topics import ensure_topics
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker
SECONDS = 30.0


def eventually(condition: Callable[[], Any], what: str, seconds: float = SECONDS) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if found := condition():
                return found
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.05)


def send(servers: str, topic: str, record: str | bytes, content: dict[str, Any] | None = None) -> None:
    """One record, written now."""
    producer = Producer({"bootstrap.servers": servers})
    value = Codec(str(record), max_bytes=262_144).encode(content) if content else record
    producer.produce(topic, value, b"key")
    assert producer.flush(20) == 0


def now_ms() -> int:
    return int(time.time() * 1000)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Callable[[str], httpx.Client]]:
    """Starts the service before a broker; a client of it."""
    with contextlib.ExitStack() as stack:

        def start(servers: str) -> httpx.Client:
            port = free_port()
            env = os.environ | {"TACHO_KAFKA_SERVERS": servers, "TACHO_DASHBOARD_PORT": str(port)}
            log = stack.enter_context((tmp_path / "dashboard.log").open("w"))
            process = subprocess.Popen([sys.executable, "-m", "tacho_dashboard"], env=env, stderr=log)
            stack.callback(process.wait, 10)
            stack.callback(process.terminate)
            return stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}"))

        yield start


def is_ready(client: httpx.Client) -> Callable[[], bool]:
    return lambda: client.get("/readyz").status_code == 200


def test_what_was_and_what_comes_is_shown_and_nobody_joins_a_group(broker: Any, page: Any) -> None:
    broker.create_topics()
    at = now_ms()
    send(broker.servers, "alert-rules", "RulesVersion", rules("rules: [{id: speeding, above: 120 km/h}]", at - 1000))
    send(broker.servers, "samples-enriched", "EnrichedSample", sample(at=at, speed=61.0))
    send(broker.servers, "samples-enriched", b"garbage")
    send(broker.servers, "alert-data", "Alert", alert(at=at))
    client = page(broker.servers)
    eventually(is_ready(client), "the service is ready")
    fleet = eventually(lambda: client.get("/api/v1/fleet").json()["cars"], "the car of before is there")
    assert fleet[0][:3] == [CAR, at, 61.0]
    send(broker.servers, "samples-enriched", "EnrichedSample", sample(at=at + 500, speed=62.0))
    eventually(lambda: client.get("/api/v1/fleet").json()["cars"][0][2] == 62.0, "the newest sample is there")
    assert client.get("/api/v1/alerts").json()["total"] == 1
    eventually(lambda: client.get("/api/v1/rules").json()["rules"], "the rules are there")
    assert 'outcome="unreadable",service="dashboard",topic="samples-enriched"} 1.0' in eventually(
        lambda: 'samples-enriched"} 1.0' in (text := client.get("/metrics").text) and text, "the garbage is counted"
    )
    groups = AdminClient({"bootstrap.servers": broker.servers}).list_consumer_groups().result().valid
    assert not [group.group_id for group in groups if "dashboard" in group.group_id]


def test_its_own_word_is_on_service_status_and_on_its_own_page(broker: Any, page: Any) -> None:
    broker.create_topics()
    client = page(broker.servers)

    def own() -> list[dict[str, Any]]:
        services = client.get("/api/v1/pipeline").json()["services"]
        return [item for item in services if item["service"] == "dashboard" and item["ready"]]

    eventually(own, "the service has read that it is ready")
    consumer = Consumer({"bootstrap.servers": broker.servers, "group.id": "t", "auto.offset.reset": "earliest"})
    consumer.subscribe(["service-status"])
    message = eventually(lambda: consumer.poll(1.0), "a status is on the topic")
    consumer.close()
    assert message.key() == b"dashboard/dashboard"


def test_without_its_topics_it_says_which_are_missing(broker: Any, page: Any) -> None:
    broker.create_topics()
    broker.delete_topics("faults")
    client = page(broker.servers)
    eventually(lambda: "lacks the topics faults" in client.get("/readyz").text, "the missing topic is named")
    assert client.get("/healthz").status_code == 200
    broker.recreate_topics("faults")
    eventually(is_ready(client), "the service is ready")


def test_the_past_is_played_from_the_log(broker: Any, page: Any) -> None:
    broker.create_topics()
    began = now_ms()
    for second in range(3):
        send(broker.servers, "samples-enriched", "EnrichedSample", sample(at=now_ms(), speed=50.0 + second))
        send(broker.servers, "alert-data", "Alert", alert(second, at=now_ms()))
    ended = now_ms()
    client = page(broker.servers)
    eventually(is_ready(client), "the service is ready")
    retained = client.get("/api/v1/playback/range").json()
    assert began <= retained["first"] <= retained["last"] <= ended
    query = {"from": began - 1000, "to": ended, "speed": 10}
    frames, events = [], []
    with client.stream("GET", "/api/v1/playback", params=query, timeout=20) as stream:
        for line in stream.iter_lines():
            kind, _, text = line.partition(": ")
            if kind == "event":
                events.append(text)
            elif kind == "data":
                frames.append(json.loads(text))
    assert (events[0], events[-1], frames[-1]["reason"]) == ("snapshot", "end", "")
    assert [car[2] for frame in frames for car in frame.get("cars", [])][-1] == 52.0
    assert sum(len(frame.get("alerts", [])) for frame in frames) == 3
    assert client.get("/api/v1/fleet").json()["clock"]["playback"] is None


def test_after_the_brokers_restart_it_goes_on_where_it_was(tmp_path: Path, broker_jars: Path, page: Any) -> None:
    port, folder = free_port(), tmp_path / "broker"
    with LocalBroker(folder, port, broker_jars) as local:
        ensure_topics(AdminClient({"bootstrap.servers": local.servers}), load_catalogue().topics.values())
        at = now_ms()
        send(local.servers, "samples-enriched", "EnrichedSample", sample(at=at))
        client = page(local.servers)
        eventually(lambda: client.get("/api/v1/fleet").json()["cars"], "the car is there")
        eventually(is_ready(client), "the service is ready")
    eventually(lambda: client.get("/readyz").status_code == 503, "the service says that it does not read", 60)
    with LocalBroker(folder, port, broker_jars) as local:
        send(local.servers, "samples-enriched", "EnrichedSample", sample(CAR + 1, at=now_ms()))
        eventually(lambda: len(client.get("/api/v1/fleet").json()["cars"]) == 2, "the new car is there", 60)
        eventually(is_ready(client), "the service is ready again")
    shutil.rmtree(folder, ignore_errors=True)
