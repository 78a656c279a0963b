"""`tacho backtest` over a real broker: the alerter's process is asked, its result shown or passed through."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import typer
from confluent_kafka import Producer

from deploy.tests.report.made import BEGIN, CAR, sample
from tacho.commands.backtest import backtest
from tacho_contracts.codec import Codec

pytestmark = pytest.mark.broker
DRAFT = "rules:\n  - {id: speeding, measure: speed, above: 20 km/h, severity: warning}\n"


@pytest.fixture(scope="module")
def servers(broker: Any) -> str:
    """A broker with 100 s of one car and no published rules."""
    broker.create_topics()
    producer, enriched = Producer({"bootstrap.servers": broker.servers}), Codec("EnrichedSample")
    for number in range(100):
        made = sample(number, car_id=CAR)
        producer.produce("samples-enriched", enriched.encode(made), partition=CAR % 6, timestamp=made["logged_at"])
    assert producer.flush(30) == 0
    return str(broker.servers)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_the_json_is_that_of_the_alerter(servers: str, draft: Path, capfd: pytest.CaptureFixture[str]) -> None:
    backtest(rules=draft, as_object=True, top=10, servers=servers)
    found = json.loads(capfd.readouterr().out)
    assert (found["samples"], found["published"], found["from_the_start"]) == (100, [], True)
    assert found["totals"]["draft"]["episodes"] == found["totals"]["gained"] == 1


def test_without_json_there_are_tables(servers: str, draft: Path, capfd: pytest.CaptureFixture[str]) -> None:
    backtest(rules=draft, top=10, servers=servers)
    out = capfd.readouterr().out
    assert "beside nothing: no rules are published" in out
    assert "cars that change: 1" in out
    assert str(CAR) in out


def test_so_long_ago_is_a_time_too(servers: str, draft: Path, capfd: pytest.CaptureFixture[str]) -> None:
    # Half a second before the sample of second 60, as long as that takes to come to the command.
    seconds = time.time() - BEGIN / 1000 - 59.5
    backtest(rules=draft, since=f"{seconds}s", as_object=True, top=10, servers=servers)
    assert json.loads(capfd.readouterr().out)["samples"] == 40


def test_a_refusal_of_the_alerter_is_the_commands(servers: str, draft: Path, capfd: pytest.CaptureFixture[str]) -> None:
    draft.write_text(DRAFT.replace("km/h", "mph"), encoding="utf-8")
    with pytest.raises(typer.Exit) as refused:
        backtest(rules=draft, top=10, servers=servers)
    assert refused.value.exit_code == 2
    assert "draft.yaml:2: rule 'speeding'" in capfd.readouterr().err
