"""ECS services: release a definition, wait until it is steady or rolled back, stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.task_definition import Definition, same
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

STEADY_SECONDS = 900.0
STOP_SECONDS = 300.0
_EVERY_SECONDS = 5.0


@dataclass(frozen=True)
class Running:
    """A service as ECS sees it."""

    service: str
    definition: str
    desired: int
    running: int
    rollout: str
    reason: str

    @property
    def revision(self) -> str:
        """Family and revision."""
        return self.definition.rpartition("/")[2]

    def runs(self, definition: str) -> bool:
        """Whether this revision is what it is to run, and on any task at all."""
        return self.definition == definition and self.desired > 0


class Services:
    """The services of one ECS cluster."""

    def __init__(self, client: "ECSClient", cluster: str, clock: Clock | None = None) -> None:
        self._client: Any = client
        self._cluster = cluster
        self._clock = clock or Clock()

    def look(self, service: str) -> Running:
        """The service now. Raises TachoError when it is not there."""
        found = self._client.describe_services(cluster=self._cluster, services=[service])["services"]
        if not found or found[0]["status"] != "ACTIVE":
            raise TachoError(f"There is no service {service}: `tacho aws up 40-services` makes it.")
        primary: Mapping[str, Any] = next(
            (one for one in found[0]["deployments"] if one["status"] == "PRIMARY"), found[0]["deployments"][0]
        )
        return Running(
            service,
            found[0]["taskDefinition"],
            found[0]["desiredCount"],
            found[0]["runningCount"],
            primary.get("rolloutState", "COMPLETED"),
            primary.get("rolloutStateReason", ""),
        )

    def registered(self, definition: Definition) -> str:
        """The ARN of a revision that says what the definition says: the family's newest, or a new one."""
        newest = self.newest(definition["family"])
        if newest is not None and same(definition, newest):
            return str(newest["taskDefinitionArn"])
        return str(self._client.register_task_definition(**definition)["taskDefinition"]["taskDefinitionArn"])

    def newest(self, family: str) -> Mapping[str, Any] | None:
        """The newest revision of a family; None when it has none."""
        try:
            return dict(self._client.describe_task_definition(taskDefinition=family)["taskDefinition"])
        except ClientError as error:
            if code_of(error) == "ClientException":
                return None
            raise

    def release(self, service: str, definition: str, report: Callable[[str], None], restart: bool = False) -> bool:
        """Put a revision into a service and wait; whether anything had to change. A service at 0 gets one task.

        With `restart` its tasks are replaced even when they are of this revision.

        Raises TachoError when ECS rolls it back, with its reason. Repeated, it goes on waiting for what is under way.
        """
        before = self.look(service)
        changed = restart or not before.runs(definition)
        if changed:
            self._client.update_service(
                cluster=self._cluster,
                service=service,
                taskDefinition=definition,
                desiredCount=max(before.desired, 1),
                **({"forceNewDeployment": True} if restart else {}),
            )
        said: list[str] = []

        def settled() -> bool | None:
            now = self.look(service)
            state = f"{now.revision}: {now.running} of {now.desired} running, {now.rollout.lower()}"
            if not said or said[-1] != state:
                said.append(state)
                report(state)
            if now.definition != definition or now.rollout == "FAILED":
                back = f"rolled back to {now.revision}" if now.definition != definition else "given up by ECS"
                raise TachoError(f"{service} was {back}: {now.reason.rstrip('.') or self._why_stopped(service)}.")
            return True if now.rollout == "COMPLETED" and now.running == now.desired else None

        late = f"{service} was not steady after {STEADY_SECONDS / 60:.0f} minutes: see its log, then release again."
        until(settled, self._clock, _EVERY_SECONDS, STEADY_SECONDS, late)
        return changed

    def stop(self, service: str) -> bool:
        """Set it to 0 and wait until no task of it runs; whether it was to run."""
        wanted = self.look(service).desired > 0
        if wanted:
            self._client.update_service(cluster=self._cluster, service=service, desiredCount=0)
        late = f"{service} still runs after {STOP_SECONDS / 60:.0f} minutes; ECS goes on stopping it."
        until(lambda: self.look(service).running == 0 or None, self._clock, _EVERY_SECONDS, STOP_SECONDS, late)
        return wanted

    def task_of(self, service: str) -> Mapping[str, Any]:
        """A running task of the service. Raises TachoError when it has none."""
        arns = self._client.list_tasks(cluster=self._cluster, serviceName=service, desiredStatus="RUNNING")["taskArns"]
        if not arns:
            raise TachoError(f"{service} has no running task: `tacho aws release {service.rpartition('-')[2]}` first.")
        return dict(self._client.describe_tasks(cluster=self._cluster, tasks=arns[:1])["tasks"][0])

    def _why_stopped(self, service: str) -> str:
        arns = self._client.list_tasks(cluster=self._cluster, serviceName=service, desiredStatus="STOPPED")["taskArns"]
        if not arns:
            return "its log says why"
        task = self._client.describe_tasks(cluster=self._cluster, tasks=arns[:1])["tasks"][0]
        return str(task.get("stoppedReason", "its tasks stopped")).rstrip(".")
