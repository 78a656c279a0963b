"""Which pipeline a command finds when none is named: the one that runs here, whichever command started it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tacho.cli import app
from tacho.commands.connecting import connection_to, running_pipeline
from tacho.errors import TachoError, UsageError
from tacho.local.lock import RunLock


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TACHO_HOME", str(tmp_path))
    monkeypatch.delenv("TACHO_KAFKA_SERVERS", raising=False)
    return tmp_path


@pytest.mark.parametrize("started_by", ["run", "demo", "replay"])
def test_a_pipeline_that_runs_is_found_whoever_started_it(home: Path, started_by: str) -> None:
    with RunLock(home / started_by / "lock") as lock:
        lock.note("127.0.0.1:19999")
        found = running_pipeline()
        assert found is not None
        assert (found[0].root, found[1]) == (home / started_by, "127.0.0.1:19999")
        assert connection_to(None).servers == "127.0.0.1:19999"


@pytest.mark.parametrize("started_by", ["run", "demo", "replay"])
def test_verify_looks_into_the_folder_of_the_pipeline_that_runs(home: Path, started_by: str) -> None:
    with RunLock(home / started_by / "lock") as lock:
        lock.note("127.0.0.1:19999")
        assert f"there is no run in {home / started_by}" in str(CliRunner().invoke(app, ["verify"]).exception)
    assert f"there is no run in {home / 'run'}" in str(CliRunner().invoke(app, ["verify"]).exception)


def test_where_the_producer_is_not_installed_a_recording_is_refused_with_where_it_can_be_sent(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = home / "drive.csv"
    drive.write_text("")
    monkeypatch.setattr("tacho.commands.replay.find_spec", lambda name: None)
    result = CliRunner().invoke(app, ["replay", str(drive), "--map", "kit"])
    assert isinstance(result.exception, UsageError), result.exception
    assert "A recording is sent by the producer, which this place lacks" in str(result.exception)


def test_a_second_drive_does_not_join_a_pipeline_that_ends_with_the_first(home: Path) -> None:
    drive = home / "drive.csv"
    drive.write_text("")
    with RunLock(home / "replay" / "lock") as lock:
        lock.note("127.0.0.1:19999")
        result = CliRunner().invoke(app, ["replay", str(drive), "--map", "kit"])
    assert isinstance(result.exception, TachoError), result.exception
    assert f"tacho is already running in {home / 'replay'}" in str(result.exception)
