"""What is left over is priced as it is there now, and what is only remembered is not left over."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tacho.aws.adapters.sizes import Uses, uses_now
from tacho.aws.leftovers import By, Found, leftovers
from tacho.aws.prices import read_prices

PRICES = read_prices(Path(__file__).parents[2] / "prices.toml")
CLUSTER = "arn:aws:kafka:eu-central-1:123456789012:cluster/tacho-dev/u"
SERVICE = "tacho-dev --service tacho-dev-alerter"


def told(kind: str, id: str, service: str, *answers: tuple[str, dict[str, Any]]) -> Uses | None:
    """What is found when AWS answers these calls so."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client: Any = boto3.client(service, region_name="eu-central-1", **keys)  # type: ignore[call-overload]
    with Stubber(client) as stub:
        for call, answer in answers:
            stub.add_response(call, answer)
        found = uses_now(lambda name: {service: client}[name], kind, id)
        stub.assert_no_pending_responses()
    return found


def priced(kind: str, uses: Uses | None) -> float:
    assert uses is not None
    (left,) = leftovers([Found(kind, "x", By.TAG, uses)], frozenset(), PRICES)
    assert left.unpriced == ()
    return round(left.usd_per_day, 2)


def test_a_forgotten_emr_cluster_costs_its_node_and_its_disk() -> None:
    disk = {"VolumeSpecification": {"VolumeType": "gp3", "SizeInGB": 64}}
    group = {"InstanceType": "m5.xlarge", "RunningInstanceCount": 1, "EbsBlockDevices": [disk]}
    alive = ("describe_cluster", {"Cluster": {"Status": {"State": "WAITING"}}})
    uses = told("emr-cluster", "j-1", "emr", alive, ("list_instance_groups", {"InstanceGroups": [group]}))
    assert priced("emr-cluster", uses) == pytest.approx(5.76 + 64 * 0.08 * 24 / 730, abs=0.005)


def test_a_forgotten_msk_cluster_costs_its_brokers_and_their_disks() -> None:
    group = {
        "ClientSubnets": ["s"],
        "InstanceType": "kafka.t3.small",
        "StorageInfo": {"EbsStorageInfo": {"VolumeSize": 20}},
    }
    provisioned = {"NumberOfBrokerNodes": 3, "BrokerNodeGroupInfo": group}
    answer = {"ClusterInfo": {"State": "ACTIVE", "Provisioned": provisioned}}
    assert priced("msk-cluster", told("msk-cluster", CLUSTER, "kafka", ("describe_cluster_v2", answer))) == 3.48


def test_a_forgotten_service_costs_the_tasks_it_is_to_run() -> None:
    service = {"status": "ACTIVE", "taskDefinition": "d", "desiredCount": 2}
    definition = {"taskDefinition": {"cpu": "256", "memory": "512"}}
    answers = ("describe_services", {"services": [service]}), ("describe_task_definition", definition)
    uses = told("ecs-service", SERVICE, "ecs", *answers)
    assert priced("ecs-service", uses) == pytest.approx(2 * 24 * (0.04048 / 4 + 0.004445 / 2), abs=0.005)


@pytest.mark.parametrize(
    ("kind", "id", "service", "call", "answer"),
    [
        ("emr-cluster", "j-1", "emr", "describe_cluster", {"Cluster": {"Status": {"State": "TERMINATED"}}}),
        ("msk-cluster", CLUSTER, "kafka", "describe_cluster_v2", {"ClusterInfo": {"State": "DELETING"}}),
        ("ecs-service", SERVICE, "ecs", "describe_services", {"services": [{"status": "INACTIVE"}]}),
        ("nat-gateway", "nat-1", "ec2", "describe_nat_gateways", {"NatGateways": [{"State": "deleted"}]}),
        ("kms-key", "k", "kms", "describe_key", {"KeyMetadata": {"KeyId": "k", "KeyState": "PendingDeletion"}}),
    ],
)
def test_what_is_only_remembered_is_gone(kind: str, id: str, service: str, call: str, answer: dict[str, Any]) -> None:
    assert told(kind, id, service, (call, answer)) is None


def test_what_aws_does_not_find_is_gone() -> None:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client: Any = boto3.client("kafka", region_name="eu-central-1", **keys)  # type: ignore[call-overload]
    with Stubber(client) as stub:
        stub.add_client_error("describe_cluster_v2", "NotFoundException")
        assert uses_now(lambda _: client, "msk-cluster", CLUSTER) is None


def test_what_the_list_does_not_have_is_named() -> None:
    (left,) = leftovers([Found("volume", "v", By.TAG, (("ebs.io2", 8.0),))], frozenset(), PRICES)
    assert (left.usd_per_day, left.unpriced) == (0.0, ("ebs.io2",))
