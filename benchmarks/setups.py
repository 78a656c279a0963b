"""What lies between sensors-sample and the receiver in the latency workload: the pipeline, part of it, or a relay."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from benchmarks import parts
from benchmarks.cluster import REPOSITORY, Cluster
from tacho.console.feed import Feed
from tacho.errors import TachoError
from tacho.local import stages
from tacho.local.process import Process, Spec
from tacho.local.settings import RunSettings

_READY_SECONDS = 120.0
_RELAY_GROUP_SECONDS = 5.0
EVERYTHING, ALONE, RELAY = "everything up", "enrich alone", "raw relay"
_AWAITED = {
    EVERYTHING: ("enricher/enrich", "alerter/alerter", "enricher/windows", "enricher/alert-windows"),
    ALONE: ("enricher/enrich", "alerter/alerter"),
}


def specs(name: str, given: RunSettings, epoch_seconds: int) -> tuple[Spec, ...]:
    """The processes of a set-up."""
    if name == RELAY:
        hops = (("sensors-sample", "samples-enriched"), ("samples-enriched", "alert-data"))
        return tuple(parts.peer("relay", (*hop, f"relay-{hop[0]}"), given, f"relay-{hop[0]}") for hop in hops)
    enrichers = stages.enrichers(given)
    chosen = (stages.alerter(given), *(enrichers if name == EVERYTHING else enrichers[:1]))
    return tuple(_with(spec, {"TACHO_ENRICHER_EPOCH_SECONDS": str(epoch_seconds)}) for spec in chosen)


@contextmanager
def running(name: str, given: RunSettings, cluster: Cluster, epoch_seconds: int) -> Iterator[dict[str, int]]:
    """Start a set-up and wait until all of it is ready; process ids by name. Stops it, the last started first."""
    with ExitStack() as stack:
        feed = stack.enter_context(Feed(cluster.servers)) if name == EVERYTHING else None
        if name in _AWAITED:
            parts.publish_rules(given)
        processes = {}
        for spec in specs(name, given, epoch_seconds):
            processes[spec.name] = Process(spec)
            stack.callback(processes[spec.name].stop)
        if name in _AWAITED:
            with ExitStack() as listening:
                _await(feed or listening.enter_context(Feed(cluster.servers)), _AWAITED[name], processes)
        else:
            time.sleep(_RELAY_GROUP_SECONDS)
        yield {name: process.pid for name, process in processes.items()}


def receiver(given: RunSettings, cluster: Cluster) -> Spec:
    """The process that notes arrivals in `arrivals.csv`."""
    path = str(given.folder.root / "arrivals.csv")
    command = (sys.executable, "-m", "benchmarks.receiver", cluster.servers, "alert-data", path)
    return Spec("receiver", command, given.folder.logs / "receiver.log", {"PYTHONPATH": str(REPOSITORY)})


def _await(feed: Feed, instances: tuple[str, ...], processes: Mapping[str, Process]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not all(feed.ready(instance) for instance in instances):
        dead = [process for process in processes.values() if process.exit_code is not None]
        if dead or time.monotonic() > deadline:
            waiting = [instance for instance in instances if not feed.ready(instance)]
            tail = dead[0].log_tail() if dead else ""
            raise TachoError(f"not ready: {', '.join(waiting)}. {tail}")
        time.sleep(0.1)


def _with(spec: Spec, changes: Mapping[str, str]) -> Spec:
    return replace(spec, env={**spec.env, **changes})
