"""Episodes and acknowledgements over a real broker."""

import json
from typing import Any

import pytest
from confluent_kafka import Producer

from deploy.tests.episodes.made import CAR, event
from tacho.commands.ack import ack
from tacho.commands.episodes import episodes
from tacho.errors import UsageError
from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker

ID = f"{CAR}-17/speeding"


@pytest.fixture(scope="module")
def servers(broker: Any) -> str:
    """A broker with an open and a closed episode, a repeated range and a record that is none."""
    broker.create_topics()
    producer = Producer({"bootstrap.servers": broker.servers})
    codec = Codec("AlertEpisode")
    closed = [event(18, revision, state) for revision, state in ((1, "OPENED"), (2, "CLOSED"), (1, "OPENED"))]
    for made in [event(17), *closed]:
        producer.produce("alert-episodes", codec.encode(made), str(CAR).encode(), partition=2)
    producer.produce("alert-episodes", b"\x1bgarbage", str(CAR).encode(), partition=3)
    assert producer.flush(30) == 0
    return str(broker.servers)


def listed(servers: str, capsys: pytest.CaptureFixture[str], **asked: Any) -> list[dict[str, Any]]:
    episodes(as_objects=True, servers=servers, **asked)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_episode_that_is_acknowledged_shows_by_whom(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    ack(ID, note="called", by="ada", servers=servers)
    assert f"acknowledged {ID} (warning, open, opened 2026-11-18T11:06:40.000Z) by ada" in capsys.readouterr().out
    first, second = listed(servers, capsys)
    assert (first["episode_id"], first["acknowledged"]["by"], first["acknowledged"]["note"]) == (ID, "ada", "called")
    assert (second["state"], second["revision"], second["acknowledged"]) == ("CLOSED", 2, None)


def test_only_open_ones_are_listed_when_asked(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["episode_id"] for row in listed(servers, capsys, only_open=True)] == [ID]
    assert listed(servers, capsys, car=1_000_002) == []


def test_what_cannot_be_read_is_said_beside_the_table(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    episodes(servers=servers)
    said = capsys.readouterr()
    assert ID in said.out
    assert "1 records could not be read and are left out: unknown-format 1" in said.err


def test_an_id_that_is_not_there_is_refused_and_nothing_is_written(
    servers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match=f"did you mean {CAR}-1"):
        ack(f"{CAR}-19/speeding", by="ada", servers=servers)
    assert sum(row["acknowledgements"] for row in listed(servers, capsys)) <= 1
