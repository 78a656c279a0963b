"""The sink between a real broker and a real HTTP server."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from confluent_kafka import Producer

from deploy.tests.episodes.made import CAR, event
from deploy.tests.webhook.receiver import HANG, Receiver
from tacho.local.stopping import StopRequest
from tacho.webhook.choice import Wanted
from tacho.webhook.posting import Endpoint
from tacho.webhook.sink import Order, Sink
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode

pytestmark = pytest.mark.broker
SECRET = b"s3cret"


@pytest.fixture
def connection(broker: Any) -> Connection:
    broker.create_topics()
    return Connection(servers=broker.servers, mode=Mode.PLAINTEXT)


@pytest.fixture
def group(request: pytest.FixtureRequest) -> str:
    """A group of this test's own: the broker is shared."""
    return f"tacho-webhook-{request.node.name}"


def send(connection: Connection, *events: dict[str, Any], value: bytes | None = None) -> None:
    producer, codec = Producer({"bootstrap.servers": connection.servers}), Codec("AlertEpisode")
    for value_of in [codec.encode(made) for made in events] + ([value] if value else []):
        producer.produce("alert-episodes", value_of, str(CAR).encode(), partition=0)
    assert producer.flush(30) == 0


@contextmanager
def running(connection: Connection, receiver: Receiver, order: Order) -> Iterator[tuple[Sink, list[str]]]:
    """A sink in a thread, with short pauses; ends it as a signal does."""
    stop, said = StopRequest(), []
    endpoint = Endpoint(receiver.url, read_seconds=0.3)
    sink = Sink(connection, order, endpoint.post, said.append, stop, pause=lambda failures, draw: 0.05)
    thread = threading.Thread(target=sink.run)
    thread.start()
    try:
        yield sink, said
    finally:
        stop.asked = True
        thread.join(30)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"waited 30 s in vain until {what}"
        time.sleep(0.02)


def taken(receiver: Receiver, count: int) -> list[str]:
    until(lambda: len(receiver.taken) >= count, f"{count} events were taken")
    return receiver.taken


def keys(*sequences: int) -> list[str]:
    return [f"{CAR}-{sequence}/speeding#1" for sequence in sequences]


def test_events_arrive_in_order_through_failures_timeouts_and_redirects(connection: Connection, group: str) -> None:
    send(connection, *(event(sequence) for sequence in range(10)))
    order = Order(secret=SECRET, start="start", group=group)
    with (
        Receiver(200, 500, HANG, 429, 302, 200, 408, 503) as receiver,
        running(connection, receiver, order) as (
            sink,
            said,
        ),
    ):
        assert taken(receiver, 10) == keys(*range(10))
    assert (sink.counts["delivered"], sink.counts["failures"]) == (10, 6)
    assert [line.split("; try")[0] for line in said[:2]] == [
        f"{CAR}-1/speeding#1: status 500",
        f"{CAR}-1/speeding#1: ReadTimeoutError",
    ]
    headers, body = receiver.requests[0]
    assert json.loads(body)["opened_at"] == "2026-11-18T11:06:40.000Z"
    assert headers["X-Tacho-Signature"].startswith("t=")
    assert "s3cret" not in "".join(said)


def test_an_endpoint_that_comes_back_gets_all_and_a_restart_goes_on_behind_it(
    connection: Connection, group: str
) -> None:
    order = Order(start="start", group=group)
    send(connection, event(1), event(2))
    with Receiver(*[503] * 50) as receiver, running(connection, receiver, order):
        until(lambda: len(receiver.requests) >= 3, "the endpoint was tried thrice")
    assert receiver.taken == []
    with Receiver() as receiver, running(connection, receiver, order):
        taken(receiver, 2)
    send(connection, event(3))
    with Receiver() as again, running(connection, again, order):
        assert taken(again, 1) == keys(3)
    assert receiver.taken == keys(1, 2)


def test_a_refused_event_is_given_up_by_name_and_the_next_one_goes_on(connection: Connection, group: str) -> None:
    send(connection, event(1), event(2), value=b"\x1bgarbage")
    send(connection, event(3))
    order = Order(start="start", group=group)
    with Receiver(200, 410) as receiver, running(connection, receiver, order) as (sink, said):
        assert taken(receiver, 2) == keys(1, 3)
    assert said == [
        f"{CAR}-2/speeding#1 is given up: status 410",
        "partition 0 offset 2 is not readable, unknown-format",
    ]
    assert (sink.counts["given up"], sink.counts["unreadable"]) == (1, 1)


def test_repeats_and_what_was_not_asked_for_are_not_sent(connection: Connection, group: str) -> None:
    repeated = [event(1), event(1, 2, "UPDATED"), event(1), event(1, 2, "UPDATED")]
    send(connection, *repeated, event(2, severity="info"), event(3, rule="lugging"), event(4))
    order = Order(Wanted("warning", "speeding"), start="start", group=group)
    with Receiver() as receiver, running(connection, receiver, order) as (sink, _):
        assert taken(receiver, 3) == [*keys(1), f"{CAR}-1/speeding#2", *keys(4)]
    assert (sink.counts["repeats"], sink.counts["not asked for"]) == (2, 2)


def test_a_group_that_begins_at_the_end_misses_nothing_while_it_is_away(connection: Connection, group: str) -> None:
    send(connection, event(1))
    order = Order(group=group)
    with Receiver() as receiver, running(connection, receiver, order) as (sink, _):
        until(lambda: bool(sink._assignments), "it has its partitions")
    send(connection, event(2))
    with Receiver() as receiver, running(connection, receiver, order):
        assert taken(receiver, 1) == keys(2)


def test_two_sinks_of_one_group_deliver_everything_though_one_leaves_in_mid_retry(
    connection: Connection, group: str
) -> None:
    order = Order(start="start", group=group)
    send(connection, *(event(sequence) for sequence in range(5)))
    with Receiver(*[500] * 10_000) as bad, Receiver() as good:
        with running(connection, bad, order) as (first, _):
            until(lambda: len(bad.requests) >= 2, "the bad endpoint was tried")
            before = first._assignments
            with running(connection, good, order) as (second, _):
                until(lambda: first._assignments > before and second._assignments > 0, "both are members")
        with running(connection, good, order):
            assert sorted(set(taken(good, 5))) == keys(*range(5))


def test_sigterm_ends_the_command_cleanly_and_tells_what_it_did(connection: Connection, group: str) -> None:
    send(connection, event(1))
    with Receiver(200, *[500] * 1000) as receiver:
        command = [sys.executable, "-m", "tacho", "webhook", receiver.url, "--from", "start", "--group", group]
        command += ["--secret-env", "HOOK_SECRET", "--servers", connection.servers]
        environment = {**os.environ, "HOOK_SECRET": "hunter2"}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            taken(receiver, 1)
            send(connection, event(2))
            until(lambda: len(receiver.requests) >= 2, "the second one was tried")
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "delivered 1" in said
    assert "signed" in said
    assert "hunter2" not in said
    assert "s3cret" not in said
