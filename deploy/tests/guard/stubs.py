"""boto3 clients that answer what a test tells them and nothing else, and a clock that does not wait."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3
from botocore.stub import Stubber
from off.handler import SERVICES, Settings
from off.stopping import Clock, Marker

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:tacho-dev-alerts"
SETTINGS = Settings(
    tags={"project": "tacho", "environment": "dev"},
    marker=Marker("bucket", "control/enricher/stop"),
    ecs_cluster="tacho-dev",
    topic_arn=TOPIC,
    patience_seconds=600.0,
)


def arn(service: str, resource: str) -> str:
    """An ARN of the tests' account."""
    return f"arn:aws:{service}:eu-central-1:{ACCOUNT}:{resource}"


ALERTER = arn("ecs", "service/tacho-dev/tacho-dev-alerter")
PRODUCER = arn("ecs", "service/tacho-dev/tacho-dev-producer")
EMR = arn("elasticmapreduce", "cluster/j-NEW")
ENDED_EMR = arn("elasticmapreduce", "cluster/j-OLD")
SERVERLESS = arn("emr-serverless", "/applications/00app")
MSK = arn("kafka", "cluster/tacho-dev/0b5e2c0a-1f1f-4d2e-9a51-000000000001-2")
NAT = arn("ec2", "natgateway/nat-1")
ENDPOINT = arn("ec2", "vpc-endpoint/vpce-1")


class Aws:
    """Stubbed clients; the methods say what each will be asked next, in order."""

    def __init__(self) -> None:
        options = {"region_name": "eu-central-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        client: Any = boto3.client
        self.clients: dict[str, Any] = {service: client(service, **options) for service in SERVICES}
        self.stubs = {service: Stubber(client) for service, client in self.clients.items()}

    def tagged(self, *arns: str) -> None:
        """One answer of the tagging API, asked with our tags."""
        self.stubs["resourcegroupstaggingapi"].add_response(
            "get_resources",
            {"ResourceTagMappingList": [{"ResourceARN": it} for it in arns]},
            {
                "TagFilters": [{"Key": "project", "Values": ["tacho"]}, {"Key": "environment", "Values": ["dev"]}],
                "ResourceTypeFilters": [
                    "ecs:service",
                    "elasticmapreduce:cluster",
                    "emr-serverless",
                    "kafka:cluster",
                    "ec2:natgateway",
                    "ec2:vpc-endpoint",
                ],
            },
        )

    def cluster(self, id: str, state: str) -> None:
        """How one EMR cluster is."""
        cluster = {"Id": id, "Name": "tacho-dev-emr", "Status": {"State": state}}
        self.stubs["emr"].add_response("describe_cluster", {"Cluster": cluster}, {"ClusterId": id})

    def steps(self, id: str, *names: str) -> None:
        """The steps of a cluster that wait or run."""
        steps = [{"Id": f"s-{name}", "Name": name} for name in names]
        self.stubs["emr"].add_response(
            "list_steps", {"Steps": steps}, {"ClusterId": id, "StepStates": ["PENDING", "RUNNING"]}
        )

    def marker(self) -> None:
        """The stop marker is put."""
        self.stubs["s3"].add_response(
            "put_object",
            {},
            {"Bucket": "bucket", "Key": "control/enricher/stop", "Body": b"the nightly off switch\n"},
        )

    def services(self, **desired: int) -> None:
        """How many tasks each service has been asked for."""
        names = [name.replace("_", "-") for name in desired]
        found = [
            {"serviceName": name, "status": "ACTIVE", "desiredCount": count}
            for name, count in zip(names, desired.values(), strict=True)
        ]
        self.stubs["ecs"].add_response(
            "describe_services", {"services": found}, {"cluster": "tacho-dev", "services": names}
        )

    def set_to_zero(self, name: str) -> None:
        """A service is set to no task."""
        self.stubs["ecs"].add_response(
            "update_service", {"service": {}}, {"cluster": "tacho-dev", "service": name, "desiredCount": 0}
        )

    def tasks(self, **groups: str) -> None:
        """Running tasks, with the group each is in."""
        arns = [arn("ecs", f"task/tacho-dev/{name}") for name in groups]
        self.stubs["ecs"].add_response(
            "list_tasks", {"taskArns": arns}, {"cluster": "tacho-dev", "desiredStatus": "RUNNING"}
        )
        if arns:
            tasks = [{"taskArn": it, "group": group} for it, group in zip(arns, groups.values(), strict=True)]
            self.stubs["ecs"].add_response("describe_tasks", {"tasks": tasks}, {"cluster": "tacho-dev", "tasks": arns})

    def report(self, subject: str, message: Any) -> None:
        """The report is published."""
        self.stubs["sns"].add_response("publish", {}, {"TopicArn": TOPIC, "Subject": subject, "Message": message})


@contextmanager
def active(aws: Aws) -> Iterator[None]:
    """Only what was announced may be asked, and all of it must have been."""
    with ExitStack() as stack:
        for stub in aws.stubs.values():
            stack.enter_context(stub)
        yield
    for service, stub in aws.stubs.items():
        try:
            stub.assert_no_pending_responses()
        except AssertionError as error:
            raise AssertionError(f"{service}: {error}") from error


class Waiting:
    """A clock on which waiting takes no time, and that knows how long was waited."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.clock = Clock(lambda: self.seconds, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds
