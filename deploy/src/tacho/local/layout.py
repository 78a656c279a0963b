"""Where everything is: the repository, the run folders below TACHO_HOME, and the jars."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[4]


def home() -> Path:
    """TACHO_HOME, or .tacho in the repository: everything a run writes is below it."""
    return Path(os.environ.get("TACHO_HOME") or REPOSITORY / ".tacho").absolute()


def jars_folder() -> Path:
    """TACHO_JARS, or jars/ below home(): one subfolder for each group of jars.lock."""
    return Path(os.environ.get("TACHO_JARS") or home() / "jars").absolute()


@dataclass(frozen=True)
class RunFolder:
    """One run's files. `run` is kept between runs, `demo` starts empty each time."""

    root: Path

    @property
    def dims(self) -> Path:
        """Dimension tables; the cars generator adds cars/cars.csv."""
        return self.root / "dims"

    @property
    def journal(self) -> Path:
        """The producer's record of what it sent."""
        return self.root / "journal"

    @property
    def replays(self) -> Path:
        """A folder with a journal for each replay into this run."""
        return self.root / "replays"

    @property
    def checkpoints(self) -> Path:
        """Spark's progress and state."""
        return self.root / "checkpoints"

    @property
    def broker(self) -> Path:
        """The broker's settings and data."""
        return self.root / "broker"

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.root / "logs"

    @property
    def alerter(self) -> Path:
        """The alerter's local data."""
        return self.root / "alerter"

    @property
    def run_json(self) -> Path:
        """The settings and the starts of this run, for the verifier."""
        return self.root / "run.json"

    @property
    def metrics(self) -> Path:
        """Where each process shows its metrics, for Prometheus; there while the run is."""
        return self.root / "metrics.json"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor at work here."""
        return self.root / "lock"


def run_folder(name: str) -> RunFolder:
    """The run folder called `name` below home()."""
    return RunFolder(home() / name)
