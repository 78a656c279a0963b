"""`tacho report` over a real broker: repeats, heartbeats and garbage on the topic, time and car asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from deploy.tests.report.made import BEGIN, CAR, DRIVER, sample
from tacho.commands.report import report
from tacho.errors import UsageError
from tacho.report.score import PARTS
from tacho_contracts.codec import Codec


@pytest.fixture(scope="module")
def servers(broker: Any) -> str:
    """A broker with 100 s of two cars, the first half of it repeated."""
    broker.create_topics()
    producer = Producer({"bootstrap.servers": broker.servers})
    enriched, heartbeat = Codec("EnrichedSample"), Codec("Heartbeat")
    for number in [*range(100), *range(50)]:
        for car in (CAR, CAR + 1):
            made = sample(number, car_id=car, driver_id=DRIVER + car - CAR)
            producer.produce(
                "samples-enriched", enriched.encode(made), str(car).encode(), car % 6, timestamp=made["logged_at"]
            )
        at = BEGIN + number * 1000
        producer.produce("samples-enriched", heartbeat.encode({"at": at}), partition=CAR % 6, timestamp=at)
    producer.produce("samples-enriched", b"\x1bgarbage", partition=CAR % 6, timestamp=BEGIN)
    assert producer.flush(30) == 0
    return str(broker.servers)


def asked(servers: str, capsys: pytest.CaptureFixture[str], **options: Any) -> dict[str, Any]:
    report(as_object=True, servers=servers, **options)
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.broker
def test_repeats_and_heartbeats_count_for_nothing(servers: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(servers, capsys)
    assert found["repeats_left_out"] == 100
    assert [(row["car_id"], row["samples"], row["driving_seconds"]) for row in found["rows"]] == [
        (CAR, 100, 99.0),
        (CAR + 1, 100, 99.0),
    ]


@pytest.mark.broker
def test_only_the_time_the_car_and_the_driver_that_were_asked_for_count(
    servers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(servers, capsys, since="2026-11-18T11:07:00Z", until="2026-11-18T11:07:10Z", car=CAR)
    assert [(row["car_id"], row["samples"]) for row in found["rows"]] == [(CAR, 10)]
    assert [row["car_id"] for row in asked(servers, capsys, driver=DRIVER + 1)["rows"]] == [CAR + 1]


@pytest.mark.broker
def test_csv_goes_out_or_into_a_file_and_what_is_unreadable_is_said(
    servers: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report(csv_file="-", servers=servers)
    out = capsys.readouterr()
    report(csv_file=str(tmp_path / "drivers.csv"), servers=servers)
    assert out.out.startswith('"driver_id","car_id","model",')
    assert (tmp_path / "drivers.csv").read_text(encoding="utf-8") == out.out
    assert "1 records could not be read and are left out: unknown-format 1" in out.err


def test_csv_and_json_at_once_are_refused() -> None:
    with pytest.raises(UsageError, match="choose one"):
        report(csv_file="-", as_object=True)


def test_the_help_and_the_guide_say_the_formula_that_is_used() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")
    for part in PARTS:
        formula = f"{part.name} min({part.most:g}, {part.points:g} x {part.figure})"
        assert formula in " ".join((report.__doc__ or "").split())
        assert f"| {part.name} | {part.figure} | {part.points:g} | {part.most:g} |" in guide
