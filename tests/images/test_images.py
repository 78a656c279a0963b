"""What the images are made of, and that samples flow through them with a read-only root."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from tacho.local.broker import LocalBroker
from tacho.local.layout import REPOSITORY
from tacho.local.ports import HOST, free_port
from tacho_contracts import health
from tacho_contracts.catalogue import load_catalogue
from tests.e2e.scraping import ask
from tests.images import buildah
from tests.images.buildah import Image

pytestmark = [pytest.mark.images, pytest.mark.broker, pytest.mark.timeout(1800)]

IMAGES = ["producer", "alerter", "enricher", "dashboard", "tacho"]
DOCKERFILES = [*(f"services/{name}/Dockerfile" for name in IMAGES[:-1]), "deploy/Dockerfile"]
DEADLINE_SECONDS = 180.0
STOP_SECONDS = 30.0


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_says_what_it_is_and_runs_as_nobody_special(name: str, request: pytest.FixtureRequest) -> None:
    image: Image = request.getfixturevalue(name)
    assert image.labels["org.opencontainers.image.version"] == buildah.VERSION
    assert image.labels["org.opencontainers.image.revision"] == "abc123"
    assert image.labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert image.user == "10001:10001"
    # A shell as process 1 would not pass signals on.
    assert image.entrypoint[0].startswith("/opt/tacho/bin/")
    assert (image.health[:1] == ("CMD",)) is (name != "tacho")


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_holds_nothing_but_what_runs(name: str, request: pytest.FixtureRequest) -> None:
    image: Image = request.getfixturevalue(name)
    container = buildah.buildah("from", image.name)
    try:
        root = Path(buildah.buildah("mount", container))
        installed = {path.name.split("-")[0] for path in (root / "opt/tacho").glob("lib/*/site-packages/*.dist-info")}
        assert "tacho_contracts" in installed
        assert not installed & {"pip", "setuptools", "wheel", "hatchling", "pytest", "moto"}
        assert not (root / "src").exists()
        assert not list((root / "tmp").iterdir())
    finally:
        buildah.buildah("rm", container)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, broker_jars: Path) -> Iterator[LocalBroker]:
    with LocalBroker(tmp_path_factory.mktemp("images-broker"), free_port(), broker_jars) as local:
        yield local


def test_samples_flow_through_the_images_until_they_are_asked_to_stop(
    producer: Image,
    enricher: Image,
    alerter: Image,
    dashboard: Image,
    tacho: Image,
    broker: LocalBroker,
    tmp_path: Path,
) -> None:
    kafka = {"TACHO_KAFKA_SERVERS": broker.servers}
    data, page = tmp_path / "data", f"{HOST}:{free_port()}"
    copytree(REPOSITORY / "data" / "dims", data / "dims")
    for path in (data, *data.rglob("*")):
        path.chmod(0o777)
    for command in (["topics", "--create"], ["rules", "publish"]):
        with buildah.running(tacho, data, kafka, command) as once:
            assert once.wait(60) == 0, once.tail()
    cars = replace(enricher, entrypoint=(*enricher.entrypoint[:-1], "tacho_enricher.cars_generator"))
    with buildah.running(cars, data, {}, ["--dims", "/data/dims"]) as made:
        assert made.wait(120) == 0, made.tail()
    with ExitStack() as stack:
        chain = {
            name: stack.enter_context(buildah.running(image, data, {**kafka, **settings, **checked(name)}))
            for name, image, settings in (
                ("enricher", enricher, {"TACHO_ENRICHER_QUERIES": "enrich"}),
                ("alerter", alerter, {}),
                ("dashboard", dashboard, {"TACHO_DASHBOARD_PORT": page.rpartition(":")[2]}),
                ("producer", producer, {"TACHO_PRODUCER_DIMS": "/data/dims", "TACHO_PRODUCER_RATE": "5"}),
            )
        }
        for topic in ("sensors-sample", "samples-enriched", "alert-data", "alert-episodes", "alerter-state"):
            until(lambda topic=topic: count(broker.servers, topic) > 0, f"{topic} fills", chain)  # type: ignore[misc]
        for name in chain:
            until(lambda name=name: healthy(data, name), f"{name} is well", chain)  # type: ignore[misc]
        services = {"producer": producer, "enricher": enricher, "alerter": alerter, "dashboard": dashboard}
        for name, image in services.items():
            port = image.env[f"TACHO_{name.upper()}_METRICS_PORT"]
            assert ask(f"{HOST}:{port}", "/readyz") == (200, "ok\n")
            assert f'tacho_build_info{{service="{name}",' in ask(f"{HOST}:{port}", "/metrics")[1]
        until(lambda: bool(json.loads(ask(page, "/api/v1/fleet")[1])["cars"]), "the page shows cars", chain)
        # Files of a package are in its image only if its build takes them along.
        assert "<!doctype html>" in ask(page, "/")[1].lower()
        assert ask(page, "/static/app.js")[0] == 200
        for name in services:
            assert chain[name].stop(STOP_SECONDS) == 0, chain[name].tail()


def checked(name: str) -> dict[str, str]:
    return {health.VARIABLE: f"/data/health-{name}"}


def healthy(data: Path, name: str) -> bool:
    return health.trouble(data / f"health-{name}", time.time()) == ""


def test_an_archive_is_written_and_read_back_by_the_operators_image_alone(
    tacho: Image, broker: LocalBroker, tmp_path: Path
) -> None:
    kafka = {"TACHO_KAFKA_SERVERS": broker.servers}
    producer = Producer({"bootstrap.servers": broker.servers})
    for command, ends_with in (
        (["topics", "--create"], ""),
        (["archive", "/data/archive"], ""),
        # All of it is there: the log is read and compared as it is when a restore that was cut off goes on.
        (["replay", "/data/archive"], "were there from before"),
    ):
        with buildah.running(tacho, tmp_path / "data", kafka, command) as process:
            assert process.wait(60) == 0, process.tail()
            assert process.tail().strip().endswith(ends_with)
        if "topics" in command:
            producer.produce("sensors-sample", b"any bytes", b"8459042")
            assert producer.flush(30) == 0
    (tmp_path / "data" / "drive.csv").write_text("")
    with buildah.running(tacho, tmp_path / "data", kafka, ["replay", "/data/drive.csv", "--map", "kit"]) as process:
        assert process.wait(30) == 2
        assert "A recording is sent by the producer, which this place lacks" in process.tail()


def test_a_service_that_cannot_start_says_why_and_ends_with_2(producer: Image, tmp_path: Path) -> None:
    with buildah.running(producer, tmp_path / "data", {"TACHO_KAFKA_MODE": "kerberos"}) as process:
        assert process.wait(30) == 2
        assert "TACHO_KAFKA_MODE" in process.tail()


def test_the_root_cannot_be_written(producer: Image, tmp_path: Path) -> None:
    shell = replace(producer, entrypoint=("/bin/sh", "-c"))
    script = "touch /x /opt/tacho/x 2>/dev/null && exit 1; touch /tmp/x /data/x && id -u"
    with buildah.running(shell, tmp_path / "data", {}, [script]) as process:
        assert process.wait(30) == 0
        assert process.tail().strip() == "10001"


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_a_dockerfile_names_no_host_and_installs_only_what_is_locked(dockerfile: str) -> None:
    text = (REPOSITORY / dockerfile).read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE)[0] == "${BASE}"
    assert "ARG BASE=python:3.11-slim-bookworm" in text
    assert "pip install" not in text
    installer = (REPOSITORY / "deploy/images/install.sh").read_text(encoding="utf-8")
    for line in installer.splitlines():
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-deps /tmp/own/" in line


def until(condition: Callable[[], bool], what: str, chain: dict[str, buildah.Running]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        for name, process in chain.items():
            assert process.exit_code is None, f"{name} ended: {process.tail()}"
        if time.monotonic() > deadline:
            logs = "\n".join(f"{name}: {process.tail()}" for name, process in chain.items())
            pytest.fail(f"waited {DEADLINE_SECONDS:.0f} s in vain until {what}\n{logs}")
        time.sleep(0.2)


def count(servers: str, topic: str) -> int:
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "count"})
    try:
        partitions = range(load_catalogue().topics[topic].partitions)
        return sum(consumer.get_watermark_offsets(TopicPartition(topic, number), 10)[1] for number in partitions)
    except KafkaException:
        # Topics that were just made may still be without a leader.
        return 0
    finally:
        consumer.close()
