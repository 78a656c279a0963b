"""The dashboard in 40-services: it is looked at through a tunnel and no other way, and may look and nothing else."""

import json
from typing import Any

from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import Statement, resources, statements
from deploy.tests.terraform.test_plans import planned
from deploy.tests.terraform.test_services_plan import STAGE, definitions, task_statements
from tacho.aws.adapters.tunnel import PAGE_PORT, SIDECAR
from tacho.aws.task_definition import with_image
from tacho_contracts.catalogue import load_catalogue
from tacho_dashboard.settings import Settings

HERE = "arn:aws:kafka:eu-central-1:123456789012"
CHANNELS = {f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")}


def containers(service: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = definitions()[service]["containerDefinitions"]
    return found


def opening(mine: list[Statement]) -> set[str]:
    return {action for it in mine for action in it.actions if action.startswith("ssmmessages:")}


def test_the_dashboard_alone_can_be_reached_through_a_tunnel() -> None:
    entered = {
        it.values["name"]: it.values["enable_execute_command"] for it in resources(planned(STAGE), "aws_ecs_service")
    }
    assert {name for name, may in entered.items() if may} == {"tacho-dev-dashboard"}
    assert {name for name in definitions() if len(containers(name)) > 1} == {"dashboard"}
    assert {name for name in definitions() if opening(task_statements(name))} == {"dashboard"}
    assert opening(task_statements("dashboard")) == CHANNELS


def test_the_tunnel_is_the_container_that_the_command_looks_for_and_only_sleeps() -> None:
    _, tunnel = containers("dashboard")
    assert tunnel["name"] == SIDECAR
    assert tunnel["entryPoint"] == ["sleep", "infinity"]
    assert tunnel["user"] == "10001:10001"
    assert "environment" not in tunnel


def test_a_release_gives_the_tunnel_the_image_that_it_gives_the_dashboard() -> None:
    rendered = with_image(json.dumps(definitions()["dashboard"]), "dashboard", "repository@sha256:1")
    assert {it["image"] for it in rendered["containerDefinitions"]} == {"repository@sha256:1"}


def test_the_page_answers_on_its_own_loopback_at_the_port_that_is_forwarded() -> None:
    environment = {it["name"]: it["value"] for it in containers("dashboard")[0]["environment"]}
    assert environment["TACHO_DASHBOARD_HOST"] == "127.0.0.1"
    assert int(environment.get("TACHO_DASHBOARD_PORT", Settings().port)) == PAGE_PORT


def test_no_service_has_a_public_address() -> None:
    for service in resources(planned(STAGE), "aws_ecs_service"):
        assert [it["assign_public_ip"] for it in service.values["network_configuration"]] == [False]


def test_it_joins_no_group_and_writes_nothing_but_its_status() -> None:
    mine = task_statements("dashboard")
    topics = [f"{HERE}:topic/tacho-dev/0f2c7b1a/{name}" for name in load_catalogue().topics]
    written = {it.rpartition("/")[2] for it in topics if allowed(mine, "kafka-cluster:WriteData", it)}
    read = {it.rpartition("/")[2] for it in topics if allowed(mine, "kafka-cluster:ReadData", it)}
    assert written == {"service-status"}
    assert read == {topic.name for topic in load_catalogue().received_by("dashboard")}
    assert not {action for it in mine for action in it.actions if action.endswith("Group")}


def test_a_guest_cannot_open_a_session() -> None:
    guest = statements(planned("50-viewer", {"viewer_principals": ["arn:aws:iam::210987654321:role/Evaluators"]}))
    task = OUTPUTS["ecs_cluster_arn"].replace(":cluster/", ":task/") + "/abc"
    assert not allowed(guest, "ssm:StartSession", task)
    assert not allowed(guest, "ecs:ExecuteCommand", task)
