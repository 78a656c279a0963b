from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tacho.aws.adapters.inventory import Inventory, tagged_as
from tacho.aws.adapters.removal import REMOVABLE, remove
from tacho.aws.leftovers import KINDS, By, Found, known_ids, leftovers, ours_by_name
from tacho.aws.prices import Price
from tacho.aws.resources import Resource

PRICES = {"nat": Price("gateway", 0.045, "hour", "test", "2026-01-01")}
ARN = "arn:aws:{}:eu-central-1:123456789012:{}"


@pytest.mark.parametrize(
    ("arn", "kind", "id"),
    [
        (ARN.format("elasticmapreduce", "cluster/j-1"), "emr-cluster", "j-1"),
        (ARN.format("emr-serverless", "/applications/a1"), "emr-application", "a1"),
        (ARN.format("kafka", "cluster/tacho-dev/u"), "msk-cluster", ARN.format("kafka", "cluster/tacho-dev/u")),
        (
            ARN.format("ecs", "service/tacho-dev/tacho-dev-alerter"),
            "ecs-service",
            "tacho-dev --service tacho-dev-alerter",
        ),
        (ARN.format("ec2", "natgateway/nat-1"), "nat-gateway", "nat-1"),
        (ARN.format("logs", "log-group:/tacho-dev/x:*"), "log-group", "/tacho-dev/x"),
        (ARN.format("ssm", "parameter/tacho-dev/kafka/servers"), "parameter", "/tacho-dev/kafka/servers"),
        ("arn:aws:s3:::tacho-dev-data", "bucket", "tacho-dev-data"),
        (ARN.format("glue", "registry/tacho-dev"), "other", ARN.format("glue", "registry/tacho-dev")),
    ],
)
def test_an_arn_gives_the_id_that_its_removal_needs(arn: str, kind: str, id: str) -> None:
    assert (tagged_as(arn).kind, tagged_as(arn).id) == (kind, id)


@pytest.mark.parametrize("name", ["/tacho-dev", "/aws/emr/tacho-dev-x", "tacho-dev-data", "/aws/lambda/tacho-dev-off"])
def test_names_of_ours_are_known_wherever_aws_puts_them(name: str, target: Any) -> None:
    assert ours_by_name(name, target)


@pytest.mark.parametrize("name", ["/aws/lambda/tacho-developer", "tacho-prod-data", "other/xtacho-dev"])
def test_names_that_only_look_like_ours_are_left_alone(name: str, target: Any) -> None:
    assert not ours_by_name(name, target)


def test_what_a_state_knows_is_not_left_over() -> None:
    known = known_ids(
        [Resource("a", "t", {"id": "sg-1", "arn": ARN.format("x", "y/z"), "network_interface_ids": ["eni-1"]})]
    )
    found = [Found("security-group", "sg-1", By.VPC), Found("network-interface", "eni-1", By.VPC)]
    assert leftovers(found, known, PRICES) == ()


def test_what_is_left_comes_once_in_the_order_in_which_it_can_go_with_price_and_command() -> None:
    found = [
        Found("log-group", "/tacho-dev", By.NAME),
        Found("security-group", "sg-1", By.VPC),
        Found("nat-gateway", "nat-1", By.VPC, (("nat", 1.0),)),
        Found("nat-gateway", "nat-1", By.TAG),
        Found("bucket", "tacho-dev-data", By.TAG),
    ]
    left = leftovers(found, frozenset(), PRICES)
    assert [one.id for one in left] == ["nat-1", "sg-1", "/tacho-dev", "tacho-dev-data"]
    assert left[0].by is By.TAG
    assert left[0].usd_per_day == pytest.approx(1.08)
    assert left[0].command == "aws ec2 delete-nat-gateway --nat-gateway-id nat-1"
    assert left[3].command == "only by hand: it holds data"


