"""Prometheus finds every process of a run, each on a port of its own."""

import json
from pathlib import Path

import pytest

from tacho.local import ports, stages
from tacho.local.layout import RunFolder
from tacho.local.ports import is_free, listening_port
from tacho.local.process import Spec
from tacho.local.scraping import metrics_port, write_targets
from tacho.local.settings import RunSettings


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    return RunSettings(RunFolder(tmp_path), jars=tmp_path)


def services(settings: RunSettings) -> list[Spec]:
    return [stages.producer(settings), *stages.enrichers(settings), stages.alerter(settings)]


def test_every_process_of_a_service_gets_a_port_of_its_own(settings: RunSettings) -> None:
    found = [metrics_port(spec) for spec in (*services(settings), *services(settings))]
    assert None not in found
    assert len(set(found)) == len(found)


def test_what_ends_by_itself_at_the_start_has_none(settings: RunSettings) -> None:
    assert [metrics_port(spec) for spec in (stages.rules(settings), stages.cars_generator(settings))] == [None, None]


def test_the_targets_are_named_by_process(settings: RunSettings, tmp_path: Path) -> None:
    specs = [*services(settings), Spec("broker", ("true",), tmp_path / "broker.log")]
    write_targets(settings.folder.metrics, specs)
    named = {
        target["labels"]["process"]: target["targets"] for target in json.loads(settings.folder.metrics.read_text())
    }
    assert named == {spec.name: [f"127.0.0.1:{metrics_port(spec)}"] for spec in specs[:-1]}
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.json"]


def test_a_port_to_listen_on_later_is_free_and_none_that_a_client_may_be_given_meanwhile() -> None:
    port = listening_port()
    assert is_free(port)
    assert port < ports.FIRST_HANDED_OUT
