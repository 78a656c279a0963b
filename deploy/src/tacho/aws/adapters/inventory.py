"""What is in the account: by our tags, by our names, and in our VPCs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tacho.aws.adapters.sizes import uses_now
from tacho.aws.leftovers import By, Found, ours_by_name
from tacho.aws.target import Target

_OWN_NETS = frozenset({"network-interface", "volume"})
"""Kinds that are in use or not, which their tags do not say: they are looked for by themselves."""
_OF_CLUSTER = "aws:elasticmapreduce:job-flow-id"
_BY_ARN = {
    ("elasticmapreduce", "cluster"): "emr-cluster",
    ("emr-serverless", "applications"): "emr-application",
    ("kafka", "cluster"): "msk-cluster",
    ("ecs", "service"): "ecs-service",
    ("ecs", "task-definition"): "task-definition",
    ("ec2", "instance"): "instance",
    ("ec2", "natgateway"): "nat-gateway",
    ("ec2", "vpc-endpoint"): "vpc-endpoint",
    ("ec2", "elastic-ip"): "elastic-ip",
    ("ec2", "network-interface"): "network-interface",
    ("ec2", "security-group"): "security-group",
    ("ec2", "volume"): "volume",
    ("logs", "log-group"): "log-group",
    ("ssm", "parameter"): "parameter",
    ("ecr", "repository"): "repository",
    ("kms", "key"): "kms-key",
}


class Inventory:
    """Reads only. `client` gives a boto3 client by service name."""

    def __init__(self, client: Callable[[str], Any], target: Target) -> None:
        self._client = client
        self._target = target

    def everything(self) -> Iterator[Found]:
        """All that any of the nets catches; the same thing may come twice."""
        yield from self._tagged()
        yield from self._log_groups()
        yield from self._parameters()
        for vpc in self._vpcs():
            yield from self._in_vpc(vpc)
        yield from self._disks()

    def _tagged(self) -> Iterator[Found]:
        filters = [
            {"Key": "project", "Values": [self._target.project]},
            {"Key": "environment", "Values": [self._target.environment]},
        ]
        pages = self._client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
        for page in pages:
            for tagged in page["ResourceTagMappingList"]:
                tags = {tag["Key"]: tag["Value"] for tag in tagged.get("Tags", ())}
                found = tagged_as(tagged["ResourceARN"], tags)
                if found.kind in _OWN_NETS:
                    continue
                uses = uses_now(self._client, found.kind, found.id)
                if uses is not None:
                    yield replace(found, uses=uses)

    def _log_groups(self) -> Iterator[Found]:
        # AWS puts its own folders before our prefix, so all are looked at.
        for page in self._client("logs").get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                if ours_by_name(group["logGroupName"], self._target):
                    yield Found("log-group", group["logGroupName"], By.NAME)

    def _parameters(self) -> Iterator[Found]:
        asked = {"Key": "Name", "Option": "BeginsWith", "Values": [f"/{self._target.prefix}/"]}
        for page in self._client("ssm").get_paginator("describe_parameters").paginate(ParameterFilters=[asked]):
            for parameter in page["Parameters"]:
                yield Found("parameter", parameter["Name"], By.NAME)

    def _vpcs(self) -> list[str]:
        asked = [
            {"Name": "tag:project", "Values": [self._target.project]},
            {"Name": "tag:environment", "Values": [self._target.environment]},
        ]
        return [vpc["VpcId"] for vpc in self._client("ec2").describe_vpcs(Filters=asked)["Vpcs"]]

    def _in_vpc(self, vpc: str) -> Iterator[Found]:
        ec2, asked = self._client("ec2"), [{"Name": "vpc-id", "Values": [vpc]}]
        for interface in ec2.describe_network_interfaces(Filters=asked)["NetworkInterfaces"]:
            # One that is in use goes with what uses it.
            if interface["Status"] == "available":
                yield Found("network-interface", interface["NetworkInterfaceId"], By.VPC)
        for group in ec2.describe_security_groups(Filters=asked)["SecurityGroups"]:
            if group["GroupName"] != "default":
                yield Found("security-group", group["GroupId"], By.VPC)
        for endpoint in ec2.describe_vpc_endpoints(Filters=asked)["VpcEndpoints"]:
            zones = len(endpoint.get("SubnetIds", ()))
            uses = (("vpc-endpoint", zones or 1),) if endpoint["VpcEndpointType"] == "Interface" else ()
            yield Found("vpc-endpoint", endpoint["VpcEndpointId"], By.VPC, uses)
        for gateway in ec2.describe_nat_gateways(Filter=asked)["NatGateways"]:
            if gateway["State"] in ("pending", "available"):
                yield Found("nat-gateway", gateway["NatGatewayId"], By.VPC, (("nat", 1.0),))

    def _disks(self) -> Iterator[Found]:
        asked = [
            {"Name": "tag:project", "Values": [self._target.project]},
            {"Name": "tag:environment", "Values": [self._target.environment]},
        ]
        for volume in self._client("ec2").describe_volumes(Filters=asked)["Volumes"]:
            if volume["State"] == "available":
                yield Found("volume", volume["VolumeId"], By.TAG, ((f"ebs.{volume['VolumeType']}", volume["Size"]),))


def tagged_as(arn: str, tags: Mapping[str, str] | None = None) -> Found:
    """What an ARN names, under the id that its removal needs. Its tags may say what it is a part of."""
    _, _, service, _, _, rest = arn.split(":", 5)
    if service == "s3":
        return Found("bucket", rest, By.TAG)
    head, _, tail = rest.lstrip("/").replace(":", "/", 1).partition("/")
    kind = _BY_ARN.get((service, head), "other")
    cluster = (tags or {}).get(_OF_CLUSTER)
    names = tuple(name for name in (arn, cluster) if name)
    if (service, head) in (("elasticmapreduce", "cluster"), ("ecs", "task")):
        # A running task belongs to its ECS cluster.
        names = (arn, tail.partition("/")[0])
    if kind in ("msk-cluster", "other"):
        return Found(kind, arn, By.TAG, names=names)
    if kind == "ecs-service":
        of, _, name = tail.rpartition("/")
        return Found(kind, f"{of} --service {name}", By.TAG, names=names)
    if kind == "task-definition":
        # Each release registers a revision; the stage's state knows the family.
        family, _, revision = tail.rpartition("/" if "/" in tail else ":")
        return Found(kind, f"{family}:{revision}", By.TAG, names=(*names, family))
    if kind == "parameter":
        tail = f"/{tail}"
    return Found(kind, tail.removesuffix(":*"), By.TAG, names=names)
