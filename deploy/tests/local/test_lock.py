import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tacho.errors import TachoError
from tacho.local.lock import RunLock, running_servers


def test_a_second_copy_is_refused_with_the_process_that_holds_the_lock(tmp_path: Path) -> None:
    with RunLock(tmp_path / "lock"), pytest.raises(TachoError, match=r"already running .* \(process \d+\)"):
        RunLock(tmp_path / "lock").__enter__()


def test_the_lock_leaves_no_file_behind(tmp_path: Path) -> None:
    with RunLock(tmp_path / "lock"):
        pass
    assert not (tmp_path / "lock").exists()


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from tacho.local.lock import RunLock; "
        f"RunLock(Path({str(tmp_path / 'lock')!r})).__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert (tmp_path / "lock").exists()
    with RunLock(tmp_path / "lock"):
        pass


def test_a_running_pipeline_tells_where_its_broker_is(tmp_path: Path) -> None:
    with RunLock(tmp_path / "lock") as lock:
        lock.note("127.0.0.1:19092")
        assert running_servers(tmp_path / "lock") == "127.0.0.1:19092"


def test_a_lock_that_nobody_holds_tells_of_no_broker(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"pid": 1, "servers": "127.0.0.1:1"}', encoding="utf-8")
    assert running_servers(tmp_path / "lock") is None


def test_a_lock_that_finds_no_room_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(TachoError, match=r"no room left for .*lock"):
        RunLock(tmp_path / "lock").__enter__()
    assert not (tmp_path / "lock").exists()


def test_below_a_file_there_is_no_running_pipeline(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert running_servers(tmp_path / "file" / "run" / "lock") is None
