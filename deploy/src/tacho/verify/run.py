"""What a run was: its settings as the runner wrote them, and everything the oracle recomputes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacho.verify.dims import Dims
from tacho.verify.errors import CannotVerify
from tacho.verify.journal import Journal
from tacho.verify.rules import Rules
from tacho.verify.windows import Grid


@dataclass(frozen=True)
class RunSettings:
    """run.json; durations in ms."""

    servers: str
    dims: Path
    journal: Path
    replays: Path
    """Below it, a journal for each replay."""
    rules: Path
    gear_policy: str
    allowed_lateness_ms: int
    grid: Grid
    repeats_allowed: bool
    """Whether some service was killed or started again, so that records may come twice."""


@dataclass(frozen=True)
class Run:
    """The inputs of one run, read in."""

    dims: Dims
    rules: Rules
    journal: Journal
    allowed_lateness_ms: int
    grid: Grid
    repeats_allowed: bool
    alone: bool = False
    """Whether nobody else wrote to the log, so that every sample in it must be in a journal."""


def read_settings(written: Mapping[str, Any], folder: Path) -> RunSettings:
    """Check run.json; relative paths are below `folder`. Raises CannotVerify when something is missing or senseless."""
    try:
        size = round(written["window_seconds"] * 1000)
        slide = round((written["window_slide_seconds"] or written["window_seconds"]) * 1000)
        if not 0 < slide <= size or size % slide:
            raise ValueError(f"a window of {size} ms cannot slide by {slide} ms")
        return RunSettings(
            servers=written["servers"],
            dims=folder / written["dims"],
            journal=folder / written["journal"],
            replays=folder / written["replays"],
            rules=folder / written["rules"],
            gear_policy=written["gear_policy"],
            allowed_lateness_ms=round(written["allowed_lateness_seconds"] * 1000),
            grid=Grid(size, slide),
            repeats_allowed=bool(written["kills"]) or any(count > 1 for count in written["starts"].values()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotVerify(f"{folder / 'run.json'} is not usable: {type(error).__name__}: {error}") from error
