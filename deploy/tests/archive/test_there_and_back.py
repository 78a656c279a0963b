"""A log into an archive and back into an empty log of another cluster's kind: same bytes, times, order, partitions."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tacho.archive import copying, restoring
from tacho.archive.copying import archived, copy_topic
from tacho.archive.place import Folder, Place
from tacho.archive.records import Archived, pieces
from tacho.archive.restoring import restore
from tacho.commands.archive import archive
from tacho.commands.restoring import is_archive, restore_archive
from tacho.errors import TachoError, UsageError
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection, Mode

pytestmark = pytest.mark.broker

TOPIC = "sensors-sample"
PARTITIONS = 6
DAY_MS = 86_400_000


@pytest.fixture
def connection(broker: Any) -> Connection:
    broker.create_topics()
    return Connection(servers=broker.servers, mode=Mode.PLAINTEXT)


def fill(connection: Connection, count: int, first: int = 0, start_ms: int | None = None) -> None:
    """Records of all kinds, round robin over the partitions, a second apart."""
    start_ms = start_ms or int(time.time() * 1000) - DAY_MS
    producer = Producer({"bootstrap.servers": connection.servers})
    for number in range(first, first + count):
        value = None if number % 10 == 3 else f"value {number}".encode()
        key = None if number % 10 in (4, 6) else f"key {number}".encode()
        headers = [("n", str(number).encode()), ("none", None)] if number % 10 == 5 else []
        at = start_ms + number * 1000
        if number % 10 == 6:
            value = Codec("Heartbeat").encode({"at": at})
        producer.produce(TOPIC, value, key, number % PARTITIONS, timestamp=at, headers=headers)
    assert producer.flush(30) == 0


def content(connection: Connection) -> dict[int, list[Archived]]:
    """All records by partition."""
    consumer = Consumer(
        {"bootstrap.servers": connection.servers, "group.id": "tacho-test", "enable.auto.commit": False}
    )
    found: dict[int, list[Archived]] = {}
    for partition in range(PARTITIONS):
        _, high = copying.bounds_of(consumer, TopicPartition(TOPIC, partition))
        consumer.assign([TopicPartition(TOPIC, partition, 0)])
        found[partition] = []
        while len(found[partition]) < high:
            message = consumer.poll(10)
            assert message is not None
            assert message.error() is None
            found[partition].append(archived(message))
    consumer.close()
    return found


def silent(_: str) -> None:
    """No report."""


def now_ms() -> int:
    return int(time.time() * 1000)


def test_a_log_comes_back_byte_for_byte_on_its_partitions(
    connection: Connection, broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PIECE_RECORDS", 7)
    fill(connection, 100)
    before, place = content(connection), Folder(tmp_path)
    manifest = copy_topic(connection, TOPIC, place, silent)
    assert (manifest.records, len(pieces(place.names()))) == (100, 18)
    broker.create_topics()
    assert restore(connection, place, now_ms(), silent).sent == 100
    assert content(connection) == before


def test_a_copy_goes_on_behind_its_last_file(connection: Connection, tmp_path: Path) -> None:
    fill(connection, 12)
    place = Folder(tmp_path)
    copy_topic(connection, TOPIC, place, silent)
    copied = set(place.names())
    fill(connection, 6, first=12)
    assert copy_topic(connection, TOPIC, place, silent).records == 18
    assert copied < set(place.names())
    assert copy_topic(connection, TOPIC, place, silent).records == 18


def test_a_restore_that_was_cut_off_sends_only_the_rest(
    connection: Connection, broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(connection, 60)
    before, place = content(connection), Folder(tmp_path)
    copy_topic(connection, TOPIC, place, silent)
    broker.create_topics()
    monkeypatch.setattr(restoring, "_REPORT_EVERY", 25)

    def cut_off(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(connection, place, now_ms(), cut_off)
    done = restore(connection, place, now_ms(), silent)
    assert done.sent + done.found == 60
    assert content(connection) == before
    assert restore(connection, place, now_ms(), silent).sent == 0


def test_an_archive_never_goes_into_another_log(connection: Connection, broker: Any, tmp_path: Path) -> None:
    fill(connection, 12)
    copy_topic(connection, TOPIC, Folder(tmp_path), silent)
    broker.create_topics()
    fill(connection, 12, first=600)
    with pytest.raises(TachoError, match="holds other records than the archive's first"):
        restore(connection, Folder(tmp_path), now_ms(), silent)


def test_records_that_the_broker_would_delete_again_are_refused_or_kept_longer(
    connection: Connection, broker: Any, tmp_path: Path
) -> None:
    fill(connection, 12, start_ms=now_ms() - 3 * DAY_MS)
    place, later = Folder(tmp_path), now_ms() + 5 * DAY_MS
    copy_topic(connection, TOPIC, place, silent)
    broker.create_topics(for_ever=False)
    with pytest.raises(TachoError, match=r"oldest record is 8\.0 days old and sensors-sample keeps 7\.0"):
        restore(connection, place, later, silent)
    assert restore(connection, place, later, silent, extend_retention=True).sent == 12
    assert restore(connection, place, later, silent).found == 12


def test_records_go_in_by_time_over_all_partitions(
    connection: Connection, broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(connection, 30)
    place: Place = Folder(tmp_path)
    copy_topic(connection, TOPIC, place, silent)
    broker.create_topics()
    sent: list[int] = []
    as_it_was: Callable[..., Any] = restoring._send

    def watched(connection: Connection, topic: str, records: Any, report: Any) -> int:
        rows = list(records)
        sent.extend(row[1].timestamp for row in rows)
        return int(as_it_was(connection, topic, iter(rows), report))

    monkeypatch.setattr(restoring, "_send", watched)
    restore(connection, place, now_ms(), silent)
    assert sent == sorted(sent)


def test_a_topic_that_is_not_there_is_named(connection: Connection, broker: Any, tmp_path: Path) -> None:
    broker.delete_topics()
    with pytest.raises(TachoError, match="has no topic sensors-sample"):
        copy_topic(connection, TOPIC, Folder(tmp_path), silent)


def test_the_two_commands_move_a_log(
    connection: Connection, broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("TACHO_KAFKA_SERVERS", connection.servers)
    fill(connection, 24)
    before = content(connection)
    archive(str(tmp_path), TOPIC, None)
    broker.create_topics()
    assert is_archive(str(tmp_path))
    restore_archive(str(tmp_path), [], 0)
    assert content(connection) == before
    assert "24 records are on sensors-sample" in capsys.readouterr().out
    with pytest.raises(UsageError, match="takes --extend-retention and not --map"):
        restore_archive(str(tmp_path), ["--map", "torque"], 0)
