"""Whether a process is well: its status loops say so here; the container's check and the HTTP answers read it.

A container's check reads the file named by TACHO_HEALTH_FILE; without the variable no file is written.
`python -m tacho_contracts.health` is that check.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "TACHO_HEALTH_FILE"
STALE_SECONDS = 30.0
NO_STATUS = "no status yet"


@dataclass(frozen=True)
class Word:
    """What a part of a process said of itself."""

    reason: str
    """Why it is not ready; empty when it is."""
    at: float
    """Seconds since the epoch."""
    within: float = STALE_SECONDS
    """Seconds after which its next word is overdue."""


_words: dict[str, Word] = {}


def report(part: str, reason: str, within: float = STALE_SECONDS) -> None:
    """Note why a part of this process is not ready, empty when it is; the process is well when all its parts are.

    `within`: seconds until its next word; longer for a start that cannot speak meanwhile.
    """
    _words[part] = Word(reason, time.time(), within)
    place = os.environ.get(VARIABLE)
    if not place:
        return
    # Replaced as a whole: the check must never read half of it.
    draft = Path(f"{place}.new")
    draft.write_text(json.dumps({name: asdict(word) for name, word in _words.items()}), encoding="utf-8")
    draft.replace(place)


def words() -> Mapping[str, Word]:
    """The newest word of each part of this process, as it is now."""
    return dict(_words)


def stalled(said: Mapping[str, Word], now: float) -> str:
    """Which part has said nothing for too long at `now` (seconds since the epoch); empty when none has."""
    silent = {part: now - word.at for part, word in said.items() if now - word.at > word.within}
    return "; ".join(f"{part}: the last status is {age:.0f} s old" for part, age in silent.items())


def not_ready(said: Mapping[str, Word], now: float) -> str:
    """Why the process does not do its work at `now` (seconds since the epoch); empty when all its parts do."""
    if not said:
        return NO_STATUS
    reasons = (f"{part}: {word.reason}" for part, word in said.items() if word.reason)
    return stalled(said, now) or "; ".join(reasons)


def trouble(file: Path, now: float) -> str:
    """As not_ready, for the process that writes `file`."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NO_STATUS
    return not_ready({part: Word(**word) for part, word in said.items()}, now)


if __name__ == "__main__":
    sys.exit(trouble(Path(os.environ.get(VARIABLE, "")), time.time()) or 0)
