"""An outside world for `tacho aws` that answers at once: a clock, an operator, Terraform and states on paper."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from deploy.tests.aws.paper_release import Paper
from deploy.tests.aws.typed import account, call
from tacho.aws.commands import release as command
from tacho.aws.cost import CostLine
from tacho.aws.resources import Changes, Resource
from tacho.aws.spark_job import SparkJob
from tacho.aws.states import StageState, States
from tacho.aws.target import Target
from tacho.aws.waiting import Clock

__all__ = ["account", "call"]

TARGET = Target("tacho", "dev", "eu-central-1", "123456789012", disposable=True)


class NoTime(Clock):
    """Waiting is counted, not done."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Operator:
    """Says yes, or no, and remembers what was said."""

    yes: bool = True
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shown: list[tuple[str, Changes, Sequence[CostLine]]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def show_plan(self, stage: str, changed: Changes, lines: Sequence[CostLine]) -> None:
        self.shown.append((stage, changed, lines))

    def agrees(self, question: str) -> bool:
        self.asked.append(question)
        return self.yes


@dataclass(frozen=True)
class PaperPlan:
    stage: str
    destroy: bool
    content: Mapping[str, Any]
    file: Path = Path("plan")


class PaperCloud:
    """Stages as Terraform and the state bucket see them, each with one resource. One may fail half-way."""

    def __init__(self, up: Sequence[str] = (), declared: Mapping[str, frozenset[str]] | None = None) -> None:
        self.states: dict[str, StageState] = {name: whole(name) for name in up}
        self.declared_by_stage = declared or {}
        self.log: list[str] = []
        self.handed: dict[str, Mapping[str, Any]] = {}
        self.fails_at: str | None = None
        self.replaces: str | None = None

    def declared(self, stage: str) -> frozenset[str]:
        return self.declared_by_stage.get(stage, frozenset())

    def plan(self, stage: str, variables: Mapping[str, Any], destroy: bool = False) -> PaperPlan:
        self.handed[stage] = variables
        there = self.states.get(stage, StageState())
        actions = ["delete"] if destroy else ["no-op"] if there.resources and not there.unfinished else ["create"]
        address = f"thing.{stage}"
        if self.replaces:
            actions, address = ["delete", "create"], self.replaces
        return PaperPlan(stage, destroy, {"resource_changes": [{"address": address, "change": {"actions": actions}}]})

    def apply(self, stage: str, plan: PaperPlan) -> None:
        if self.fails_at == stage:
            self.states[stage] = StageState(whole(stage).resources, {}, unfinished=True)
            raise RuntimeError("cut off")
        self.log.append(f"{'down' if plan.destroy else 'up'} {stage}")
        if plan.destroy:
            del self.states[stage]
        else:
            self.states[stage] = whole(stage)

    def read_all(self) -> States:
        return dict(self.states)

    def begin(self, stage: str) -> None:
        self.log.append(f"begin {stage}")

    def finish(self, stage: str) -> None:
        self.log.append(f"finish {stage}")

    def keep_first(self) -> None:
        self.log.append("keep 00-state")


def whole(name: str) -> StageState:
    """A stage that is up, with one resource and one output named after it."""
    return StageState((Resource(f"thing.{name}", "thing", {"id": f"id-{name}"}),), {f"of_{name[:2]}": name})


@pytest.fixture
def clock() -> NoTime:
    """A clock that takes no time."""
    return NoTime()


@pytest.fixture
def operator() -> Operator:
    """An operator who agrees."""
    return Operator()


@pytest.fixture
def target() -> Target:
    """A disposable deployment."""
    return TARGET


@pytest.fixture
def paper() -> type[PaperCloud]:
    """Makes a cloud on paper with some stages up."""
    return PaperCloud


@contextmanager
def _told(service: str) -> Iterator[tuple[Any, Stubber]]:
    """A service that answers what a test tells it, and was asked all of it."""
    made = _client(service)
    with Stubber(made) as stub:
        yield made, stub
        stub.assert_no_pending_responses()


def _client(service: str) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client(service, region_name="eu-central-1", **keys)  # type: ignore[call-overload]


@pytest.fixture
def ecs() -> Iterator[tuple[Any, Stubber]]:
    """ECS that answers what a test tells it, and was asked all of it."""
    with _told("ecs") as told:
        yield told


@pytest.fixture
def logs() -> Iterator[tuple[Any, Stubber]]:
    """CloudWatch Logs likewise."""
    with _told("logs") as told:
        yield told


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Paper:
    """The release command with everything it asks on paper."""
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
