"""What a release asks of, on paper: a deployment's outputs, and registry, builder, ECS and enricher in one."""

import json
from typing import Any

from tacho.aws.adapters.services import Running
from tacho.aws.enricher import Release
from tacho.aws.spark_job import SparkJob
from tacho.errors import UsageError

REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/alerter"
DIGEST = f"sha256:{'0' * 64}"


class PaperBucket:
    """A bucket with one checkpoint, which is of whatever cluster the release says."""

    name = "tacho-dev-data"
    checkpoints = ("checkpoints/enrich/abc/e0/metadata",)

    def keys(self, prefix: str) -> list[str]:
        return [key for key in self.checkpoints if key.startswith(prefix)]


class PaperDeployment:
    """Outputs by name."""

    def __init__(self) -> None:
        text = json.dumps({"family": "f", "containerDefinitions": [{"name": "alerter", "image": "unreleased"}]})
        one_off = json.dumps({"family": "t", "containerDefinitions": [{"name": "tacho", "image": "unreleased"}]})
        self.outputs = {
            "task_definitions": {"alerter": text, "tacho": one_off},
            "service_names": {"alerter": "tacho-dev-alerter"},
            "repository_urls": {"alerter": REPOSITORY},
            "ecs_cluster_name": "tacho-dev",
            "cluster_uuid": "uuid",
        }
        self.bucket = PaperBucket()

    def output(self, name: str, stage: str) -> Any:
        return self.outputs[name]

    def client(self, service: str) -> str:
        return service


class Paper:
    """Registry, builder, ECS and enricher in one, writing down what is asked of them."""

    pushed: set[str]

    def __init__(self) -> None:
        self.pushed = set()
        self.log: list[str] = []
        self.started: list[Release] = []
        self.before: Release | None = None
        self.job: str | None = None
        self.stopping = False
        self.state = "shape"
        self.trigger = "realtime"
        self.service = Running("tacho-dev-alerter", "arn/f:6", 1, 1, "COMPLETED", "")

    def digest(self, repository: str, tag: str) -> str | None:
        return DIGEST if f"{repository}:{tag}" in self.pushed else None

    def pinned(self, reference: str) -> str:
        if reference not in self.pushed:
            raise UsageError(f"There is no image {reference}")
        return f"{reference.rpartition(':')[0]}@{DIGEST}"

    def login(self) -> tuple[str, str]:
        return "AWS", "secret"

    def build(self, dockerfile: str, tag: str, architecture: str, version: str, revision: str) -> None:
        self.log.append(f"build {dockerfile} {architecture}")

    def push(self, tag: str, user: str, password: str) -> None:
        self.log.append("push")
        self.pushed.add(tag)

    def registered(self, definition: dict[str, Any]) -> str:
        self.log.append(f"register {definition['containerDefinitions'][0]['image']}")
        return f"arn/{definition['family']}:7"

    def release(self, service: str, definition: str, report: Any, restart: bool = False) -> bool:
        self.log.append(f"{'restart' if restart else 'roll out'} {service} {definition}")
        return restart or not self.service.runs(definition)

    def released(self) -> Release | None:
        return self.before

    def running(self) -> str | None:
        return self.job

    def await_start(self, job: str) -> None:
        self.log.append(f"await {job}")

    def told_to_stop(self) -> bool:
        return self.stopping

    def stop(self) -> bool:
        self.log.append("stop")
        return True

    def start(self, job: SparkJob, release: Release) -> str:
        self.log.append(f"start {release.version} e{release.epoch}")
        self.started.append(release)
        return "s-1"


def deployment() -> Any:
    """A deployment with an alerter and the operator's task."""
    return PaperDeployment()
