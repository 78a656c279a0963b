"""compose.yaml says what the images and the settings say."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import tacho_alerter.settings
import tacho_dashboard.settings
import tacho_enricher.settings
import tacho_producer.settings
from tacho_contracts.connection import Connection

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
ONE_OFF = {"topics", "cars", "rules"}
SETTINGS = {
    "TACHO_KAFKA_": Connection,
    "TACHO_PRODUCER_": tacho_producer.settings.Settings,
    "TACHO_ENRICHER_": tacho_enricher.settings.Settings,
    "TACHO_ALERTER_": tacho_alerter.settings.Settings,
    "TACHO_DASHBOARD_": tacho_dashboard.settings.Settings,
}
each_service = pytest.mark.parametrize("name", SERVICES)


@each_service
def test_every_service_is_core_or_ops(name: str) -> None:
    assert SERVICES[name]["profiles"] in (["core"], ["ops"])


@each_service
def test_every_image_is_built_here_or_has_an_exact_tag(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        assert (ROOT / service["build"]["dockerfile"]).is_file()
    else:
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+", service["image"])


@each_service
def test_whatever_goes_on_has_a_health_check_and_whatever_ends_is_waited_for(name: str) -> None:
    if name in ONE_OFF:
        waits = [service.get("depends_on", {}).get(name) for service in SERVICES.values()]
        assert {"condition": "service_completed_successfully"} in waits
    else:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@each_service
def test_every_setting_is_one_that_there_is(name: str) -> None:
    for variable in SERVICES[name].get("environment", {}):
        for prefix, settings in SETTINGS.items():
            if variable.startswith(prefix):
                assert variable.removeprefix(prefix).lower() in settings.model_fields


@each_service
def test_our_own_run_with_a_read_only_root_and_no_privilege(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "mem_limit" in service or name == "topics"


def test_what_is_published_is_this_machines_alone_and_no_port_is_asked_for_twice() -> None:
    published = [place.split(":") for service in SERVICES.values() for place in service.get("ports", [])]
    assert {host for host, _, _ in published} == {"127.0.0.1"}
    ports = [port for _, port, _ in published]
    assert len(set(ports)) == len(ports)


def test_the_page_is_where_its_image_serves_it() -> None:
    text = (ROOT / SERVICES["dashboard"]["build"]["dockerfile"]).read_text(encoding="utf-8")
    (place,) = SERVICES["dashboard"]["ports"]
    assert "TACHO_DASHBOARD_HOST=0.0.0.0" in text
    assert f"TACHO_DASHBOARD_PORT={place.rpartition(':')[2]} " in text


def test_the_rules_are_published_in_words_that_the_alerter_understands() -> None:
    # Without a broker it ends with 1; what is not understood, with 2 before a broker is asked.
    nowhere = {**os.environ, "TACHO_KAFKA_SERVERS": "127.0.0.1:1", "TACHO_ALERTER_WAIT_SECONDS": "1"}
    command = [sys.executable, "-m", "tacho_alerter", *SERVICES["rules"]["command"]]
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "127.0.0.1:1" in done.stderr) == (1, True), done.stderr


def test_the_broker_tells_each_client_an_address_that_it_can_reach() -> None:
    environment = SERVICES["broker"]["environment"]
    advertised = dict(entry.split("://") for entry in environment["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert advertised == {"INSIDE": "broker:19092", "HOST": "localhost:9092"}
    assert SERVICES["broker"]["ports"] == ["127.0.0.1:9092:9092"]
    assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    inside = {
        service["environment"]["TACHO_KAFKA_SERVERS"]
        for service in SERVICES.values()
        if "build" in service and "environment" in service
    }
    assert inside == {"broker:19092"}


def test_the_broker_is_of_the_version_that_make_run_starts() -> None:
    lock = (ROOT / "deploy" / "jars.lock").read_text(encoding="utf-8")
    version = SERVICES["broker"]["image"].rpartition(":")[2]
    assert f"org.apache.kafka:kafka_2.13:{version} " in lock
