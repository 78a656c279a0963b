"""What something that our tags name uses of the price list now, as AWS describes it."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of
from tacho.aws.cost import Use

Client = Callable[[str], Any]
Uses = tuple[Use, ...]

GONE = ("NotFound", "NoSuch", "DoesNotExist", "ParameterNotFound")
"""Parts of the words for what is not there any more."""


def uses_now(client: Client, kind: str, id: str) -> Uses | None:
    """What it uses; nothing for what costs only by use; None when it is gone, which the tagging API learns late."""
    look = _LOOKS.get(kind)
    if look is None:
        return ()
    try:
        return look(client, id)
    except ClientError as error:
        if any(word in code_of(error) for word in GONE):
            return None
        raise


def _emr_cluster(client: Client, id: str) -> Uses | None:
    emr = client("emr")
    state = emr.describe_cluster(ClusterId=id)["Cluster"]["Status"]["State"]
    if state in ("TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"):
        return None
    groups = emr.list_instance_groups(ClusterId=id)["InstanceGroups"]
    return tuple(use for group in groups for use in _instance_group(group))


def _instance_group(group: dict[str, Any]) -> Iterator[Use]:
    count = group.get("RunningInstanceCount", 0)
    yield f"ec2.{group['InstanceType']}", count
    yield f"emr.{group['InstanceType']}", count
    for disk in group.get("EbsBlockDevices", ()):
        volume = disk["VolumeSpecification"]
        yield f"ebs.{volume['VolumeType']}", count * volume["SizeInGB"]


def _msk_cluster(client: Client, id: str) -> Uses | None:
    cluster = client("kafka").describe_cluster_v2(ClusterArn=id)["ClusterInfo"]
    if cluster["State"] == "DELETING":
        return None
    if "Provisioned" not in cluster:
        return (("msk.serverless", 1.0),)
    brokers, group = cluster["Provisioned"]["NumberOfBrokerNodes"], cluster["Provisioned"]["BrokerNodeGroupInfo"]
    gigabytes = group.get("StorageInfo", {}).get("EbsStorageInfo", {}).get("VolumeSize", 0)
    return (f"msk.{group['InstanceType']}", brokers), ("msk.storage", brokers * gigabytes)


def _ecs_service(client: Client, id: str) -> Uses | None:
    cluster, _, name = id.partition(" --service ")
    ecs = client("ecs")
    found = ecs.describe_services(cluster=cluster, services=[name])["services"]
    if not found or found[0]["status"] != "ACTIVE":
        return None
    task = ecs.describe_task_definition(taskDefinition=found[0]["taskDefinition"])["taskDefinition"]
    kind = "arm" if task.get("runtimePlatform", {}).get("cpuArchitecture") == "ARM64" else "x86"
    tasks = found[0]["desiredCount"] / 1024
    return (f"fargate.{kind}.vcpu", tasks * int(task["cpu"])), (f"fargate.{kind}.gb", tasks * int(task["memory"]))


def _nat_gateway(client: Client, id: str) -> Uses | None:
    asked = [{"Name": "nat-gateway-id", "Values": [id]}]
    gateways = client("ec2").describe_nat_gateways(Filter=asked)["NatGateways"]
    there = any(gateway["State"] in ("pending", "available") for gateway in gateways)
    return (("nat", 1.0),) if there else None


def _kms_key(client: Client, id: str) -> Uses | None:
    # A key is deleted by waiting, and is not paid for meanwhile.
    state = client("kms").describe_key(KeyId=id)["KeyMetadata"]["KeyState"]
    return None if state == "PendingDeletion" else (("kms-key", 1.0),)


_LOOKS: dict[str, Callable[[Client, str], Uses | None]] = {
    "emr-cluster": _emr_cluster,
    "msk-cluster": _msk_cluster,
    "ecs-service": _ecs_service,
    "nat-gateway": _nat_gateway,
    "elastic-ip": lambda client, id: (("eip", 1.0),),
    "kms-key": _kms_key,
}
