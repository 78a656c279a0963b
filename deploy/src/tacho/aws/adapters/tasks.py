"""One-off tasks inside the network: start, follow the log, end with the command's own exit code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.task_definition import log_of, one_off
from tacho.aws.waiting import Clock
from tacho.errors import TachoError

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_logs import CloudWatchLogsClient

_EVERY_SECONDS = 2.0
_UNSEEN_SECONDS = 60.0
"""ECS may not know a task for a while that it has just started."""


@dataclass(frozen=True)
class Network:
    """Where a task gets its address, and who lets it in."""

    subnets: Sequence[str]
    security_groups: Sequence[str]

    def configuration(self) -> dict[str, Any]:
        """In RunTask's words: no public address."""
        return {
            "awsvpcConfiguration": {
                "subnets": list(self.subnets),
                "securityGroups": list(self.security_groups),
                "assignPublicIp": "DISABLED",
            }
        }


class Tasks:
    """Runs commands as tasks of one ECS cluster."""

    def __init__(
        self, ecs: "ECSClient", logs: "CloudWatchLogsClient", cluster: str, network: Network, clock: Clock | None = None
    ) -> None:
        self._ecs: Any = ecs
        self._logs: Any = logs
        self._cluster = cluster
        self._network = network
        self._clock = clock or Clock()

    def run(
        self, definition: Mapping[str, Any], container: str, command: Sequence[str], write: Callable[[str], None]
    ) -> int:
        """Run a command to its end, writing its log lines as they come; its exit code. Ctrl-C stops the task.

        Raises TachoError when ECS could not start it, or it ended without an exit code.
        """
        task = self._start(definition, container, command)
        try:
            return self._follow(task, definition, container, write)
        except BaseException:
            # Whatever ended us (Ctrl-C before all), the task must not go on and cost money unseen.
            self._ecs.stop_task(cluster=self._cluster, task=task, reason="the operator stopped it")
            raise

    def _start(self, definition: Mapping[str, Any], container: str, command: Sequence[str]) -> str:
        answer = self._ecs.run_task(
            cluster=self._cluster,
            taskDefinition=definition["taskDefinitionArn"],
            launchType="FARGATE",
            networkConfiguration=self._network.configuration(),
            overrides=one_off(container, command),
            startedBy="tacho-aws-run",
            propagateTags="TASK_DEFINITION",
        )
        if not answer["tasks"]:
            why = (answer["failures"] or [{}])[0]
            raise TachoError(f"ECS could not start the task: {why.get('reason', 'it did not say why')}.")
        return str(answer["tasks"][0]["taskArn"])

    def _follow(self, task: str, definition: Mapping[str, Any], container: str, write: Callable[[str], None]) -> int:
        group, stream = log_of(definition, container, task.rpartition("/")[2])
        token: str | None = None
        known_by = self._clock.now() + _UNSEEN_SECONDS
        while True:
            found = self._ecs.describe_tasks(cluster=self._cluster, tasks=[task])["tasks"]
            stopped = found[0]["lastStatus"] == "STOPPED" if found else self._clock.now() >= known_by
            # Once it has stopped, what is in the log is all there will be.
            token = self._write_new(group, stream, token, write)
            if stopped:
                return _exit_code(found[0] if found else {}, container)
            self._clock.pause(_EVERY_SECONDS)

    def _write_new(self, group: str, stream: str, token: str | None, write: Callable[[str], None]) -> str | None:
        """Write what came since `token`; where the next call goes on."""
        while True:
            place = {"nextToken": token} if token else {}
            try:
                page = self._logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **place)
            except ClientError as error:
                if code_of(error) == "ResourceNotFoundException":
                    # The stream begins with the container's first line.
                    return token
                raise
            for event in page["events"]:
                write(event["message"])
            if page["nextForwardToken"] == token:
                return token
            token = page["nextForwardToken"]


def _exit_code(task: Mapping[str, Any], container: str) -> int:
    for found in task.get("containers", ()):
        if found["name"] == container and "exitCode" in found:
            return int(found["exitCode"])
    raise TachoError(f"The task ended without an exit code: {task.get('stoppedReason', 'ECS has forgotten it')}.")
