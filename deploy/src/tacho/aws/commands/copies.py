"""Copies of the log in the foundation's bucket, and checkpoints in it, as `down` asks for them."""

from tacho.archive.records import MANIFEST
from tacho.aws.adapters.services import Services
from tacho.aws.commands.deployment import Deployment
from tacho.aws.commands.inside import run_inside
from tacho.aws.lowering import LOG, LogCopies
from tacho.aws.ports import Desk
from tacho.aws.spark_job import CHECKPOINTS
from tacho.aws.stages import FOUNDATION, MSK, SERVICES
from tacho.aws.states import StageState, States, output
from tacho.errors import TachoError, UsageError


def log_copies(deployment: Deployment, desk: Desk) -> LogCopies:
    """Finds the finished archive of this cluster's log, and has one written by a task inside the network."""

    def find(states: States) -> str | None:
        if FOUNDATION not in states or "cluster_uuid" not in states.get(MSK, StageState()).outputs:
            # A cluster that never came up whole has no log.
            return None
        prefix = _prefix(states)
        return f"s3://{deployment.bucket.name}/{prefix}" if deployment.bucket.read(f"{prefix}/{MANIFEST}") else None

    def make(states: States) -> str:
        _require_quiet(deployment)
        address = f"s3://{deployment.bucket.name}/{_prefix(states)}"
        code = run_inside(deployment, ("archive", address, "--topic", LOG), desk.say)
        if code:
            raise TachoError(f"The log was not copied (exit code {code}, its words are above); nothing was taken down.")
        return address

    def forget(states: States) -> int:
        return deployment.bucket.delete_below(CHECKPOINTS) if FOUNDATION in states else 0

    return LogCopies(find, make, forget)


def _prefix(states: States) -> str:
    # The cluster's own id is in it: a new cluster is a new log.
    return f"archive/{LOG}/{output(states, 'cluster_uuid', MSK)}"


def _require_quiet(deployment: Deployment) -> None:
    """A copy of a log that still grows would miss its end."""
    name = deployment.output("service_names", SERVICES).get("producer")
    cluster = str(deployment.output("ecs_cluster_name", FOUNDATION))
    if name and Services(deployment.client("ecs"), cluster).look(name).desired:
        raise UsageError("The producer still writes to the log: `tacho aws stop producer`, then ask again.")
