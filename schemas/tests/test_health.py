"""A container is well while all parts of its process say so."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tacho_contracts import health


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "health"
    monkeypatch.setenv(health.VARIABLE, str(place))
    monkeypatch.setattr(health, "_words", {})
    return place


def test_a_process_is_well_when_all_its_parts_are(file: Path) -> None:
    health.report("enrich", "")
    health.report("windows", "starting")
    assert health.trouble(file, time.time()) == "windows: starting"
    health.report("windows", "")
    assert health.trouble(file, time.time()) == ""


def test_silence_is_trouble(file: Path) -> None:
    assert health.trouble(file, 0.0) == "no status yet"
    health.report("enrich", "")
    assert "31 s old" in health.trouble(file, time.time() + 31)


def test_a_part_that_fell_silent_is_trouble_while_the_others_speak(file: Path) -> None:
    said = {"enrich": health.Word("", 100.0), "windows": health.Word("", 131.0)}
    assert health.stalled(said, 131.0) == "enrich: the last status is 31 s old"
    assert health.not_ready(said, 131.0) == "enrich: the last status is 31 s old"
    assert health.stalled(said, 130.0) == ""


def test_a_part_that_starts_may_be_silent_for_as_long_as_it_said(file: Path) -> None:
    health.report("enrich", "starting", within=240.0)
    assert health.trouble(file, time.time() + 200) == "enrich: starting"
    assert "241 s old" in health.trouble(file, time.time() + 241)


def test_the_check_ends_with_0_or_with_1_and_the_reason(file: Path) -> None:
    def check() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tacho_contracts.health"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    health.report("enrich", "no broker")
    done = check()
    assert (done.returncode, done.stderr.strip()) == (1, "enrich: no broker")
    health.report("enrich", "")
    assert check().returncode == 0


def test_without_a_file_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(health.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    health.report("enrich", "")
    assert list(tmp_path.iterdir()) == []
