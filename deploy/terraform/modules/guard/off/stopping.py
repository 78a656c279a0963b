"""The two things the switch does: ask the enricher to end, and set services to zero. Both may be done twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from off.finding import Job, Service

POLL_SECONDS = 10.0


@dataclass(frozen=True)
class Marker:
    """The object whose presence asks the enricher to finish its batch and end; a start refuses while it is there."""

    bucket: str
    key: str


@dataclass(frozen=True)
class Clock:
    """Time, which tests replace: `now` in seconds, and a wait for some."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


def stop_enricher(
    s3: Any, marker: Marker, running: Callable[[], list[Job]], clock: Clock, patience: float
) -> tuple[list[Job], list[Job]]:
    """Put the marker if the enricher runs and wait until it ends: jobs that were asked, and those of them left.

    `patience` in seconds. Without an enricher nothing is put, for the next start would refuse it.
    """
    asked = running()
    if not asked:
        return [], []
    s3.put_object(Bucket=marker.bucket, Key=marker.key, Body=b"the nightly off switch\n")
    deadline = clock.now() + patience
    left = asked
    while left and clock.now() < deadline:
        clock.sleep(POLL_SECONDS)
        left = running()
    return asked, left


def stop_services(ecs: Any, services: Iterable[Service]) -> list[str]:
    """Set every service to no task; the names of those that had any."""
    stopped: list[str] = []
    for cluster, members in groupby(sorted(services, key=lambda it: (it.cluster, it.name)), key=lambda it: it.cluster):
        names = [service.name for service in members]
        for start in range(0, len(names), 10):
            answer = ecs.describe_services(cluster=cluster, services=names[start : start + 10])
            wanted = {it["serviceName"] for it in answer["services"] if it["status"] == "ACTIVE" and it["desiredCount"]}
            for name in sorted(wanted):
                ecs.update_service(cluster=cluster, service=name, desiredCount=0)
                stopped.append(name)
    return stopped
