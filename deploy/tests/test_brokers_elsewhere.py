"""Commands that talk to brokers say what is wrong with what they were told, in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tacho.cli import app
from tacho.errors import UsageError
from tacho.local.topics import replication_factor


@pytest.mark.parametrize("text", ["x", "0", "1.5", ""])
def test_a_replication_factor_that_is_no_count_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("TACHO_REPLICATION_FACTOR", text)
    with pytest.raises(UsageError, match=f"TACHO_REPLICATION_FACTOR is '{text}'"):
        replication_factor()


def test_a_place_that_is_none_is_told_before_any_broker_is_looked_for(tmp_path: Path) -> None:
    result = CliRunner(env={"TACHO_HOME": str(tmp_path)}).invoke(app, ["tail", "alert-data", "--from", "yesterday"])
    assert isinstance(result.exception, UsageError), result.exception
    assert "'yesterday' is no place in a topic" in str(result.exception)


def test_creating_topics_without_a_broker_is_one_sentence() -> None:
    command = [sys.executable, "-m", "tacho", "topics", "--create", "--servers", "127.0.0.1:1"]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "tacho: No Kafka broker answers at 127.0.0.1:1: start one (`make run`) or name others with --servers.\n"
    )
