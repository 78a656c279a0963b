"""What was asked for wrongly is told at once, before anything is started."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import tacho.commands.demo
import tacho.commands.run
from tacho.cli import app
from tacho.commands.run import introduce
from tacho.errors import TachoError, UsageError
from tacho.local.layout import RunFolder
from tacho.local.lock import RunLock
from tacho.local.settings import RunSettings
from tacho_contracts.catalogue import load_catalogue


class Started(Exception):
    """A command went on to start something."""


@pytest.fixture(autouse=True)
def _nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*arguments: object) -> None:
        raise Started

    monkeypatch.setattr(tacho.commands.run, "Pipeline", start)
    monkeypatch.setattr(tacho.commands.demo, "RunLock", start)


@pytest.mark.parametrize("command", ["run", "demo"])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--encoding", "xml"),
        ("--gear-policy", "guess"),
        ("--trigger", "available-now"),
        ("--seed", "-1"),
        ("--window", "1e999s"),
        ("--window", "nan"),
        ("--window", "1e300s"),
        ("--window", "25h"),
        ("--seconds", "1e999"),
    ],
)
def test_a_choice_that_there_is_not_is_refused_before_anything_starts(command: str, option: str, value: str) -> None:
    result = CliRunner().invoke(app, [command, option, value])
    assert isinstance(result.exception, UsageError | SystemExit), result.exception
    assert getattr(result.exception, "exit_code", result.exit_code) == 2
    assert option in result.output or value in str(result.exception)


@pytest.mark.parametrize(("window", "slide"), [("10s", "20s"), ("10s", "3s")])
def test_a_window_that_is_no_multiple_of_its_slide_is_refused(window: str, slide: str) -> None:
    result = CliRunner().invoke(app, ["run", "--window", window, "--slide", slide])
    assert isinstance(result.exception, UsageError), result.exception
    assert "--slide" in str(result.exception)


def test_a_process_that_there_is_not_cannot_be_killed() -> None:
    result = CliRunner().invoke(app, ["demo", "--kill", "everybody"])
    assert result.exit_code == 2
    assert "alerter" in result.output


def test_choices_that_there_are_are_taken() -> None:
    arguments = ["--encoding", "json", "--gear-policy", "speed-band", "--trigger", "micro", "--seed", "0"]
    for command in ("run", "demo"):
        result = CliRunner().invoke(app, [command, *arguments, "--window", "10s", "--slide", "5s"])
        assert isinstance(result.exception, Started), result.output


def test_the_first_screen_keeps_a_line_a_line_where_there_is_no_terminal(tmp_path: Path) -> None:
    out = io.StringIO()
    introduce(Console(file=out, width=60), RunSettings(RunFolder(tmp_path)))
    topics = next(line for line in out.getvalue().splitlines() if line.startswith("  topics"))
    assert topics.endswith(list(load_catalogue().topics)[-1])


@pytest.mark.parametrize(("command", "other"), [("demo", "run"), ("run", "demo"), ("run", "replay")])
def test_a_port_that_our_own_pipeline_holds_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, other: str
) -> None:
    monkeypatch.setenv("TACHO_HOME", str(tmp_path))
    with RunLock(tmp_path / other / "lock") as lock:
        lock.note("127.0.0.1:19999")
        result = CliRunner().invoke(app, [command, "--port", "19999"])
        assert isinstance(result.exception, TachoError), result.exception
        assert f"the pipeline that runs in {tmp_path / other}" in str(result.exception)
        assert "--port 20009" in str(result.exception)
        assert isinstance(CliRunner().invoke(app, [command, "--port", "19998"]).exception, Started)
