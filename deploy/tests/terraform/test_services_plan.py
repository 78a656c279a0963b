"""Stage 40-services: what runs on ECS, how it is held, and what it may do."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.stub import Stubber

from deploy.tests.terraform import offline, rules
from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.offline import ROOT
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import Statement, resources, statements
from deploy.tests.terraform.test_plans import planned

STAGE = "40-services"
DOCKERFILES = {
    "producer": "services/producer/Dockerfile",
    "alerter": "services/alerter/Dockerfile",
    "dashboard": "services/dashboard/Dockerfile",
    "tacho": "deploy/Dockerfile",
}
BUCKET = OUTPUTS["bucket_arn"]
GROUP = "arn:aws:kafka:eu-central-1:123456789012:group/tacho-dev/0f2c7b1a"
# Where each service's code names its groups, and how.
GROUPS_IN_CODE = [
    ("producer", "services/producer/src", r'"group\.id": "([\w-]+)"'),
    ("alerter", "services/alerter/src", r'(?:group: str = Field\(default=|"group\.id": )"([\w-]+)"'),
    ("tacho", "deploy/src", r'reading_options\(\w+, "([\w-]+)"\)'),
]


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
        container = definition["containerDefinitions"][0]
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
    assert [service.values["desired_count"] for service in services] == [0, 0, 0]
    module = (ROOT / "deploy/terraform/modules/ecs_service/main.tf").read_text()
    assert "ignore_changes = [task_definition, desired_count]" in module


def test_two_owners_never_run_at_once_and_a_bad_release_is_rolled_back() -> None:
    for service in resources(planned(STAGE), "aws_ecs_service"):
        # The dashboard owns nothing.
        alone = (100, 200) if service.values["name"] == "tacho-dev-dashboard" else (0, 100)
        percents = [service.values[f"deployment_{name}"] for name in ("minimum_healthy_percent", "maximum_percent")]
        assert tuple(percents) == alone
        assert service.values["deployment_circuit_breaker"] == [{"enable": True, "rollback": True}]


def test_topics_made_from_inside_have_a_copy_on_each_broker() -> None:
    (cluster,) = resources(planned("20-msk"), "aws_msk_cluster")
    environment = definitions()["tacho"]["containerDefinitions"][0]["environment"]
    factor = next(it["value"] for it in environment if it["name"] == "TACHO_REPLICATION_FACTOR")
    assert factor == str(cluster.values["number_of_broker_nodes"])


def test_a_service_is_one_entry_more_and_changes_nothing_else(tmp_path: Path) -> None:
    tree = offline.tree().copy(tmp_path / "tree")
    file = tree.root / "schemas" / "asyncapi.yaml"
    catalogue = yaml.safe_load(file.read_text())
    catalogue["x-services"]["recorder"] = "Reads alerts."
    reads = {"action": "receive", "channel": {"$ref": "#/channels/alert-data"}, "x-service": "recorder"}
    file.write_text(yaml.safe_dump(catalogue | {"operations": catalogue["operations"] | {"it.reads": reads}}))
    now = planned(STAGE)
    entry = {"image": "recorder", "catalogue_service": "recorder", "groups": ["tacho-recorder"]}
    repository = OUTPUTS["repository_urls"]["tacho"].replace("/tacho-dev/tacho", "/tacho-dev/recorder")
    more = {
        "services": now["variables"]["services"]["value"] | {"recorder": entry},
        "repository_urls": OUTPUTS["repository_urls"] | {"recorder": repository},
    }
    later = planned(STAGE, more, tree)
    before, after = ({it.address: it.values for it in resources(plan)} for plan in (now, later))
    assert {address: values for address, values in after.items() if '"recorder"' not in address} == before
    mine = [it for it in statements(later) if it.address == 'module.service["recorder"].aws_iam_role_policy.task']
    topic = "arn:aws:kafka:eu-central-1:123456789012:topic/tacho-dev/0f2c7b1a"
    assert allowed(mine, "kafka-cluster:ReadData", f"{topic}/alert-data")
    assert not allowed(mine, "kafka-cluster:WriteData", f"{topic}/alert-data")
    assert rules.public_ways_in(later) == rules.broad_actions(later) == []


def test_every_role_is_of_one_service() -> None:
    arns = list(outputs()["task_role_arns"].values())
    assert len(set(arns)) == len(arns) == len(definitions())
    assert {name: definition["taskRoleArn"] for name, definition in definitions().items()} == outputs()[
        "task_role_arns"
    ]


@pytest.mark.parametrize("service", ["producer", "alerter", "dashboard", "tacho"])
def test_a_service_reads_the_brokers_addresses_and_its_own_prefixes_only(service: str) -> None:
    mine = task_statements(service)
    parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter/tacho-dev/kafka/servers"
    assert allowed(mine, "ssm:GetParameter", parameter)
    assert not allowed(mine, "ssm:GetParameter", parameter.replace("tacho-dev", "tacho-prod"))
    assert allowed(mine, "s3:GetObject", f"{BUCKET}/schemas/SensorSample/v1.avsc")
    assert allowed(mine, "s3:GetObject", f"{BUCKET}/data/dims/cars/cars.csv") == (service in ("producer", "tacho"))
    assert allowed(mine, "s3:PutObject", f"{BUCKET}/archive/sensors-sample/part-0") == (service == "tacho")
    assert not allowed(mine, "s3:GetObject", f"{BUCKET}/checkpoints/enrich/id/e0/metadata")
    assert not allowed(mine, "s3:DeleteObject", f"{BUCKET}/data/dims/cars/cars.csv")


@pytest.mark.parametrize(("service", "source", "named"), GROUPS_IN_CODE, ids=[row[0] for row in GROUPS_IN_CODE])
def test_a_service_may_use_the_groups_that_its_code_names_and_no_others(service: str, source: str, named: str) -> None:
    """librdkafka asks for a group's coordinator even where the group is never joined."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / source).rglob("*.py"))
    arns = {f"{GROUP}/{name}" for name in re.findall(named, text)}
    patterns = {
        arn for it in task_statements(service) if "kafka-cluster:AlterGroup" in it.actions for arn in it.resources
    }
    assert arns
    assert {arn for arn in arns if not allowed(task_statements(service), "kafka-cluster:DescribeGroup", arn)} == set()
    assert {pattern for pattern in patterns if not any(fnmatchcase(arn, pattern) for arn in arns)} == set()


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
    assert "CreateTopic" not in may["producer"] | may["alerter"] | may["dashboard"]
    assert "WriteData" in may["producer"] & may["tacho"]
    assert "WriteData" not in may["alerter"] | may["dashboard"]
