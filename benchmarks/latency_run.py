"""Workload `latency`: from the moment a sample is sent to the moment its alert can be read."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks import parts
from benchmarks.cluster import Cluster
from benchmarks.contest import Say
from benchmarks.latency import Figures, Sent, certain_alerts, figures, sent_samples
from benchmarks.profile import Phase, Profile
from benchmarks.report import Section, Table
from benchmarks.samples import write_dims
from benchmarks.sampling import TreeMeter, tree_rss
from benchmarks.setups import ALONE, EVERYTHING, RELAY, receiver, running
from tacho.errors import TachoError
from tacho.local.process import Process, Spec, ended_message
from tacho.local.settings import RunSettings

MOST_CARS = 5_000
_SETTLE_SECONDS = 3.0
_LOOK_SECONDS = 5.0
"""How long before a phase's end memory and processor time are read."""
_MISTAKES = {"SPEEDING": "0.60", "OVER_REVVING": "0.20", "WRONG_GEAR": "0.16"}
"""Shares of a trip's stages that give some 25 alerts for 100 samples."""
LATENCY_COLUMNS = (
    "set-up", "samples/s", "alerts", "of samples", "p50 ms", "p90 ms", "p99 ms", "max ms", "epoch pauses ms",
    "send lag p99 ms",
)  # fmt: skip
LOAD_COLUMNS = ("set-up", "samples/s", "process", "MB resident", "CPU, % of a core")


@dataclass(frozen=True)
class Load:
    """What one process took during a phase."""

    process: str
    rss: int
    cpu_share: float
    """Processor seconds per second."""


@dataclass(frozen=True)
class Ran:
    """One phase that was run, from the end of its warm-up on."""

    phase: Phase
    from_us: int
    until_us: int
    load: tuple[Load, ...]


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    latencies: list[tuple[str, ...]] = []
    loads: list[tuple[str, ...]] = []
    raw = []
    for name, phases in ((EVERYTHING, profile.everything), (ALONE, profile.alone), (RELAY, profile.relay)):
        for ran, found in _set_up(name, phases, profile.epoch_seconds, folder / name.replace(" ", "-"), say):
            say(f"{name}, {ran.phase.rate}/s: {dict(found.percentiles)}, max {found.longest:.1f} ms")
            latencies.append(_latency_cells(name, ran.phase, found))
            loads += [_load_cells(name, ran.phase, load) for load in ran.load]
            raw.append({"set-up": name, **asdict(ran), **asdict(found)})
    text = (
        "From the microsecond in the producer's journal, taken just before the sample is handed to the Kafka client, "
        "to the microsecond a consumer has the alert, joined on `event_id`; one clock. The producer is an open loop: "
        "each sample has the moment it is due, and *send lag* says how far sending was behind it. *everything up* is "
        "what `make run` starts, window queries and console feed included; *enrich alone* leaves the window queries "
        "out; *raw relay* copies bytes over the same three topics with two confluent-kafka loops, and every sample "
        f"arrives. Epochs last {profile.epoch_seconds} s; samples sent within 2 s before and 3 s after the end of one "
        "are only in *epoch pauses*, the longest latency of each. A percentile is given with ten samples beyond it."
    )
    tables = (
        Table("Sensor to alert", LATENCY_COLUMNS, tuple(latencies), raw),
        Table("What it takes", LOAD_COLUMNS, tuple(loads)),
    )
    return Section("latency", "Latency from sensor to alert", text, tables)


def _set_up(
    name: str, phases: Sequence[Phase], epoch_seconds: int, folder: Path, say: Say
) -> list[tuple[Ran, Figures]]:
    with Cluster(folder) as cluster:
        given = parts.settings(folder, cluster.servers)
        write_dims(given.folder.dims, MOST_CARS)
        spec = receiver(given, cluster)
        receiving = Process(spec)
        try:
            with running(name, given, cluster, epoch_seconds) as pids:
                say(f"{name}: ready")
                rans = [_phase(phase, given, {"broker": cluster.pid, **pids}) for phase in phases]
                time.sleep(_SETTLE_SECONDS)
        finally:
            receiving.stop()
        arrived = _arrivals(folder / "arrivals.csv")
        sent = sent_samples(_journal_lines(given.folder.journal))
        boundaries = [int(path.stat().st_mtime * 1e6) for path in given.folder.checkpoints.glob("enrich/**/commits/*")]
    return [(ran, _figures(name, ran, sent, arrived, sorted(boundaries))) for ran in rans]


def _phase(phase: Phase, given: RunSettings, pids: dict[str, int]) -> Ran:
    """One rate: a car sends once a second, so there are as many cars as samples a second."""
    began = time.monotonic()
    producer = Process(_producer(phase, given))
    try:
        meters = {name: TreeMeter(pid) for name, pid in {**pids, "producer": producer.pid}.items()}
        _until(began + phase.warm_up, producer)
        from_us, before = time.time_ns() // 1000, {name: meter.cpu_seconds() for name, meter in meters.items()}
        since = time.monotonic()
        _until(began + phase.seconds - _LOOK_SECONDS, producer)
        seconds = time.monotonic() - since
        load = tuple(
            Load(name, tree_rss(meter.pid), (meter.cpu_seconds() - before[name]) / seconds)
            for name, meter in meters.items()
        )
        deadline = began + phase.seconds + 60.0
        while producer.exit_code is None and time.monotonic() < deadline:
            time.sleep(0.1)
        if producer.exit_code != 0:
            raise TachoError(ended_message(producer))
        return Ran(phase, from_us, time.time_ns() // 1000, load)
    finally:
        producer.kill()


def _producer(phase: Phase, given: RunSettings) -> Spec:
    return parts.producer(
        replace(given, cars=phase.rate, seconds=float(phase.seconds)), f"producer-{phase.rate}", _MISTAKES
    )


def _until(moment: float, producer: Process) -> None:
    while (left := moment - time.monotonic()) > 0:
        if producer.exit_code is not None:
            raise TachoError(ended_message(producer))
        time.sleep(min(left, 0.5))


def _figures(name: str, ran: Ran, sent: Sequence[Sent], arrived: dict[str, int], boundaries: list[int]) -> Figures:
    counted = [sample for sample in sent if ran.from_us <= sample.sent_us <= ran.until_us]
    due = {sample.event_id for sample in counted} if name == RELAY else certain_alerts(counted)
    return figures(counted, arrived, due, boundaries)


def _arrivals(path: Path) -> dict[str, int]:
    """First arrival by event id."""
    arrived: dict[str, int] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            at, _, event_id = line.rstrip("\n").partition(",")
            arrived.setdefault(event_id, int(at))
    return arrived


def _journal_lines(journal: Path) -> list[str]:
    return [line for path in sorted(journal.glob("journal-*.csv")) for line in path.open(encoding="utf-8")]


def _latency_cells(name: str, phase: Phase, found: Figures) -> tuple[str, ...]:
    head = (name, f"{phase.rate:,}", f"{found.count:,}", f"{found.share:.0%}")
    if found.missing:
        return (*head, f"wrong: {found.missing} alerts are missing", "", "", "", "", "")
    shares = tuple(_milliseconds(value) for value in found.percentiles.values())
    pauses = ", ".join(f"{pause:,.0f}" for pause in found.pauses) or "none met"
    return (*head, *shares, _milliseconds(found.longest), pauses, _milliseconds(found.send_lag))


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _load_cells(name: str, phase: Phase, load: Load) -> tuple[str, ...]:
    return (name, f"{phase.rate:,}", load.process, f"{load.rss / 1e6:,.0f}", f"{load.cpu_share:.1%}")
