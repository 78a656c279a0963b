"""Workload `alerter-restore`: a worker of a large fleet is stopped, and another one goes on from the saved state."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import linear_regression
from typing import Any

from benchmarks import parts
from benchmarks.alerting import ALERTS, EPISODES, INPUT, STATE, backlog
from benchmarks.cluster import Cluster, Volume
from benchmarks.contest import Say
from benchmarks.drives import enriched, eventful_drive, sample
from benchmarks.profile import Profile
from benchmarks.report import Section, Table
from benchmarks.samples import send_enriched
from benchmarks.sampling import tree_rss
from tacho.errors import TachoError
from tacho.local.process import Process, Spec, wait_ready
from tacho.local.settings import RunSettings

_ALERTS = "alert-data"
_LINES = 200
_SAVED_SECONDS = 300.0
_RESTORED_SECONDS = 120.0
_STOP_SECONDS = 20.0
_SETTLE_SECONDS = 5.0
"""So long after everything is done memory is read."""
COLUMNS = (
    "cars", "state records", "MB of state", "read in s", "start to restored s", "restored to first alert ms",
    "MB resident, judged", "MB resident, restored",
)  # fmt: skip


@dataclass(frozen=True)
class Restored:
    """One fleet's state taken over by a new worker."""

    cars: int
    state: Volume
    """What was on the state's topic to be read."""
    read_seconds: float
    """From the assignment to the end of reading, as the worker's log has it."""
    start_seconds: float
    """From the start of the process to the state restored."""
    first_alert_seconds: float
    """From there until the first alert of a sample sent meanwhile was on its topic."""
    judged_rss: int
    """Bytes resident in the worker that had judged the backlog."""
    restored_rss: int
    """The same of the one that went on from its state."""


def measure(profile: Profile, folder: Path, say: Say) -> Section:
    """Run it in `folder`."""
    found = []
    with Cluster(folder) as cluster:
        given = parts.settings(folder, cluster.servers)
        parts.publish_rules(given)
        for cars in profile.restore_cars:
            found.append(_fleet(cluster, given, cars, profile.restore_samples // cars))
            say(f"{cars:,} cars: {found[-1]}")
    text = (
        f"A worker judges {profile.restore_samples:,} samples of a fleet, whatever its size, by all shipped rules, "
        "saves the state to the end of the log and is stopped with SIGTERM; a sample that breaks a rule is sent, and "
        "a new worker is started. *read in* is its own figure, from the assignment of its partitions to the state of "
        "all of them; *start* is that of the process, interpreter and joining the group included. Memory is resident "
        f"bytes of the process, {_SETTLE_SECONDS:.0f} s after everything was done, of the worker that judged and of "
        "the one that restored; bytes a car are their slope over the fleets."
    )
    tables = (
        Table("Restoring", COLUMNS, tuple(_cells(one) for one in found), raw=[asdict(one) for one in found]),
        _memory(found),
    )
    return Section("alerter-restore", "Going on from the saved state", text, tables)


def _fleet(cluster: Cluster, given: RunSettings, cars: int, seconds: int) -> Restored:
    drive, run = eventful_drive(), f"restore-{cars}"
    cluster.recreate((*ALERTS, EPISODES, STATE))
    backlog(cluster, enriched(drive, cars, seconds), cars * seconds)
    spec = parts.alerter(given, run)
    judged_rss = _judge(cluster, spec, run, cars * seconds)
    state = cluster.volume(STATE)
    send_enriched(cluster.servers, [sample(0, cars, seconds, speed=130.0, rpm=3250, gear=4)])
    return _restore(cluster, spec, cars, state, judged_rss)


def _judge(cluster: Cluster, spec: Spec, group: str, samples: int) -> int:
    """Let a worker judge the backlog and save its state; how many bytes were resident. Raises TachoError."""
    process = Process(spec)
    try:
        # An offset is committed when the state that covers it is saved.
        wait_ready(process, lambda: cluster.committed(group, INPUT) == samples, _SAVED_SECONDS)
        time.sleep(_SETTLE_SECONDS)
        return tree_rss(process.pid)
    finally:
        process.stop(_STOP_SECONDS)


def _restore(cluster: Cluster, spec: Spec, cars: int, state: Volume, judged_rss: int) -> Restored:
    """Let another worker go on. Raises TachoError when it does not, or from less than the whole fleet."""
    alerts_before, began = cluster.count(_ALERTS), time.time()
    process = Process(spec)
    try:
        wait_ready(process, lambda: cluster.count(_ALERTS) > alerts_before, _RESTORED_SECONDS)
        alerted = time.time()
        restored_at, line = restored_line(process.log_tail(_LINES))
        if line["cars"] != cars:
            raise TachoError(f"the state of {line['cars']} cars was restored and not of {cars}")
        time.sleep(_SETTLE_SECONDS)
        return Restored(
            cars,
            state,
            read_seconds=line["seconds"],
            start_seconds=restored_at - began,
            first_alert_seconds=alerted - restored_at,
            judged_rss=judged_rss,
            restored_rss=tree_rss(process.pid),
        )
    finally:
        process.stop(_STOP_SECONDS)


def restored_line(log: str) -> tuple[float, dict[str, Any]]:
    """When a worker had its state, in seconds since the epoch, and what it said of it. Raises TachoError."""
    for text in log.splitlines():
        line = json.loads(text) if text.startswith("{") else {}
        if line.get("event") == "state restored" and line["cars"]:
            return datetime.fromisoformat(line["timestamp"]).timestamp(), line
    raise TachoError(f"no state was restored:\n{log}")


def bytes_a_car(fleets: Sequence[tuple[int, int]]) -> float:
    """The slope through (cars, resident bytes) of at least two fleets of different sizes."""
    return linear_regression(*zip(*fleets, strict=True)).slope


def _cells(found: Restored) -> tuple[str, ...]:
    return (
        f"{found.cars:,}",
        f"{found.state.records:,}",
        f"{found.state.bytes / 1e6:,.1f}",
        f"{found.read_seconds:.1f}",
        f"{found.start_seconds:.1f}",
        f"{found.first_alert_seconds * 1e3:,.0f}",
        f"{found.judged_rss / 1e6:,.0f}",
        f"{found.restored_rss / 1e6:,.0f}",
    )


def _memory(found: Sequence[Restored]) -> Table:
    slopes = {
        "judged": bytes_a_car([(one.cars, one.judged_rss) for one in found]),
        "restored": bytes_a_car([(one.cars, one.restored_rss) for one in found]),
    }
    rows = tuple((name, f"{slope:,.0f}") for name, slope in slopes.items())
    return Table("Memory by car", ("worker that has", "bytes a car"), rows, raw=slopes)
