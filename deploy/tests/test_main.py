"""What the command line says when something other than tacho itself goes wrong: one sentence, no traceback."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tacho.cli
from tacho.__main__ import main


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException) -> tuple[int, str]:
    """Exit code and words of a command that ends with `error`."""

    def app() -> None:
        raise error

    monkeypatch.setattr(tacho.cli, "app", app)
    return main(), capsys.readouterr().err


def test_a_full_disk_is_one_sentence_with_the_file_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(monkeypatch, capsys, OSError(errno.ENOSPC, "No space left on device", "/disk/run.json"))
    assert code == 1
    assert text == (
        "tacho: There is no room left for /disk/run.json: make room (`make clean` removes earlier runs), "
        "or set TACHO_HOME to another disk.\n"
    )


def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(monkeypatch, capsys, PermissionError(errno.EACCES, "Permission denied", "/root/run"))
    assert code == 1
    assert text.startswith("tacho: /root/run cannot be used (Permission denied): ")


def test_ctrl_c_is_answered_with_its_exit_code_and_no_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(monkeypatch, capsys, KeyboardInterrupt()) == (130, "")


def test_ctrl_c_while_the_program_is_still_being_read_in_is_answered_in_the_same_way() -> None:
    program = [sys.executable, "-X", "importtime", "-m", "tacho", "topics"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        before = []
        for line in process.stderr:
            before.append(line)
            # Typer is read in by tacho.cli, long before any command runs.
            if "| typer" in line or "rich" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=30) == 130, rest
    assert "Traceback" not in rest


@pytest.mark.parametrize("home", ["file", "file/below"])
def test_a_home_that_is_no_folder_is_one_sentence(tmp_path: Path, home: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    environment = {**os.environ, "TACHO_HOME": str(tmp_path / home)}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tacho", "run"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "TACHO_HOME" in done.stderr
    assert time.monotonic() - began < 30
