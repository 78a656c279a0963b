"""The runner of `make run`, bounded and with short windows, for each file anew: a bad record of one would spoil the
chain for another."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tacho.console.feed import Feed
from tacho.local.bounded import BoundedRun
from tacho.local.layout import RunFolder
from tacho.local.pipeline import Pipeline
from tacho.local.ports import free_port
from tacho.local.settings import RunSettings
from tacho.local.stages import PRODUCER
from tacho.local.stopping import StopRequest
from tests.e2e.scraping import Series, processes, scraped_once

SECONDS_OF_INPUT = 25.0


@pytest.fixture(scope="module")
def run_settings(tmp_path_factory: pytest.TempPathFactory) -> RunSettings:
    """A small fleet with 5 s windows, in a folder and on a port of its own."""
    folder = RunFolder(tmp_path_factory.mktemp("chain") / "run")
    settings = RunSettings(folder=folder, port=free_port(), seconds=SECONDS_OF_INPUT, seed=7, window_seconds=5)
    print(f"seed {settings.seed}, run folder {folder.root}")
    return settings


@pytest.fixture(scope="module")
def producer_page() -> Series:
    """What the producer showed while it drove; filled by `chain`."""
    return {}


@pytest.fixture(scope="module")
def chain(run_settings: RunSettings, producer_page: Series) -> Iterator[BoundedRun]:
    """The pipeline after its input has ended, everything still running."""
    with StopRequest() as stop, Pipeline(run_settings, stop, print) as pipeline:
        feed = pipeline.start(Feed)
        run = BoundedRun(pipeline, feed, stop, print)
        run.start_tap()
        pipeline.start_input()
        producer_page.update(scraped_once(processes(run_settings.folder.metrics)[PRODUCER], "tacho_events_total"))
        run.finish_input(SECONDS_OF_INPUT)
        yield run


@pytest.fixture
def cli_environment(run_settings: RunSettings) -> dict[str, str]:
    """The environment of a person at the command line beside the running chain."""
    servers = f"127.0.0.1:{run_settings.port}"
    root = str(Path(run_settings.folder.root).parent)
    return {**os.environ, "TACHO_KAFKA_SERVERS": servers, "TACHO_HOME": root, "TACHO_JARS": str(run_settings.jars)}
