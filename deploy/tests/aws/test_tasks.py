"""One-off tasks inside the network: their log, their exit code, and what becomes of them when the operator leaves."""

from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from tacho.aws.adapters.tasks import Network, Tasks
from tacho.errors import TachoError

DEFINITION = "arn:aws:ecs:eu-central-1:123456789012:task-definition/tacho-dev-alerter:2"
TASK = "arn:aws:ecs:eu-central-1:123456789012:task/tacho-dev/abc"


DEFINED = {
    "taskDefinitionArn": DEFINITION,
    "containerDefinitions": [
        {
            "name": "tacho",
            "logConfiguration": {"options": {"awslogs-group": "/tacho-dev", "awslogs-stream-prefix": "tacho"}},
        }
    ],
}


def started(stub: Stubber) -> None:
    expected = {
        "cluster": "tacho-dev",
        "taskDefinition": DEFINITION,
        "launchType": "FARGATE",
        "networkConfiguration": {
            "awsvpcConfiguration": {"subnets": ["s"], "securityGroups": ["g"], "assignPublicIp": "DISABLED"}
        },
        "overrides": {"containerOverrides": [{"name": "tacho", "command": ["topics"]}]},
        "startedBy": ANY,
        "propagateTags": ANY,
    }
    stub.add_response("run_task", {"tasks": [{"taskArn": TASK}], "failures": []}, expected)


def looked(stub: Stubber, status: str, **container: Any) -> None:
    task = {
        "taskArn": TASK,
        "lastStatus": status,
        "containers": [{"name": "tacho", **container}],
        "stoppedReason": "why",
    }
    stub.add_response("describe_tasks", {"tasks": [task]}, {"cluster": "tacho-dev", "tasks": [TASK]})


def unseen(stub: Stubber) -> None:
    answer = {"tasks": [], "failures": [{"arn": TASK, "reason": "MISSING"}]}
    stub.add_response("describe_tasks", answer, {"cluster": "tacho-dev", "tasks": [TASK]})


def page(stub: Stubber, lines: list[str], token: str, after: str | None) -> None:
    events = [{"message": line, "timestamp": 1} for line in lines]
    expected = {"logGroupName": "/tacho-dev", "logStreamName": "tacho/tacho/abc", "startFromHead": True}
    stub.add_response(
        "get_log_events",
        {"events": events, "nextForwardToken": token},
        expected | ({"nextToken": after} if after else {}),
    )


def tasks(ecs: Any, logs: Any, clock: Any) -> Tasks:
    return Tasks(ecs[0], logs[0], "tacho-dev", Network(["s"], ["g"]), clock)


def test_a_one_off_task_gives_its_lines_and_its_exit_code(ecs: Any, logs: Any, clock: Any) -> None:
    started(ecs[1])
    looked(ecs[1], "PENDING")
    logs[1].add_client_error("get_log_events", "ResourceNotFoundException")
    looked(ecs[1], "RUNNING")
    page(logs[1], ["one"], "t1", None)
    page(logs[1], [], "t1", "t1")
    looked(ecs[1], "STOPPED", exitCode=3)
    page(logs[1], ["two"], "t2", "t1")
    page(logs[1], [], "t2", "t2")
    lines: list[str] = []
    assert tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], lines.append) == 3
    assert lines == ["one", "two"]


def test_a_task_that_ecs_does_not_know_at_once_is_waited_for(ecs: Any, logs: Any, clock: Any) -> None:
    started(ecs[1])
    unseen(ecs[1])
    logs[1].add_client_error("get_log_events", "ResourceNotFoundException")
    looked(ecs[1], "STOPPED", exitCode=0)
    page(logs[1], [], "t1", None)
    page(logs[1], [], "t1", "t1")
    assert tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], print) == 0


def test_a_task_that_ecs_never_knows_is_a_failure(ecs: Any, logs: Any, clock: Any) -> None:
    started(ecs[1])
    for _ in range(31):
        unseen(ecs[1])
        logs[1].add_client_error("get_log_events", "ResourceNotFoundException")
    ecs[1].add_response("stop_task", {}, {"cluster": "tacho-dev", "task": TASK, "reason": ANY})
    with pytest.raises(TachoError, match="ended without an exit code: ECS has forgotten it"):
        tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], print)


def test_ctrl_c_stops_the_task(ecs: Any, logs: Any, clock: Any) -> None:
    started(ecs[1])
    looked(ecs[1], "RUNNING")
    page(logs[1], ["one"], "t1", None)
    ecs[1].add_response("stop_task", {}, {"cluster": "tacho-dev", "task": TASK, "reason": ANY})

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], interrupted)


def test_a_task_that_ecs_cannot_start_says_why(ecs: Any, logs: Any, clock: Any) -> None:
    ecs[1].add_response("run_task", {"tasks": [], "failures": [{"reason": "RESOURCE:CPU"}]})
    with pytest.raises(TachoError, match="could not start the task: RESOURCE:CPU"):
        tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], print)


def test_a_task_without_an_exit_code_says_why_it_stopped(ecs: Any, logs: Any, clock: Any) -> None:
    started(ecs[1])
    looked(ecs[1], "STOPPED")
    logs[1].add_client_error("get_log_events", "ResourceNotFoundException")
    ecs[1].add_response("stop_task", {}, {"cluster": "tacho-dev", "task": TASK, "reason": ANY})
    with pytest.raises(TachoError, match="ended without an exit code: why"):
        tasks(ecs, logs, clock).run(DEFINED, "tacho", ["topics"], print)
