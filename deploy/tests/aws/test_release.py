"""What a release does in which order, with the registry, the builder, ECS and EMR on paper."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tacho.aws.adapters.services import Running
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

    def release(self, service: str, definition: str, report: Any, restart: bool = False) -> None:
        self.log.append(f"{'restart' if restart else 'roll out'} {service} {definition}")

    def released(self) -> Release | None:
        return self.before

    def running(self) -> str | None:
        return self.job

    def await_start(self, job: str) -> None:
        self.log.append(f"await {job}")

    def look(self, service: str) -> Running:
        return self.service

    def told_to_stop(self) -> bool:
        return self.stopping

    def stop(self) -> bool:
        self.log.append("stop")
        return True

    def start(self, job: SparkJob, release: Release) -> str:
        self.log.append(f"start {release.version} e{release.epoch}")
        self.started.append(release)
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
    monkeypatch.setattr(command, "state_of", lambda *_: paper.state)
    monkeypatch.setattr(
        command,
        "spark_job",
        lambda *_, **__: SparkJob("enricher", "s3://b", environment={"TACHO_ENRICHER_TRIGGER": paper.trigger}),
    )
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


def released_once(world: Paper, operator: Any) -> None:
    """The enricher runs what the tree holds, by a release of its own."""
    command.release_enricher(deployment(), None, None, operator)
    world.before, world.job = world.started[-1], "s-1"
    world.log.clear()
    operator.said.clear()


def test_an_enricher_that_runs_as_asked_is_left_alone_and_the_way_to_restart_it_is_told(
    world: Paper, operator: Any
) -> None:
    released_once(world, operator)
    command.release_enricher(deployment(), None, None, operator)
    # A release that was cut off goes on waiting for the job it had submitted.
    assert world.log == ["upload", "await s-1"]
    assert operator.said == [
        "enricher 0.1.0-abc runs already as s-1 (state e0): nothing was changed; --restart stops it after its batch "
        "and starts it again with the same checkpoint"
    ]


def test_a_restart_stops_it_and_goes_on_with_the_same_checkpoint(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    command.release_enricher(deployment(), None, None, operator, restart=True)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_an_enricher_that_was_told_to_stop_is_started_again(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.stopping = True
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_other_settings_are_another_release_of_the_same_version(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.trigger = "micro"
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e0"]


def test_another_shape_of_the_state_begins_new_state_and_says_so(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.state = "other shape"
    command.release_enricher(deployment(), None, None, operator)
    assert world.log == ["upload", "stop", "start 0.1.0-abc e1"]
    assert any(
        "the shape of its state is another: state e1 begins with the log's start" in said for said in operator.said
    )


def test_another_shape_never_goes_on_with_the_old_state(world: Paper, operator: Any) -> None:
    released_once(world, operator)
    world.state = "other shape"
    with pytest.raises(UsageError, match="the shape of its state is another: give --state-epoch 1 or none"):
        command.release_enricher(deployment(), None, 0, operator)
    assert world.log == ["upload"]


def test_what_was_released_before_shapes_were_told_goes_on_with_its_state(world: Paper, operator: Any) -> None:
    world.before = Release("0.0.9", 2)
    command.release_enricher(deployment(), None, None, operator)
    assert world.log[-1] == "start 0.1.0-abc e2"


def test_a_service_that_runs_as_asked_is_left_alone_and_the_way_to_restart_it_is_told(
    world: Paper, operator: Any
) -> None:
    world.service = replace(world.service, definition="arn/f:7")
    command.release_service(deployment(), "alerter", None, operator)
    assert operator.said[-1] == "alerter runs f:7 already: nothing was changed; --restart replaces its tasks"
    command.release_service(deployment(), "alerter", None, operator, restart=True)
    assert world.log[-1] == "restart tacho-dev-alerter arn/f:7"
    assert operator.said[-1] == "alerter runs f:7"
