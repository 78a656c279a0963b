"""What the workflows ask of the outside world; the adapters answer it, and the tests with something smaller."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tacho.aws.cost import CostLine
from tacho.aws.resources import Changes
from tacho.aws.spark_job import SparkJob
from tacho.aws.states import States


class Plan(Protocol):
    """A saved Terraform plan: what it does, and the file that does it."""

    @property
    def file(self) -> Path:
        """Where Terraform keeps it."""

    @property
    def content(self) -> Mapping[str, Any]:
        """`terraform show -json` of it."""


class Terraform(Protocol):
    """Terraform for one deployment."""

    def declared(self, stage: str) -> frozenset[str]:
        """Names of the stage's variables."""

    def plan(self, stage: str, variables: Mapping[str, Any], destroy: bool = False) -> Plan:
        """Initialise the stage and save a plan of it."""

    def apply(self, stage: str, plan: Any) -> None:
        """Do what the plan says."""


class StateStore(Protocol):
    """The states of all stages, as Terraform left them."""

    def read_all(self) -> States:
        """Every stage that has a state."""

    def begin(self, stage: str) -> None:
        """Note that a change of the stage begins."""

    def finish(self, stage: str) -> None:
        """Note that it ended well."""

    def keep_first(self) -> None:
        """Copy the state of 00-state where others find it."""


class Desk(Protocol):
    """The operator: is shown what will happen, and asked."""

    def say(self, text: str) -> None:
        """One line."""

    def show_plan(self, stage: str, changed: Changes, lines: Sequence[CostLine]) -> None:
        """What a plan changes, and what the stage costs a day afterwards."""

    def agrees(self, question: str) -> bool:
        """Yes or no; an operator who said --yes agrees to everything."""


class Objects(Protocol):
    """A bucket's objects by key."""

    def keys(self, prefix: str) -> Sequence[str]:
        """All keys below, sorted."""

    def read(self, key: str) -> bytes | None:
        """An object's content; None when there is none."""

    def write(self, key: str, content: bytes) -> None:
        """Put an object in place of what is there."""

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens when there is none."""


class Jobs(Protocol):
    """Spark jobs on either kind of EMR. Names are the words they were submitted with."""

    def submit(self, job: SparkJob) -> str:
        """Start a job; its id."""

    def alive(self) -> Mapping[str, str]:
        """Ids of the jobs of ours that wait or run, by name."""

    def state(self, job: str) -> str:
        """EMR's own word for it."""

    def outcome(self, job: str) -> str | None:
        """None while it waits or runs, "" when it ended well, else why not."""

    def cancel(self, job: str) -> None:
        """End it now, in the middle of its batch."""
