"""What runs now, found by tag: ids change each time a stage is made anew. Nothing here changes anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EMR_ALIVE = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")
STEPS_ALIVE = ["PENDING", "RUNNING"]
JOBS_ALIVE = ["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING"]
KINDS = [
    "ecs:service",
    "elasticmapreduce:cluster",
    "emr-serverless",
    "kafka:cluster",
    "ec2:natgateway",
    "ec2:vpc-endpoint",
]
# What an enricher's job is called begins with the service's name; a cars job ends by itself.
ENRICHER = "enricher"


@dataclass(frozen=True)
class Arn:
    """The parts of an ARN that matter: service, and the resource in its own words."""

    text: str

    @property
    def service(self) -> str:
        """Such as `ecs`."""
        return self.text.split(":", 5)[2]

    @property
    def path(self) -> list[str]:
        """Such as ["service", "tacho-dev", "tacho-dev-alerter"]."""
        return self.text.split(":", 5)[5].strip("/").split("/")


@dataclass(frozen=True)
class Service:
    """An ECS service by cluster and name."""

    cluster: str
    name: str


@dataclass(frozen=True)
class Job:
    """A Spark job that has not ended: a step of a cluster, or a run of an application."""

    host: str
    id: str
    name: str


class Finder:
    """Asks AWS for what carries all of the tags. Any client's ClientError is the caller's to handle."""

    def __init__(self, clients: Mapping[str, Any], tags: Mapping[str, str]) -> None:
        self._clients = clients
        self._tags = tags

    def tagged(self) -> list[Arn]:
        """Everything of ours of a kind that can cost money by the hour; what was deleted lately may be among it."""
        pages = (
            self._clients["resourcegroupstaggingapi"]
            .get_paginator("get_resources")
            .paginate(
                TagFilters=[{"Key": key, "Values": [value]} for key, value in self._tags.items()],
                ResourceTypeFilters=KINDS,
            )
        )
        return [Arn(found["ResourceARN"]) for page in pages for found in page["ResourceTagMappingList"]]

    def services(self, arns: list[Arn]) -> list[Service]:
        """ECS services among them."""
        return [Service(arn.path[1], arn.path[2]) for arn in arns if arn.service == "ecs" and len(arn.path) == 3]

    def emr_clusters(self, arns: list[Arn]) -> list[str]:
        """Ids of the EMR clusters that are alive."""
        client = self._clients["emr"]
        ids = [arn.path[1] for arn in arns if arn.service == "elasticmapreduce"]
        return [id for id in ids if client.describe_cluster(ClusterId=id)["Cluster"]["Status"]["State"] in EMR_ALIVE]

    def enricher_jobs(self, arns: list[Arn]) -> list[Job]:
        """Jobs of the enricher that wait or run, on either kind of EMR."""
        return [job for job in (*self._steps(arns), *self._runs(arns)) if job.name.startswith(ENRICHER)]

    def _steps(self, arns: list[Arn]) -> Iterator[Job]:
        for cluster in self.emr_clusters(arns):
            pages = self._clients["emr"].get_paginator("list_steps")
            for page in pages.paginate(ClusterId=cluster, StepStates=STEPS_ALIVE):
                yield from (Job(cluster, step["Id"], step["Name"]) for step in page["Steps"])

    def _runs(self, arns: list[Arn]) -> Iterator[Job]:
        pages = self._clients["emr-serverless"].get_paginator("list_job_runs")
        for application in (arn.path[1] for arn in arns if arn.service == "emr-serverless"):
            # The enricher is a streaming job; without a mode only one kind might be listed.
            for mode in ("STREAMING", "BATCH"):
                for page in pages.paginate(applicationId=application, states=JOBS_ALIVE, mode=mode):
                    yield from (Job(application, run["id"], run.get("name", "")) for run in page["jobRuns"])

    def one_off_tasks(self, cluster: str) -> list[str]:
        """ARNs of running tasks that belong to no service."""
        client = self._clients["ecs"]
        pages = client.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus="RUNNING")
        arns = [arn for page in pages for arn in page["taskArns"]]
        found: list[str] = []
        for start in range(0, len(arns), 100):
            tasks = client.describe_tasks(cluster=cluster, tasks=arns[start : start + 100])["tasks"]
            found += [task["taskArn"] for task in tasks if not task.get("group", "").startswith("service:")]
        return found

    def paid_network(self, arns: list[Arn]) -> list[str]:
        """Ids of NAT gateways and interface endpoints that are there; gateway endpoints cost nothing."""
        ec2 = [arn.path for arn in arns if arn.service == "ec2"]
        gateways = [id for kind, id in ec2 if kind == "natgateway"]
        endpoints = [id for kind, id in ec2 if kind == "vpc-endpoint"]
        paid: list[str] = []
        if gateways:
            answer = self._clients["ec2"].describe_nat_gateways(Filter=[{"Name": "nat-gateway-id", "Values": gateways}])
            paid += [it["NatGatewayId"] for it in answer["NatGateways"] if it["State"] in ("pending", "available")]
        if endpoints:
            wanted = [
                {"Name": "vpc-endpoint-id", "Values": endpoints},
                {"Name": "vpc-endpoint-type", "Values": ["Interface"]},
            ]
            answer = self._clients["ec2"].describe_vpc_endpoints(Filters=wanted)
            paid += [it["VpcEndpointId"] for it in answer["VpcEndpoints"]]
        return paid
