"""run.json: what a run was asked for and what happened to its processes, so that it can be verified afterwards."""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tacho.local.ports import HOST
from tacho.local.settings import ALLOWED_LATENESS_SECONDS, RunSettings


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
        """Replace the file in one step: a reader sees the old or the new one."""
        content = {**self.settings, "starts": dict(self.starts), "kills": self.kills}
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.path)


def open_record(settings: RunSettings) -> RunRecord:
    """A new record, or the folder's old one with these settings: its starts and kills still explain the topics."""
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
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"starts": {}, "kills": []}
    return RunRecord(path, content, Counter(earlier["starts"]), earlier["kills"])
