"""Stage 40-services: what runs on ECS, how it is held, and what it may do."""

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.offline import ROOT
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import Statement, resources, statements
from deploy.tests.terraform.test_plans import planned

STAGE = "40-services"
DOCKERFILES = {
    "producer": "services/producer/Dockerfile",
    "alerter": "services/alerter/Dockerfile",
    "tacho": "deploy/Dockerfile",
}
BUCKET = OUTPUTS["bucket_arn"]


def outputs() -> dict[str, Any]:
    return {name: it.get("value") for name, it in planned(STAGE)["planned_values"]["outputs"].items()}


def definitions() -> dict[str, dict[str, Any]]:
    return {name: json.loads(text) for name, text in outputs()["task_definitions"].items()}


def task_statements(service: str) -> list[Statement]:
    address = f'module.service["{service}"].aws_iam_role_policy.task'
    return [statement for statement in statements(planned(STAGE)) if statement.address == address]


def test_the_release_command_can_register_what_terraform_renders() -> None:
    """Every key and type is one that RegisterTaskDefinition knows."""
    ecs: Any = boto3.client("ecs", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    for definition in definitions().values():
        with Stubber(ecs) as stub:
            stub.add_response("register_task_definition", {"taskDefinition": {}}, definition)
            ecs.register_task_definition(**definition)


def test_every_container_is_held() -> None:
    for definition in definitions().values():
        (container,) = definition["containerDefinitions"]
        assert container["readonlyRootFilesystem"] is True
        assert container["user"] == "10001:10001"
        assert [mount["containerPath"] for mount in container["mountPoints"]] == ["/tmp"]
        assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
        assert container["stopTimeout"] >= 30


def test_services_have_a_health_check_with_a_start_period_and_tasks_have_none() -> None:
    for name, definition in definitions().items():
        check = definition["containerDefinitions"][0].get("healthCheck")
        assert (check is None) == (name not in outputs()["service_names"])
        assert check is None or check["startPeriod"] >= 60


@pytest.mark.parametrize("service", DOCKERFILES)
def test_the_image_is_what_the_task_definition_expects(service: str) -> None:
    text = (ROOT / DOCKERFILES[service]).read_text()
    container = definitions()[service]["containerDefinitions"][0]
    assert f"USER {container['user']}" in text
    # Or the volume at /tmp would belong to root on Fargate (aws/containers-roadmap#938).
    assert 'VOLUME ["/tmp"]' in text
    check = container.get("healthCheck", {}).get("command")
    assert check is None or f"CMD {json.dumps(check[1:])}" in text


def test_nothing_runs_before_the_first_release_and_later_releases_are_not_undone() -> None:
    services = resources(planned(STAGE), "aws_ecs_service")
    assert [service.values["desired_count"] for service in services] == [0, 0]
    module = (ROOT / "deploy/terraform/modules/ecs_service/main.tf").read_text()
    assert "ignore_changes = [task_definition, desired_count]" in module


def test_two_owners_never_run_at_once_and_a_bad_release_is_rolled_back() -> None:
    for service in resources(planned(STAGE), "aws_ecs_service"):
        assert service.values["deployment_minimum_healthy_percent"] == 0
        assert service.values["deployment_maximum_percent"] == 100
        assert service.values["deployment_circuit_breaker"] == [{"enable": True, "rollback": True}]


def test_every_role_is_of_one_service() -> None:
    arns = list(outputs()["task_role_arns"].values())
    assert len(set(arns)) == len(arns) == len(definitions())
    assert {name: definition["taskRoleArn"] for name, definition in definitions().items()} == outputs()[
        "task_role_arns"
    ]


@pytest.mark.parametrize("service", ["producer", "alerter", "tacho"])
def test_a_service_reads_the_brokers_addresses_and_its_own_prefixes_only(service: str) -> None:
    mine = task_statements(service)
    parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/tacho-dev/kafka/servers"
    assert allowed(mine, "ssm:GetParameter", parameter)
    assert not allowed(mine, "ssm:GetParameter", parameter.replace("tacho-dev", "tacho-prod"))
    assert allowed(mine, "s3:GetObject", f"{BUCKET}/schemas/SensorSample/v1.avsc")
    assert allowed(mine, "s3:GetObject", f"{BUCKET}/data/dims/cars/cars.csv") == (service != "alerter")
    assert allowed(mine, "s3:PutObject", f"{BUCKET}/archive/sensors-sample/part-0") == (service == "tacho")
    assert not allowed(mine, "s3:GetObject", f"{BUCKET}/checkpoints/enrich/id/e0/metadata")
    assert not allowed(mine, "s3:DeleteObject", f"{BUCKET}/data/dims/cars/cars.csv")


def test_only_the_operator_creates_topics_and_the_alerter_cannot_write_the_log() -> None:
    topic = "arn:aws:kafka:eu-central-1:123456789012:topic/tacho-dev/0f2c7b1a/sensors-sample"
    may = {
        service: {
            action
            for action in ("CreateTopic", "WriteData")
            if allowed(task_statements(service), f"kafka-cluster:{action}", topic)
        }
        for service in definitions()
    }
    assert "CreateTopic" in may["tacho"]
    assert "CreateTopic" not in may["producer"] | may["alerter"]
    assert "WriteData" in may["producer"]
    assert "WriteData" not in may["alerter"]
