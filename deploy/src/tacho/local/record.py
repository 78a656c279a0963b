"""run.json: what a run was asked for and what happened to its processes, so that it can be verified afterwards."""

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tacho.errors import TachoError, UsageError, refused_by_system
from tacho.local.ports import HOST
from tacho.local.settings import ALLOWED_LATENESS_SECONDS, RunSettings

_FOR_LIFE = {
    "cars": "--cars {}",
    "seed": "--seed {}",
    "gear_policy": "--gear-policy {}",
    "window_seconds": "--window {}s",
    "window_slide_seconds": "--slide {}s",
}
"""Settings that are in a folder's cars, journal or checkpoints, with the options that choose them."""


@dataclass
class RunRecord:
    """Settings, starts and kills of one run; every change is on disk when the call returns."""

    path: Path
    settings: dict[str, Any]
    starts: Counter[str] = field(default_factory=Counter)
    kills: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def started(self, name: str) -> None:
        """One more start of this process."""
        with self._lock:
            self.starts[name] += 1
            self.write()

    def killed(self, service: str, at_ms: int) -> None:
        """`service` was killed on purpose at this time (milliseconds since the epoch)."""
        with self._lock:
            self.kills.append({"service": service, "at": at_ms})
            self.write()

    def write(self) -> None:
        """Replace the file in one step: a reader sees the old or the new one. Raises TachoError without room for it."""
        content = {**self.settings, "starts": dict(self.starts), "kills": self.kills}
        draft = self.path.with_suffix(".new")
        try:
            draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
            draft.replace(self.path)
        except OSError as error:
            raise TachoError(refused_by_system(error, self.path)) from error


def open_record(settings: RunSettings) -> RunRecord:
    """A new record, or the folder's old one with these settings: its starts and kills still explain the topics.

    Raises UsageError when the folder was begun with settings that its cars, journal or checkpoints depend on and that
    are others now, and TachoError when the old record is broken.
    """
    content = {
        "servers": f"{HOST}:{settings.port}",
        "dims": str(settings.folder.dims),
        "journal": str(settings.folder.journal),
        "replays": str(settings.folder.replays),
        "rules": str(settings.rules),
        "gear_policy": settings.gear_policy,
        "allowed_lateness_seconds": ALLOWED_LATENESS_SECONDS,
        "window_seconds": settings.window_seconds,
        "window_slide_seconds": settings.slide_seconds or settings.window_seconds,
        "encoding": settings.encoding,
        "seed": settings.seed,
        "cars": settings.cars,
        "speed_up": settings.speed_up,
    }
    path = settings.folder.run_json
    if not path.exists():
        return RunRecord(path, content)
    earlier = _read(path)
    _require_same(earlier, content, path.parent)
    return RunRecord(path, content, Counter(earlier["starts"]), earlier["kills"])


def _read(path: Path) -> dict[str, Any]:
    try:
        earlier = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        earlier = None
    shape = {"starts": dict, "kills": list}
    if not isinstance(earlier, dict) or not all(isinstance(earlier.get(key), kind) for key, kind in shape.items()):
        raise TachoError(
            f"{path} is broken, so nothing tells what this run was: start anew with `make clean`, or remove "
            f"{path.parent}."
        )
    return earlier


def _require_same(earlier: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    changed = [name for name in _FOR_LIFE if name in earlier and earlier[name] != now[name]]
    if changed:
        before, asked = (", ".join(_FOR_LIFE[name].format(each[name]) for name in changed) for each in (earlier, now))
        raise UsageError(
            f"{folder} was begun with {before}, not with {asked}: repeat that, or start anew with `make clean` "
            f"(which removes it)."
        )
