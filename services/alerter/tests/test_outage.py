"""A broker that is away is said once, and once that it is back; no other line of a library is lost, nor a flood."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from structlog.testing import capture_logs

from tacho_alerter.kafka_options import librdkafka_options
from tacho_alerter.outage import BROKER, LibraryLines, Outage
from tacho_contracts.connection import Connection, Mode

REFUSED = "Unable connect to node with id %s: %s"
DRILL = (
    (REFUSED, (1, "[Errno 111] Connect call failed ('127.0.0.1', 19092)")),
    ("Unable to update metadata from %s", ([1],)),
    ("Failed fetch messages from %s: %s", (1, "NodeNotReadyError: Attempt to send a request to node")),
    ("Group Coordinator Request failed: %s", ("NodeNotReadyError: Attempt to send a request to node",)),
    ("Marking the coordinator dead (node %s)for group %s.", (1, "tacho-alerter")),
    ("Heartbeat session expired - marking coordinator dead", ()),
)


class Time:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def outage(clock: Time) -> Outage:
    return Outage(clock)


@pytest.fixture
def lines(outage: Outage, clock: Time) -> LibraryLines:
    return LibraryLines(outage, clock)


def record(template: str, *arguments: object, logger: str = "aiokafka") -> logging.LogRecord:
    return logging.LogRecord(logger, logging.ERROR, __file__, 1, template, arguments, None)


@pytest.fixture
def said() -> Iterator[list[str]]:
    with capture_logs() as entries:
        yield entries  # type: ignore[misc]


def events(said: list[dict[str, str]]) -> list[str]:
    return [entry["event"] for entry in said]


def test_a_drill_of_two_kills_is_two_lines_each(outage: Outage, lines: LibraryLines, clock: Time, said: list) -> None:
    for _ in range(2):
        for _ in range(300):
            clock.now += 0.03
            assert not any(lines.filter(record(template, *arguments)) for template, arguments in DRILL)
        for _ in range(4):
            clock.now += 2.0
            outage.answered()
    assert events(said) == ["broker away", "broker back"] * 2
    assert "('127.0.0.1', 19092)" in said[0]["reason"]
    assert said[1]["seconds"] > 9


def test_it_is_not_back_while_one_client_still_has_trouble(outage: Outage, clock: Time, said: list) -> None:
    for _ in range(5):
        outage.trouble("refused")
        clock.now += 2.0
        outage.answered()
    assert events(said) == ["broker away"]


def test_an_answer_without_an_outage_is_no_news(outage: Outage, said: list) -> None:
    outage.answered()
    assert not said


def test_what_a_coordinator_says_is_told_when_no_broker_is_away(lines: LibraryLines) -> None:
    assert lines.filter(record("Marking the coordinator dead (node %s)for group %s.", 1, "g"))


def test_any_other_line_of_a_library_comes_once_a_minute_with_how_often(lines: LibraryLines, clock: Time) -> None:
    passed = []
    for second in range(130):
        clock.now += 1.0
        line = record("Not authorized to read from topic %s.", f"t{second}", logger="aiokafka.consumer.fetcher")
        if lines.filter(line):
            passed.append(line.getMessage())
    assert passed == [
        "Not authorized to read from topic t0.",
        "Not authorized to read from topic t60. (59 more like it since)",
        "Not authorized to read from topic t120. (59 more like it since)",
    ]


def test_different_lines_are_not_taken_for_repeats(lines: LibraryLines) -> None:
    assert lines.filter(record("one"))
    assert lines.filter(record("two"))
    assert lines.filter(record("one", logger="faust.app"))


def test_our_own_lines_always_come(lines: LibraryLines) -> None:
    assert all(lines.filter(record("metrics", logger="tacho_alerter.status")) for _ in range(3))


def test_the_process_logs_through_it() -> None:
    program = (
        "import logging; from tacho_alerter.logs import configure_logging; configure_logging()\n"
        "for _ in range(99): logging.getLogger('aiokafka').error('Unable connect to node with id %s: %s', 1, 'refused')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [json.loads(line)["event"] for line in ended.stderr.splitlines()] == ["broker away"]


def test_librdkafka_says_nothing_itself_and_its_outage_is_one_line(
    capfd: pytest.CaptureFixture[str], said: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BROKER, "_since", None)
    producer = Producer(librdkafka_options(Connection(servers="127.0.0.1:1", mode=Mode.PLAINTEXT)))
    deadline = time.monotonic() + 20
    while not said and time.monotonic() < deadline:
        producer.poll(0.1)
    # Several more attempts to connect, each of which librdkafka would log.
    for _ in range(10):
        producer.poll(0.1)
    assert events(said) == ["broker away"]
    assert "127.0.0.1:1" in said[0]["reason"]
    assert "rdkafka" not in capfd.readouterr().err
