"""Every command of `tacho aws` where AWS is not to be had: one sentence that says what to do, and no success."""

import os
import socket
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from tacho.aws.cli import aws
from tacho.errors import TachoError

COMMANDS = {
    "up": ["20-msk"],
    "down": ["20-msk"],
    "topics": [],
    "schemas": ["--check"],
    "cars": [],
    "release": ["alerter"],
    "run": ["--", "tail", "alert-data"],
    "page": [],
    "stop": ["producer"],
    "off": [],
    "status": ["--json"],
    "cost": [],
    "sweep": [],
}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's credentials, and the shipped environment dev."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("TACHO_HOME", str(tmp_path))


def refused(command: str) -> str:
    """What the command says when it fails, as the command line would print it."""
    result = CliRunner().invoke(aws, [command, *COMMANDS[command]])
    assert isinstance(result.exception, TachoError), result.output
    assert result.exception.exit_code in (1, 2)
    assert result.output == ""
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_each_command_is_looked_at() -> None:
    assert COMMANDS.keys() == vars(typer.main.get_command(aws))["commands"].keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_without_credentials_a_command_says_how_to_get_some(command: str) -> None:
    assert refused(command).startswith("There are no usable AWS credentials: give some (AWS_PROFILE")


@pytest.mark.parametrize("command", COMMANDS)
def test_where_nobody_answers_a_command_says_where_to_look(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    # Five attempts and the pauses between them are botocore's; what is said is ours.
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with socket.socket() as closed:
        # Bound and not listening: nobody answers here, and nobody else takes the port meanwhile.
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        said = refused(command)
    assert said.startswith("AWS does not answer: ")
    assert said.endswith("Check the network, and whether the region is right.")