def test_what_is_a_part_of_something_known_goes_with_it() -> None:
    known = known_ids(
        [
            Resource("a", "aws_emr_cluster", {"id": "j-1"}),
            Resource("b", "aws_ecs_service", {"id": ARN.format("ecs", "service/tacho-dev/tacho-dev-alerter")}),
            Resource("c", "aws_ecs_cluster", {"name": "tacho-dev"}),
            Resource("d", "aws_ecs_task_definition", {"id": "tacho-dev-alerter", "family": "tacho-dev-alerter"}),
        ]
    )
    parts = [
        tagged_as(ARN.format("ec2", "instance/i-1"), {"aws:elasticmapreduce:job-flow-id": "j-1"}),
        tagged_as(ARN.format("ecs", "service/tacho-dev/tacho-dev-alerter")),
        tagged_as(ARN.format("ecs", "task/tacho-dev/0123")),
        tagged_as(ARN.format("ecs", "task-definition/tacho-dev-alerter:7")),
    ]
    assert leftovers(parts, known, PRICES) == ()
    assert [one.id for one in leftovers(parts, frozenset(), PRICES)][1:3] == ["i-1", "tacho-dev-alerter:7"]


def test_every_kind_with_a_command_can_be_removed_and_no_other() -> None:
    assert {kind for kind, how in KINDS.items() if how.command} == REMOVABLE


def clients(*services: str) -> tuple[Callable[[str], Any], dict[str, Stubber]]:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    made: dict[str, Any] = {
        name: boto3.client(name, region_name="eu-central-1", **keys)  # type: ignore[call-overload]
        for name in services
    }
    stubs = {name: Stubber(made[name]) for name in services}
    for stub in stubs.values():
        stub.activate()
    return made.__getitem__, stubs


def test_three_nets_are_cast(target: Any) -> None:
    client, stubs = clients("resourcegroupstaggingapi", "emr", "logs", "ssm", "ec2")
    arns = [ARN.format("elasticmapreduce", "cluster/j-1"), ARN.format("elasticmapreduce", "cluster/j-0")]
    mapping = [{"ResourceARN": arn} for arn in arns]
    stubs["resourcegroupstaggingapi"].add_response(
        "get_resources", {"ResourceTagMappingList": mapping}, {"TagFilters": ANY}
    )
    stubs["emr"].add_response("describe_cluster", {"Cluster": {"Status": {"State": "RUNNING"}}})
    stubs["emr"].add_response("list_instance_groups", {"InstanceGroups": []})
    stubs["emr"].add_response("describe_cluster", {"Cluster": {"Status": {"State": "TERMINATED"}}})
    groups = [{"logGroupName": "/tacho-dev"}, {"logGroupName": "/other"}]
    stubs["logs"].add_response("describe_log_groups", {"logGroups": groups})
    stubs["ssm"].add_response("describe_parameters", {"Parameters": [{"Name": "/tacho-dev/kafka/servers"}]})
    ec2 = stubs["ec2"]
    ec2.add_response("describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}]})
    interfaces = [
        {"NetworkInterfaceId": "eni-1", "Status": "available"},
        {"NetworkInterfaceId": "eni-2", "Status": "in-use"},
    ]
    ec2.add_response("describe_network_interfaces", {"NetworkInterfaces": interfaces})
    security = [
        {"GroupId": "sg-1", "GroupName": "ElasticMapReduce-master"},
        {"GroupId": "sg-0", "GroupName": "default"},
    ]
    ec2.add_response("describe_security_groups", {"SecurityGroups": security})
    ec2.add_response("describe_vpc_endpoints", {"VpcEndpoints": []})
    ec2.add_response("describe_nat_gateways", {"NatGateways": [{"NatGatewayId": "nat-0", "State": "deleted"}]})
    ec2.add_response("describe_volumes", {"Volumes": []})
    found = {thing.id for thing in Inventory(client, target).everything()}
    assert found == {"j-1", "/tacho-dev", "/tacho-dev/kafka/servers", "eni-1", "sg-1"}


def test_what_is_gone_already_is_no_failure_and_what_is_in_use_says_why() -> None:
    client, stubs = clients("ec2")
    stubs["ec2"].add_client_error("delete_security_group", "InvalidGroup.NotFound")
    assert remove(client, "security-group", "sg-1") is None
    stubs["ec2"].add_client_error("delete_security_group", "DependencyViolation", "it has a dependent object")
    why = remove(client, "security-group", "sg-1")
    assert why == "AWS refused DeleteSecurityGroup (DependencyViolation): it has a dependent object."
