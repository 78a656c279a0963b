"""The stages, what each stands on, and what may go up or down next. Pure."""

from collections.abc import Set
from dataclasses import dataclass

from tacho.errors import UsageError

ALL = "all"


@dataclass(frozen=True)
class Stage:
    """One root module with a state of its own. `needs`: the stages it stands on, directly or not."""

    name: str
    purpose: str
    needs: tuple[str, ...] = ()
    keeps: bool = False
    """Holds data or releases and costs cents, so that `down all` leaves it."""


STATE = "00-state"
FOUNDATION = "10-foundation"
EGRESS = "15-egress"
MSK = "20-msk"
EMR = "30-emr"
SERVICES = "40-services"
STAGES = (
    Stage(STATE, "the bucket of the states", keeps=True),
    Stage(FOUNDATION, "bucket, network, image registry, schemas", (STATE,), keeps=True),
    Stage(EGRESS, "the way out of the private subnets", (STATE, FOUNDATION)),
    Stage(MSK, "Kafka: the log lives here", (STATE, FOUNDATION)),
    Stage(EMR, "Spark, for the enricher", (STATE, FOUNDATION, EGRESS, MSK)),
    Stage(SERVICES, "producer, alerter, dashboard and one-off tasks", (STATE, FOUNDATION, EGRESS, MSK)),
    Stage("50-viewer", "read-only role for guests", (STATE, FOUNDATION)),
    Stage("60-guard", "budget, alarms, nightly off switch", (STATE, FOUNDATION)),
)
NAMES = tuple(stage.name for stage in STAGES)


def stage_named(text: str) -> Stage:
    """The stage called `text`: its name, number or word. Raises UsageError naming all when there is none."""
    for stage in STAGES:
        if text in (stage.name, *stage.name.split("-", 1)):
            return stage
    raise UsageError(f"There is no stage {text!r}: choose one of {', '.join(NAMES)} or all.")


def to_lift(text: str) -> tuple[Stage, ...]:
    """What `up` means, in order."""
    return STAGES if text == ALL else (stage_named(text),)


def to_lower(text: str, standing: Set[str]) -> tuple[Stage, ...]:
    """What `down` means, last first; `all` leaves the stages that keep data."""
    if text != ALL:
        return (stage_named(text),)
    return tuple(stage for stage in reversed(STAGES) if stage.name in standing and not stage.keeps)


def missing_below(stage: Stage, standing: Set[str]) -> tuple[str, ...]:
    """The stages this one needs that are not up, first first."""
    return tuple(name for name in stage.needs if name not in standing)


def standing_on(stage: Stage, standing: Set[str]) -> tuple[str, ...]:
    """The stages that are up and need this one, in the order in which they go down."""
    return tuple(other.name for other in reversed(STAGES) if stage.name in other.needs and other.name in standing)


def possible_next(standing: Set[str]) -> tuple[str, ...]:
    """The stages that are not up and whose needs are."""
    return tuple(stage.name for stage in STAGES if stage.name not in standing and not missing_below(stage, standing))


def idle_egress(standing: Set[str]) -> bool:
    """Whether the way out costs money although nothing goes out."""
    return EGRESS in standing and not standing & {EMR, SERVICES}
