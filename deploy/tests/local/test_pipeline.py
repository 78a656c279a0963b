"""What a start refuses before it leaves anything behind, and what ends a run that cannot go on."""

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

import tacho.local.pipeline
from tacho.errors import TachoError, UsageError
from tacho.local.layout import RunFolder
from tacho.local.pipeline import Pipeline
from tacho.local.ports import free_port
from tacho.local.process import Spec
from tacho.local.record import open_record
from tacho.local.settings import RunSettings
from tacho.local.stopping import StopRequest


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    """A run whose jars are all there."""
    monkeypatch.setattr(tacho.local.pipeline, "ensure_jars", lambda folder, report: 0.0)
    return RunSettings(RunFolder(tmp_path / "run"), jars=tmp_path, port=free_port())


def pipeline(settings: RunSettings) -> Pipeline:
    return Pipeline(settings, StopRequest(), lambda text: None)


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=0))


def watch_for(running: Pipeline, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        running.watch()
        time.sleep(0.02)


def test_a_full_disk_is_told_before_anything_is_written(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)
    with pytest.raises(TachoError, match="Only 0 MB of disk"), pipeline(settings):
        pass
    assert not settings.folder.lock.exists()


def test_without_java_nothing_is_begun(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TachoError, match="Java is missing"), pipeline(settings):
        pass
    assert not settings.folder.root.exists()


def test_on_a_full_disk_nothing_is_started_again(settings: RunSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    with pipeline(settings) as running:
        dying = (sys.executable, "-c", "raise SystemExit(1)")
        running.supervisor.start(Spec("broker", dying, settings.folder.logs / "broker.log"))
        fill_the_disk(monkeypatch)
        with pytest.raises(TachoError, match="Only 0 MB of disk"):
            watch_for(running, 20)


def test_a_folder_begun_with_other_settings_is_refused_before_anything_starts(settings: RunSettings) -> None:
    settings.folder.root.mkdir()
    open_record(settings).started("enricher")
    before = settings.folder.run_json.read_bytes()
    other = RunSettings(settings.folder, jars=settings.jars, port=settings.port, cars=50)
    with pytest.raises(UsageError, match="--cars 20"), pipeline(other):
        pass
    assert settings.folder.run_json.read_bytes() == before
    assert os.listdir(settings.folder.root) == ["run.json"]


def test_a_second_copy_with_other_settings_is_told_that_the_first_runs(settings: RunSettings) -> None:
    with pipeline(settings) as first:
        first.record.started("enricher")
        other = RunSettings(settings.folder, jars=settings.jars, port=free_port(), cars=50)
        with pytest.raises(TachoError, match="already running"), pipeline(other):
            pass
