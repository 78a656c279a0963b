"""Removing one leftover through AWS's API. What it meets that is gone already is no failure."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tacho.aws.adapters.sentences import code_of, sentence
from tacho.aws.adapters.sizes import GONE, Client


def remove(client: Client, kind: str, id: str) -> str | None:
    """Remove it; None when it is gone afterwards, else why it is not."""
    try:
        _REMOVALS[kind](client, id)
    except ClientError as error:
        return None if any(word in code_of(error) for word in GONE) else sentence(error)
    return None


def _ecs_service(client: Client, id: str) -> None:
    cluster, _, name = id.partition(" --service ")
    client("ecs").delete_service(cluster=cluster, service=name, force=True)


_REMOVALS: dict[str, Callable[[Client, str], Any]] = {
    "emr-cluster": lambda client, id: client("emr").terminate_job_flows(JobFlowIds=[id]),
    "emr-application": lambda client, id: client("emr-serverless").delete_application(applicationId=id),
    "msk-cluster": lambda client, id: client("kafka").delete_cluster(ClusterArn=id),
    "ecs-service": _ecs_service,
    "nat-gateway": lambda client, id: client("ec2").delete_nat_gateway(NatGatewayId=id),
    "vpc-endpoint": lambda client, id: client("ec2").delete_vpc_endpoints(VpcEndpointIds=[id]),
    "elastic-ip": lambda client, id: client("ec2").release_address(AllocationId=id),
    "network-interface": lambda client, id: client("ec2").delete_network_interface(NetworkInterfaceId=id),
    "security-group": lambda client, id: client("ec2").delete_security_group(GroupId=id),
    "volume": lambda client, id: client("ec2").delete_volume(VolumeId=id),
    "instance": lambda client, id: client("ec2").terminate_instances(InstanceIds=[id]),
    "task-definition": lambda client, id: client("ecs").deregister_task_definition(taskDefinition=id),
    "log-group": lambda client, id: client("logs").delete_log_group(logGroupName=id),
    "kms-key": lambda client, id: client("kms").schedule_key_deletion(KeyId=id, PendingWindowInDays=7),
    "parameter": lambda client, id: client("ssm").delete_parameter(Name=id),
}
REMOVABLE = frozenset(_REMOVALS)
