"""Stages down, last first: what stands on them goes before, and the log never goes unsaid."""

from collections.abc import Callable, Sequence

from tacho.aws.lifting import own_variables
from tacho.aws.ports import Desk, StateStore, Terraform
from tacho.aws.resources import changes
from tacho.aws.stages import EGRESS, MSK, SERVICES, STAGES, Stage, idle_egress, standing_on, to_lower
from tacho.aws.states import States, handed_on, outputs_below, standing
from tacho.aws.target import Target
from tacho.errors import TachoError, UsageError

LOG = "sensors-sample"


class LogCopies:
    """What `down` asks about the log: is there a copy, make one, and forget the places in it once it is gone.

    `forget` removes the enricher's checkpoints and counts their files: it would refuse to start beside another
    cluster's.
    """

    def __init__(
        self,
        find: Callable[[States], str | None],
        make: Callable[[States], str],
        forget: Callable[[States], int],
    ) -> None:
        self.find = find
        self.make = make
        self.forget = forget


class Lowering:
    """Takes stages of one deployment down."""

    def __init__(self, terraform: Terraform, store: StateStore, target: Target, desk: Desk, copies: LogCopies) -> None:
        self._terraform = terraform
        self._store = store
        self._target = target
        self._desk = desk
        self._copies = copies

    def lower(self, text: str, archive: bool) -> None:
        """Take a stage, or all, down. Raises UsageError while others stand on it, with the order that works."""
        states = self._store.read_all()
        stages = to_lower(text, standing(states))
        if archive:
            self._archive(stages, states)
        for stage in stages:
            self._lower_one(stage, self._store.read_all())
        self._say_what_stays(text)

    def _archive(self, stages: Sequence[Stage], states: States) -> None:
        if MSK not in {stage.name for stage in stages}:
            raise UsageError(f"--archive copies the log of {MSK}: it goes with `down {MSK}` or `down all`.")
        if MSK not in standing(states):
            return
        there = self._copies.find(states)
        if SERVICES in standing(states):
            self._desk.say(f"{LOG} is kept at {self._copies.make(states)}")
        elif there is None:
            raise UsageError(
                f"The log is copied by a task of {SERVICES}, which is not up: `tacho aws up {SERVICES}`, then "
                f"`tacho aws down {MSK} --archive` again."
            )

    def _lower_one(self, stage: Stage, states: States) -> None:
        if stage.name not in standing(states):
            self._desk.say(f"{stage.name} is down")
            self._forget(stage, states)
            return
        _require_alone(stage, states, self._copies.find(states) if stage.name == MSK else None)
        if stage.keeps and not self._target.disposable:
            raise UsageError(
                f"{stage.name} holds data and env/{self._target.environment}.tfvars does not say disposable = true: "
                f"set it, `tacho aws up {stage.name}`, then take it down."
            )
        available = own_variables(self._target) | outputs_below(stage.name, states)
        variables = handed_on(self._terraform.declared(stage.name), available)
        plan = self._terraform.plan(stage.name, variables, destroy=True)
        self._desk.show_plan(stage.name, changes(plan.content), ())
        if not self._desk.agrees(self._question(stage, states)):
            raise TachoError(f"{stage.name} was left as it is.")
        self._store.begin(stage.name)
        self._terraform.apply(stage.name, plan)
        self._store.finish(stage.name)
        self._desk.say(f"{stage.name} is down")
        self._forget(stage, states)

    def _forget(self, stage: Stage, states: States) -> None:
        # Last, and again where it was cut off: while there is a log, its places are worth keeping.
        if stage.name == MSK and (files := self._copies.forget(states)):
            self._desk.say(f"{files} files of the enricher's checkpoints went with the log")

    def _question(self, stage: Stage, states: States) -> str:
        if stage.name != MSK:
            return f"Take {stage.name} down?"
        copy = self._copies.find(states)
        kept = f"a copy is at {copy}" if copy else f"no copy of it was made (`down {MSK} --archive` makes one)"
        return (
            f"Take {MSK} down? The log ({LOG} and every other topic) goes with it, and the enricher's checkpoints, "
            f"which are places in it; {kept}."
        )

    def _say_what_stays(self, text: str) -> None:
        up = standing(self._store.read_all())
        if idle_egress(up):
            self._desk.say(f"{EGRESS} still costs money and nothing uses it: `tacho aws down {EGRESS}`")
        kept = [stage.name for stage in STAGES if stage.keeps and stage.name in up]
        if text == "all" and kept:
            self._desk.say(f"{', '.join(kept)} hold data and cost cents, so they stay: take them down by name")


def _require_alone(stage: Stage, states: States, copy: str | None) -> None:
    others = standing_on(stage, standing(states))
    if not others:
        return
    order = ", ".join(f"`tacho aws down {name}`" for name in others)
    if stage.name == MSK:
        users = " and ".join(others)
        kept = (
            f"a copy is at {copy}"
            if copy
            else f"keep a copy with `tacho aws down {MSK} --archive` while {SERVICES} is up"
        )
        raise UsageError(
            f"{MSK} stays while {users} {'is' if len(others) == 1 else 'are'} up, and the log goes with it: {kept}. "
            f"Then {order}, `tacho aws down {MSK}`."
        )
    raise UsageError(f"{stage.name} stays while {', '.join(others)} is up: first {order}.")
