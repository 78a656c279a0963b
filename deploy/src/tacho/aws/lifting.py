"""Stages up, in order: plan, price, consent, apply, each step safe to repeat."""

from collections.abc import Mapping, Sequence
from typing import Any

from tacho.aws.cost import CostLine, daily
from tacho.aws.ports import Desk, StateStore, Terraform
from tacho.aws.prices import Prices
from tacho.aws.resources import Changes, changes, from_plan
from tacho.aws.stages import EGRESS, MSK, STATE, Stage, idle_egress, possible_next
from tacho.aws.states import Condition, StageState, States, handed_on, outputs_below, require_below, standing
from tacho.aws.target import Target
from tacho.errors import TachoError, UsageError

_LOG = "aws_msk_cluster."


class Lifting:
    """Brings stages of one deployment up."""

    def __init__(self, terraform: Terraform, store: StateStore, prices: Prices, target: Target, desk: Desk) -> None:
        self._terraform = terraform
        self._store = store
        self._prices = prices
        self._target = target
        self._desk = desk

    def lift(self, stages: Sequence[Stage]) -> None:
        """Bring each up in turn. Raises TachoError at the first that cannot be, with what to do."""
        for stage in stages:
            self._lift_one(stage)
        up = standing(self._store.read_all())
        following = possible_next(up)
        if following:
            self._desk.say(f"can go up next: {', '.join(following)}")
        if idle_egress(up):
            self._desk.say(f"{EGRESS} costs money while nothing uses it: `tacho aws down {EGRESS}` if you stop here")

    def cost(self, stage: Stage) -> tuple[CostLine, ...]:
        """What the stage would cost a day once it is up."""
        plan, _ = self._planned(stage, self._store.read_all())
        return daily(from_plan(plan), self._prices)

    def _lift_one(self, stage: Stage) -> None:
        states = self._store.read_all()
        plan, saved = self._planned(stage, states)
        changed = changes(plan)
        if changed.touches:
            _require_log_stays(stage, changed)
            self._desk.show_plan(stage.name, changed, daily(from_plan(plan), self._prices))
            if not self._desk.agrees(f"Bring {stage.name} up ({changed.summary()})?"):
                raise TachoError(f"{stage.name} was left as it is.")
        elif not changed.outputs and states.get(stage.name, StageState()).condition is Condition.UP:
            self._desk.say(f"{stage.name} is up, nothing to change")
            return
        self._store.begin(stage.name)
        try:
            self._terraform.apply(stage.name, saved)
        finally:
            if stage.name == STATE:
                self._store.keep_first()
        self._store.finish(stage.name)
        self._desk.say(f"{stage.name} is up")

    def _planned(self, stage: Stage, states: States) -> tuple[Mapping[str, Any], Any]:
        require_below(stage, states)
        available = self._own() | outputs_below(stage.name, states)
        saved = self._terraform.plan(stage.name, handed_on(self._terraform.declared(stage.name), available))
        return saved.content, saved

    def _own(self) -> dict[str, Any]:
        """What credentials and options say, over what the environment's files say."""
        return own_variables(self._target)


def own_variables(target: Target) -> dict[str, Any]:
    """What is known without asking any stage, by the names of the stages' variables."""
    return {"region": target.region, "account_id": target.account_id, "partition": target.partition}


def _require_log_stays(stage: Stage, changed: Changes) -> None:
    """An `up` never takes the log away: a replaced cluster is a `down` that was not asked for."""
    lost = [address for address in (*changed.replace, *changed.delete) if _LOG in address]
    if stage.name == MSK and lost:
        raise UsageError(
            f"This change replaces {lost[0]}, and the log goes with it: take {MSK} down first "
            f"(`tacho aws down {MSK} --archive` keeps a copy), or undo the change."
        )
