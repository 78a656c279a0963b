"""What is known of each stage from its state: whether it is up, half up, and what it hands to later stages. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tacho.aws.resources import Resource, from_state
from tacho.aws.stages import NAMES, STAGES, Stage, missing_below
from tacho.errors import TachoError, UsageError

_VARIABLE = re.compile(r'^variable\s+"(\w+)"', re.M)


class Condition(StrEnum):
    """How a stage stands."""

    DOWN = "down"
    HALF = "half"
    UP = "up"


@dataclass(frozen=True)
class StageState:
    """One stage. `unfinished`: an up or down of it began and did not end."""

    resources: tuple[Resource, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    unfinished: bool = False

    @property
    def condition(self) -> Condition:
        """Down without resources; half while something was begun and not finished."""
        if not self.resources:
            return Condition.DOWN
        return Condition.HALF if self.unfinished else Condition.UP


States = Mapping[str, StageState]


def stage_state(text: str | None, progress: str | None = None) -> StageState:
    """From the text of a state file (None when there is none) and of its progress note."""
    if text is None:
        return StageState()
    state = json.loads(text)
    outputs = {name: output["value"] for name, output in state.get("outputs", {}).items()}
    begun = progress is not None and json.loads(progress).get("finished") is not True
    return StageState(from_state(state), outputs, begun)


def standing(states: States) -> frozenset[str]:
    """The stages of which anything is there."""
    return frozenset(name for name in NAMES if name in states and states[name].condition is not Condition.DOWN)


def require_below(stage: Stage, states: States) -> None:
    """Raise UsageError unless every stage this one needs is up, and whole."""
    missing = missing_below(stage, standing(states))
    if missing:
        raise UsageError(f"{stage.name} stands on {', '.join(missing)}: first `tacho aws up {missing[0]}`.")
    for name in stage.needs:
        if states[name].condition is Condition.HALF:
            raise UsageError(
                f"{name} is only half there: `tacho aws up {name}` finishes it, then {stage.name} can go up."
            )


def outputs_below(name: str, states: States) -> dict[str, Any]:
    """Everything the stages before this one hand on, the latest word of each name."""
    handed: dict[str, Any] = {}
    for stage in STAGES[: NAMES.index(name)]:
        if stage.name in states:
            handed |= states[stage.name].outputs
    return handed


def all_outputs(states: States) -> dict[str, Any]:
    """Everything any stage hands on."""
    return {name: value for stage in NAMES if stage in states for name, value in states[stage].outputs.items()}


def declared_variables(sources: Mapping[str, str]) -> frozenset[str]:
    """Names of the variables that a stage's .tf files (text by file name) declare."""
    return frozenset(name for text in sources.values() for name in _VARIABLE.findall(text))


def handed_on(declared: frozenset[str], available: Mapping[str, Any]) -> dict[str, Any]:
    """The values whose names the stage declares, in a fixed order."""
    return {name: available[name] for name in sorted(declared & available.keys()) if available[name] is not None}


def output(states: States, name: str, stage: str) -> Any:
    """One output of a stage. Raises TachoError with the way to get it when it is not there."""
    value = states[stage].outputs.get(name) if stage in states else None
    if value is None:
        if stage in states and states[stage].condition is Condition.UP:
            raise TachoError(f"{stage} is up but hands on no {name}: run `tacho aws up {stage}` with this release.")
        raise TachoError(f"{stage} is not up: `tacho aws up {stage}` first.")
    return value
