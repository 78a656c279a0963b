"""What a release does in which order, with the registry, the builder, ECS and EMR on paper."""

import json
from typing import Any

import pytest

from tacho.aws.commands import release as command
from tacho.aws.enricher import Release
from tacho.aws.spark_job import SparkJob
from tacho.errors import UsageError

REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/alerter"
DIGEST = f"sha256:{'0' * 64}"


class PaperDeployment:
    """Outputs by name."""

    def __init__(self) -> None:
        text = json.dumps({"family": "f", "containerDefinitions": [{"name": "alerter"}]})
        one_off = json.dumps({"family": "t", "containerDefinitions": [{"name": "tacho"}]})
        self.outputs = {
            "task_definitions": {"alerter": text, "tacho": one_off},
            "service_names": {"alerter": "tacho-dev-alerter"},
            "repository_urls": {"alerter": REPOSITORY},
            "ecs_cluster_name": "tacho-dev",
        }

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
        self.before: Release | None = None
        self.job: str | None = None

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

    def release(self, service: str, definition: str, report: Any) -> None:
        self.log.append(f"roll out {service} {definition}")

    def released(self) -> Release | None:
        return self.before

    def running(self) -> str | None:
        return self.job

    def stop(self) -> bool:
        self.log.append("stop")
        return True

    def start(self, job: SparkJob, release: Release) -> str:
        self.log.append(f"start {release.version} e{release.epoch}")
        return "s-1"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Paper:
    paper = Paper()
    monkeypatch.setattr(command, "Registry", lambda client: paper)
    monkeypatch.setattr(command, "ImageBuilder", lambda root: paper)
    monkeypatch.setattr(command, "Services", lambda client, cluster: paper)
    monkeypatch.setattr(command, "version_here", lambda: "0.1.0-abc")
    monkeypatch.setattr(command, "enricher_of", lambda deployment, say: paper)
    monkeypatch.setattr(command, "uploaded", lambda *_: paper.log.append("upload"))
    monkeypatch.setattr(command, "spark_job", lambda *_, **__: SparkJob("enricher", "s3://b"))
    return paper


def deployment() -> Any:
    return PaperDeployment()


def test_a_service_is_built_pushed_and_rolled_out_by_digest(world: Paper, operator: Any) -> None:
    command.release_service(deployment(), "alerter", None, operator)
    assert world.log == [
        "build services/alerter/Dockerfile X86_64",
        "push",
        f"register {REPOSITORY}@{DIGEST}",
        "roll out tacho-dev-alerter arn/f:7",
    ]


def test_what_was_pushed_before_is_not_built_again(world: Paper, operator: Any) -> None:
    world.pushed.add(f"{REPOSITORY}:0.1.0-abc")
    command.release_service(deployment(), "alerter", None, operator)
    assert world.log[0].startswith("register")


def test_an_image_that_is_not_there_changes_nothing(world: Paper, operator: Any) -> None:
    with pytest.raises(UsageError, match="There is no image"):
        command.release_service(deployment(), "alerter", f"{REPOSITORY}:9", operator)
    assert not world.log


def test_the_operators_image_has_no_service_to_roll_out(world: Paper, operator: Any) -> None:
    world.pushed.add(f"{REPOSITORY}:9")
    command.release_service(deployment(), "tacho", f"{REPOSITORY}:9", operator)
    assert world.log == [f"register {REPOSITORY}@{DIGEST}"]


def test_an_unknown_service_names_the_known_ones(world: Paper, operator: Any) -> None:
    with pytest.raises(UsageError, match="no service 'web': choose one of enricher, alerter, tacho"):
        command.release_service(deployment(), "web", None, operator)


def test_the_enricher_is_uploaded_stopped_and_started_with_the_state_it_had(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e2"]


def test_another_state_is_begun_only_by_its_number(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, 3, operator)
    assert world.log[-1] == "start 0.1.0-abc e3"
    with pytest.raises(UsageError, match="The state is at epoch 2"):
        command.release_enricher(deployment(), None, 1, operator)


def test_an_enricher_that_runs_as_asked_is_left_alone(world: Paper, operator: Any) -> None:
    world.before, world.job = Release("0.1.0-abc", 0), "s-1"
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload"]
