"""Workload `producer`: simulated samples through Avro and confluent-kafka with every delivery callback."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import parts
from benchmarks.cluster import REPOSITORY, Cluster
from benchmarks.contest import Say, compete, table
from benchmarks.profile import Profile
from benchmarks.race import Contender, Course, Run
from benchmarks.report import Section, Table
from benchmarks.samples import write_dims
from tacho.local.process import Spec
from tacho.local.settings import RunSettings

LOG = "sensors-sample"
FEW, MANY = 20, 200_000
_SAMPLE_BYTES = 52
_BACKLOG_SECONDS = 300.0
_SIMULATION_SECONDS = 120.0


@dataclass(frozen=True)
class Drive:
    """The same simulated samples at each call, sent as fast as the producer can."""

    given: RunSettings
    samples: int
    # Within the log's retention, and long enough ago that simulated time never passes the clock.
    start: str = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%dT%H:%M:%S}"

    def spec(self, cars: int, run: str, journal: bool = False) -> Spec:
        """How to start it for `cars` cars."""
        options = {
            "CARS": str(cars),
            "SECONDS": str(self.samples // cars),
            "SPEED_UP": "inf",
            "START": self.start,
            "JOURNAL": str(self.given.folder.journal / run) if journal else "",
        }
        return parts.producer(self.given, run, options)


def backlog(given: RunSettings, cluster: Cluster, cars: int, samples: int) -> int:
    """Put simulated samples on the log; how many records that makes. Raises TachoError when the producer fails."""
    parts.finish(Drive(given, samples).spec(cars, "backlog"), _BACKLOG_SECONDS)
    return cluster.count(LOG)


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    with Cluster(folder) as cluster:
        given = parts.settings(folder, cluster.servers)
        write_dims(given.folder.dims, MANY)
        drive = Drive(given, profile.producer_samples)
        raw = (str(drive.samples), str(_SAMPLE_BYTES), str(FEW))
        contenders = (
            Contender("tacho, 20 cars", lambda run: drive.spec(FEW, run), "20 cars"),
            Contender("tacho, 20 cars, journal", lambda run: drive.spec(FEW, run, journal=True), "20 cars"),
            Contender("tacho, 200,000 cars", lambda run: drive.spec(MANY, run), "200,000 cars"),
            Contender("raw produce", lambda run: parts.peer("raw_produce", raw, given, run), "raw"),
        )
        course = Course(LOG, (LOG,), drive.samples, drive.samples, most_seconds=600.0)
        runs = compete(cluster, course, contenders, profile.producer_rounds, say)
        simulation = {cars: _simulation(given, cars) for cars in (FEW, MANY)}
    text = (
        f"{drive.samples:,} simulated samples, Avro, idempotent producer, acks=all, a delivery callback for each; the "
        "heartbeats among them, at most three for a thousand, cost as much. "
        f"*raw produce* sends {_SAMPLE_BYTES} constant bytes with the same client settings and callbacks: the limit of "
        "one Python process. With and without journal the same bytes must be on the log; each fleet's log must be the "
        "same in every round."
    )
    tables = (table("Produce", contenders, runs, contenders[0].name), _cost(runs, contenders, simulation))
    return Section("producer", "Producing", text, tables)


def _simulation(given: RunSettings, cars: int) -> float:
    """Processor seconds for each simulated sample, before any of it is encoded."""
    result = given.folder.root / f"simulation-{cars}.json"
    command = (sys.executable, "-m", "benchmarks.simulation", str(given.folder.dims), str(cars), str(result))
    log = given.folder.logs / f"simulation-{cars}.log"
    parts.finish(Spec("simulation", command, log, {"PYTHONPATH": str(REPOSITORY)}), _SIMULATION_SECONDS)
    return float(json.loads(result.read_text(encoding="utf-8"))["cpu_seconds_per_sample"])


def _cost(runs: list[Run], contenders: tuple[Contender, ...], simulation: dict[int, float]) -> Table:
    """Processor time per sample by size of the fleet."""
    few, many = (_seconds_per_sample(runs, contenders[place].name) for place in (0, 2))
    if few is None or many is None:
        return Table("Cost per sample by fleet", ("",), (("not measured",),))
    rows = (
        (f"{FEW}", f"{few * 1e6:.2f}", f"{simulation[FEW] * 1e6:.2f}", "1"),
        (f"{MANY:,}", f"{many * 1e6:.2f}", f"{simulation[MANY] * 1e6:.2f}", f"{many / few:.2f}×"),
    )
    columns = ("cars", "CPU µs", "of it simulation, alone", "against 20 cars")
    return Table("Cost per sample by fleet", columns, rows, raw=simulation)


def _seconds_per_sample(runs: list[Run], name: str) -> float | None:
    rates = sorted(run.per_cpu_second for run in runs if run.contender == name and run.per_cpu_second)
    return 1.0 / rates[len(rates) // 2] if rates else None
