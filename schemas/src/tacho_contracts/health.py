"""Whether the service of a container is well: its status loop writes it down, the container's health check reads it.

The file is named by TACHO_HEALTH_FILE; without it nothing is written. `python -m tacho_contracts.health` is the check.
"""

import json
import os
import sys
import time
from pathlib import Path

VARIABLE = "TACHO_HEALTH_FILE"
STALE_SECONDS = 30.0

_reasons: dict[str, str] = {}


def report(part: str, reason: str) -> None:
    """Note why a part of this process is not ready, empty when it is; the process is well when all its parts are."""
    place = os.environ.get(VARIABLE)
    if not place:
        return
    _reasons[part] = reason
    # Replaced as a whole: the check must never read half of it.
    draft = Path(f"{place}.new")
    draft.write_text(json.dumps(_reasons), encoding="utf-8")
    draft.replace(place)


def trouble(file: Path, now: float) -> str:
    """Why the service is not well at `now` (seconds since the epoch); empty when it is."""
    try:
        age = now - file.stat().st_mtime
        reasons: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "no status yet"
    if age > STALE_SECONDS:
        return f"the last status is {age:.0f} s old"
    return "; ".join(f"{part}: {reason}" for part, reason in reasons.items() if reason)


if __name__ == "__main__":
    sys.exit(trouble(Path(os.environ.get(VARIABLE, "")), time.time()) or 0)
