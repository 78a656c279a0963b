"""One supervisor at a time in a run folder. The kernel drops the lock with its holder, so none can go stale."""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from tacho.errors import TachoError, refused_by_system


class RunLock:
    """Held while inside the `with`; the file says who holds it and where its broker is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._acquire()
        try:
            self.note(servers=None)
        except OSError as error:
            self.__exit__(None, None, None)
            raise TachoError(refused_by_system(error, self._path)) from error
        return self

    def _acquire(self) -> int:
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # The holder before us may have removed the file between our open and our lock.
                if os.stat(self._path).st_ino == os.fstat(file).st_ino:
                    return file
            except FileNotFoundError:
                pass
            except BlockingIOError as error:
                os.close(file)
                pid = _content(self._path).get("pid", "unknown")
                raise TachoError(
                    f"tacho is already running in {self._path.parent} (process {pid}): stop that one with Ctrl-C, "
                    f"or set TACHO_HOME to another folder and --port to another port."
                ) from error
            os.close(file)

    def note(self, servers: str | None) -> None:
        """Write who holds the lock and, once it serves, where the broker is."""
        assert self._file is not None
        os.truncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"pid": os.getpid(), "servers": servers}).encode(), 0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def running_servers(path: Path) -> str | None:
    """Where the broker of the supervisor that holds this lock is; None when nobody holds it or it is not up yet."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _content(path).get("servers")
    else:
        return None
    finally:
        os.close(file)


def _content(path: Path) -> dict[str, str | None]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
