"""A command of the tacho image inside the network, for `run` and for whoever needs Kafka from outside."""

from collections.abc import Callable, Sequence

from tacho.aws.adapters.services import Services
from tacho.aws.adapters.tasks import Network, Tasks
from tacho.aws.commands.deployment import Deployment
from tacho.aws.stages import FOUNDATION, SERVICES
from tacho.errors import TachoError

OPERATOR = "tacho"
"""The one-off task's name in 40-services, and its container's."""


def run_inside(deployment: Deployment, command: Sequence[str], write: Callable[[str], None]) -> int:
    """Run `tacho COMMAND` as a task, writing its log; its exit code. Raises TachoError when it cannot be started."""
    families = deployment.output("task_families", SERVICES)
    if OPERATOR not in families:
        raise TachoError(f"40-services has no task {OPERATOR}: add it to `services` in its tfvars and bring it up.")
    cluster = str(deployment.output("ecs_cluster_name", FOUNDATION))
    ecs = deployment.client("ecs")
    definition = Services(ecs, cluster).newest(families[OPERATOR])
    if definition is None:
        raise TachoError("There is no released tacho image yet: `tacho aws release tacho` first.")
    network = Network(
        deployment.output("private_subnet_ids", FOUNDATION),
        [str(deployment.output("kafka_client_security_group_id", FOUNDATION))],
    )
    return Tasks(ecs, deployment.client("logs"), cluster, network).run(definition, OPERATOR, command, write)
