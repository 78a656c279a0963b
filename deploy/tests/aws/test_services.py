from typing import Any

import pytest
from botocore.stub import Stubber

from tacho.aws.adapters.services import Services
from tacho.errors import TachoError

DEFINITION = "arn:aws:ecs:eu-central-1:123456789012:task-definition/tacho-dev-alerter:2"
BEFORE = DEFINITION.replace(":2", ":1")


def seen(stub: Stubber, definition: str, running: int, rollout: str = "COMPLETED", desired: int = 1) -> None:
    deployment = {"status": "PRIMARY", "rolloutState": rollout, "rolloutStateReason": f"it is {rollout.lower()}"}
    service = {
        "status": "ACTIVE",
        "taskDefinition": definition,
        "desiredCount": desired,
        "runningCount": running,
        "deployments": [deployment],
    }
    stub.add_response("describe_services", {"services": [service]}, {"cluster": "tacho-dev", "services": ["alerter"]})


def updated(stub: Stubber, **expected: Any) -> None:
    stub.add_response("update_service", {}, {"cluster": "tacho-dev", "service": "alerter", **expected})


def test_a_release_starts_a_service_at_0_and_waits_until_it_is_steady(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, BEFORE, 0, desired=0)
    updated(stub, taskDefinition=DEFINITION, desiredCount=1)
    seen(stub, DEFINITION, 0, "IN_PROGRESS")
    seen(stub, DEFINITION, 1, "COMPLETED")
    said: list[str] = []
    Services(made, "tacho-dev", clock).release("alerter", DEFINITION, said.append)
    assert said[-1] == "tacho-dev-alerter:2: 1 of 1 running, completed"


def test_a_release_that_ecs_rolls_back_fails_with_its_reason(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, BEFORE, 1)
    updated(stub, taskDefinition=DEFINITION, desiredCount=1)
    seen(stub, DEFINITION, 0, "IN_PROGRESS")
    seen(stub, BEFORE, 1, "IN_PROGRESS")
    with pytest.raises(TachoError, match="alerter was rolled back to tacho-dev-alerter:1: it is in_progress\\."):
        Services(made, "tacho-dev", clock).release("alerter", DEFINITION, lambda _: None)


def test_a_release_that_is_there_already_changes_nothing(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, DEFINITION, 1)
    seen(stub, DEFINITION, 1)
    assert not Services(made, "tacho-dev", clock).release("alerter", DEFINITION, lambda _: None)


def test_a_restart_replaces_the_tasks_of_the_same_definition(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, DEFINITION, 1)
    updated(stub, taskDefinition=DEFINITION, desiredCount=1, forceNewDeployment=True)
    seen(stub, DEFINITION, 1, "IN_PROGRESS")
    seen(stub, DEFINITION, 1, "COMPLETED")
    assert Services(made, "tacho-dev", clock).release("alerter", DEFINITION, lambda _: None, restart=True)


def test_a_release_that_never_gets_steady_says_so(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, DEFINITION, 0, "IN_PROGRESS")
    for _ in range(182):
        seen(stub, DEFINITION, 0, "IN_PROGRESS")
    with pytest.raises(TachoError, match="not steady after 15 minutes"):
        Services(made, "tacho-dev", clock).release("alerter", DEFINITION, lambda _: None)
    for _ in range(len(list(stub._queue))):
        stub._queue.popleft()


def test_the_same_definition_is_not_registered_twice(ecs: Any) -> None:
    made, stub = ecs
    known = {"family": "f", "taskDefinitionArn": DEFINITION, "containerDefinitions": [], "revision": 2}
    stub.add_response("describe_task_definition", {"taskDefinition": known}, {"taskDefinition": "f"})
    assert Services(made, "tacho-dev").registered({"family": "f", "containerDefinitions": []}) == DEFINITION


def test_a_new_family_is_registered(ecs: Any) -> None:
    made, stub = ecs
    stub.add_client_error("describe_task_definition", "ClientException")
    stub.add_response("register_task_definition", {"taskDefinition": {"taskDefinitionArn": DEFINITION}}, ANY_FAMILY)
    assert Services(made, "tacho-dev").registered({"family": "f", "containerDefinitions": []}) == DEFINITION


ANY_FAMILY = {"family": "f", "containerDefinitions": []}


def test_stopping_waits_until_no_task_runs_and_says_whether_there_was_one(ecs: Any, clock: Any) -> None:
    made, stub = ecs
    seen(stub, DEFINITION, 1)
    updated(stub, desiredCount=0)
    seen(stub, DEFINITION, 1, desired=0)
    seen(stub, DEFINITION, 0, desired=0)
    assert Services(made, "tacho-dev", clock).stop("alerter")


def test_a_service_that_is_not_there_is_named(ecs: Any) -> None:
    made, stub = ecs
    stub.add_response("describe_services", {"services": []}, {"cluster": "tacho-dev", "services": ["alerter"]})
    with pytest.raises(TachoError, match="no service alerter: `tacho aws up 40-services` makes it"):
        Services(made, "tacho-dev").look("alerter")
