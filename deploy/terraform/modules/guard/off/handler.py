"""Entry point of the Lambda function. Everything is tried, whatever fails before; then a failure is a failure."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from off.finding import Arn, Finder
from off.report import Report
from off.stopping import Clock, Marker, stop_enricher, stop_services

SERVICES = ("resourcegroupstaggingapi", "ecs", "emr", "emr-serverless", "ec2", "s3", "sns")


@dataclass(frozen=True)
class Settings:
    """From the function's environment."""

    tags: Mapping[str, str]
    marker: Marker
    ecs_cluster: str
    topic_arn: str
    patience_seconds: float


class NightOffError(Exception):
    """Something could not be stopped or looked at; makes the invocation count as failed, for the alarm to see."""


def handle(_event: object, _context: object) -> dict[str, Any]:
    """What AWS calls. Raises NightOffError after everything was tried and the report was sent."""
    # boto3's stubs know a service by its literal name only.
    client: Callable[[Any], Any] = boto3.client
    clients = {service: client(service) for service in SERVICES}
    return run(clients, settings_from(os.environ), Clock(time.monotonic, time.sleep))


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings; a missing one is a KeyError, which names it."""
    return Settings(
        tags={"project": environment["PROJECT"], "environment": environment["ENVIRONMENT"]},
        marker=Marker(environment["BUCKET"], environment["STOP_KEY"]),
        ecs_cluster=environment["ECS_CLUSTER"],
        topic_arn=environment["TOPIC_ARN"],
        patience_seconds=float(environment["PATIENCE_SECONDS"]),
    )


def run(clients: Mapping[str, Any], settings: Settings, clock: Clock) -> dict[str, Any]:
    """Stop, look, report. Raises NightOffError when the report has a problem."""
    report = Report()
    finder = Finder(clients, settings.tags)
    arns: list[Arn] = []
    _try(report, "find what is tagged", lambda: arns.extend(finder.tagged()))
    _try(report, "stop the enricher", lambda: _enricher(clients, settings, finder, arns, clock, report))
    _try(report, "stop the services", lambda: _services(clients, finder, arns, report))
    _try(report, "look for EMR clusters", lambda: _emr(finder, arns, report))
    _try(report, "look for one-off tasks", lambda: _tasks(finder, settings, report))
    _try(report, "look at the network", lambda: _network(finder, arns, report))
    _kafka(arns, report)
    print(report.text())
    clients["sns"].publish(TopicArn=settings.topic_arn, Subject=report.subject, Message=report.text())
    if report.problems:
        raise NightOffError("; ".join(report.problems))
    return {"stopped": report.stopped, "costs": [what for what, _ in report.costs]}


def _try(report: Report, what: str, act: Callable[[], None]) -> None:
    try:
        act()
    except (ClientError, BotoCoreError) as error:
        report.problems.append(f"could not {what}: {error}")


def _enricher(
    clients: Mapping[str, Any], settings: Settings, finder: Finder, arns: list[Arn], clock: Clock, report: Report
) -> None:
    patience = settings.patience_seconds
    asked, left = stop_enricher(clients["s3"], settings.marker, lambda: finder.enricher_jobs(arns), clock, patience)
    report.stopped += [job.name for job in asked if job not in left]
    for job in left:
        report.problems.append(
            f"{job.name} ({job.host}/{job.id}) was asked to stop {patience:.0f} s ago and still runs"
        )


def _services(clients: Mapping[str, Any], finder: Finder, arns: list[Arn], report: Report) -> None:
    report.stopped += stop_services(clients["ecs"], finder.services(arns))


def _emr(finder: Finder, arns: list[Arn], report: Report) -> None:
    report.costs += [(f"EMR cluster {id}", "tacho aws down 30-emr") for id in finder.emr_clusters(arns)]


def _tasks(finder: Finder, settings: Settings, report: Report) -> None:
    for arn in finder.one_off_tasks(settings.ecs_cluster):
        command = f"aws ecs stop-task --cluster {settings.ecs_cluster} --task {arn}"
        report.costs.append((f"one-off task {arn}", command))


def _network(finder: Finder, arns: list[Arn], report: Report) -> None:
    report.costs += [(f"way out {id}", "tacho aws down 15-egress") for id in finder.paid_network(arns)]


def _kafka(arns: list[Arn], report: Report) -> None:
    for name in (arn.path[1] for arn in arns if arn.service == "kafka"):
        report.costs.append((f"MSK cluster {name}, which cannot be paused", "tacho aws down 20-msk"))
