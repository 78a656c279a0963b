"""`tacho fault` over a real broker."""

import json
import time
from typing import Any

import pytest
from confluent_kafka import Producer

from tacho.commands.fault import fault
from tacho.errors import UsageError
from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker


@pytest.fixture
def servers(broker: Any) -> str:
    """A broker on which nothing was ever switched, and no producer runs."""
    broker.recreate_topics("faults", "service-status")
    return str(broker.servers)


def say_that_a_producer_runs(servers: str, lag: dict[str, int]) -> None:
    now = int(time.time() * 1000)
    told = {"service": "producer", "instance": "producer", "version": "0", "since": now, "at": now, "lag": lag}
    told |= {"ready": True, "reason": "", "rate": 1.0, "total": 1, "restarts": 0, "state_bytes": 0}
    producer = Producer({"bootstrap.servers": servers})
    producer.produce("service-status", Codec("ServiceStatus").encode(told), "producer/producer")
    assert producer.flush(30) == 0


def listed(servers: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    fault("list", as_objects=True, servers=servers)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {row["name"]: row for row in rows}


def test_a_fault_is_switched_on_and_off_and_the_list_tells(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not [row for row in listed(servers, capsys).values() if row["on"]]
    fault("late", "on", share=0.05, by="ada", servers=servers)
    fault("silent-car", "on", car=1_234_567, by="ada", servers=servers)
    rows = listed(servers, capsys)
    assert [name for name, row in rows.items() if row["on"]] == ["late", "silent-car"]
    assert (rows["late"]["share"], rows["late"]["by"], rows["silent-car"]["car_id"]) == (0.05, "ada", 1_234_567)
    fault("late", "off", by="bob", servers=servers)
    rows = listed(servers, capsys)
    assert (rows["late"]["on"], rows["late"]["by"], rows["silent-car"]["on"]) == (False, "bob", True)


def test_the_table_names_every_fault_with_what_it_does(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    fault("poison", "on", share=0.25, by="ada", servers=servers)
    capsys.readouterr()
    fault("list", servers=servers)
    lines = capsys.readouterr().out.splitlines()
    (row,) = [line for line in lines if " poison " in line]
    assert row.split()[0] == "on"
    assert "any car, share 0.25" in row
    assert len(lines) == 8


def test_who_switches_a_fault_that_no_producer_allows_is_told(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    fault("burst", "on", by="ada", servers=servers)
    said = capsys.readouterr()
    assert said.out == "burst is on\n"
    assert said.err.startswith("No producer runs, so this has no effect")
    say_that_a_producer_runs(servers, {})
    fault("burst", "on", by="ada", servers=servers)
    assert "allows no faults" in capsys.readouterr().err
    say_that_a_producer_runs(servers, {"faults/0": 0})
    fault("burst", "on", by="ada", servers=servers)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "more", "word"),
    [
        ("meteor", {"state": "on"}, "late, duplicate"),
        ("late", {}, "tacho fault late on"),
        ("late", {"state": "on", "as_objects": True}, "--json"),
        ("late", {"state": "on", "by": " "}, "--by"),
        ("list", {"state": "on"}, "nothing else"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_switched(
    servers: str, name: str, more: dict[str, Any], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match=word):
        fault(name, servers=servers, **more)
    assert not [row for row in listed(servers, capsys).values() if row["on"]]
