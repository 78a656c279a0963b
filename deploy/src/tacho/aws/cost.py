"""What resources cost a day, from what Terraform knows of them and a list of unit prices. Pure.

Only what costs by the hour is counted; requests, stored bytes and log lines depend on use and are named in the
operations guide. Sizes that Terraform leaves open are counted at their largest.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tacho.aws.prices import Price, Prices
from tacho.aws.resources import Resource

Use = tuple[str, float]
"""An item of the price list and how many of its units."""


@dataclass(frozen=True)
class CostLine:
    """What one resource costs a day, in US dollars. `missing`: items that the price list does not have."""

    address: str
    usd_per_day: float
    missing: tuple[str, ...] = ()


def daily(resources: Iterable[Resource], prices: Prices) -> tuple[CostLine, ...]:
    """The lines of everything that costs by the hour, dearest first."""
    known = tuple(resources)
    lines = []
    for resource in known:
        uses = tuple(uses_of(resource, known))
        if uses:
            missing = tuple(item for item, _ in uses if item not in prices)
            usd = sum(prices[item].usd_per_day * count for item, count in uses if item in prices)
            lines.append(CostLine(resource.address, usd, missing))
    return tuple(sorted(lines, key=lambda line: (-line.usd_per_day, line.address)))


def total(lines: Iterable[CostLine]) -> float:
    """US dollars a day."""
    return sum((line.usd_per_day for line in lines), 0.0)


def as_of(prices: Iterable[Price]) -> str:
    """The oldest date in the list: no figure is fresher than that."""
    return min((price.date for price in prices), default="never")


def uses_of(resource: Resource, beside: tuple[Resource, ...]) -> Iterator[Use]:
    """What the resource uses of the price list; nothing for what costs by use or not at all."""
    found = _USES.get(resource.type)
    return found(resource.values, beside) if found else iter(())


def _block(values: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """A nested block, which Terraform writes as a list of at most one."""
    for name in names:
        values = (values.get(name) or [{}])[0]
    return values


def _msk(values: Mapping[str, Any], _: tuple[Resource, ...]) -> Iterator[Use]:
    brokers = int(values.get("number_of_broker_nodes") or 0)
    group = _block(values, "broker_node_group_info")
    yield f"msk.{group.get('instance_type')}", brokers
    gigabytes = _block(group, "storage_info", "ebs_storage_info").get("volume_size")
    if gigabytes:
        yield "msk.storage", brokers * float(gigabytes)


def _emr(values: Mapping[str, Any], _: tuple[Resource, ...]) -> Iterator[Use]:
    for name in ("master_instance_group", "core_instance_group"):
        for group in values.get(name) or ():
            count = int(group.get("instance_count") or 1)
            yield f"ec2.{group['instance_type']}", count
            yield f"emr.{group['instance_type']}", count
            for disk in group.get("ebs_config") or ():
                disks = count * int(disk.get("volumes_per_instance") or 1)
                yield f"ebs.{disk.get('type')}", disks * float(disk["size"])


def _emr_serverless(values: Mapping[str, Any], _: tuple[Resource, ...]) -> Iterator[Use]:
    kind = "arm" if values.get("architecture") == "ARM64" else "x86"
    most = _block(values, "maximum_capacity")
    yield f"emr-serverless.{kind}.vcpu", _number(most.get("cpu"))
    yield f"emr-serverless.{kind}.gb", _number(most.get("memory"))


def _ecs_service(values: Mapping[str, Any], beside: tuple[Resource, ...]) -> Iterator[Use]:
    definition = _task_definition(values, beside)
    if definition is None:
        return
    # Desired is 0 until the first release; what it will cost is what matters before `up`.
    tasks = max(int(values.get("desired_count") or 0), 1)
    cpu_kind = "arm" if _block(definition, "runtime_platform").get("cpu_architecture") == "ARM64" else "x86"
    yield f"fargate.{cpu_kind}.vcpu", tasks * int(definition["cpu"]) / 1024
    yield f"fargate.{cpu_kind}.gb", tasks * int(definition["memory"]) / 1024


def _task_definition(service: Mapping[str, Any], beside: tuple[Resource, ...]) -> Mapping[str, Any] | None:
    """The definition of the service's family: by reference once applied, by name while only planned."""
    named = str(service.get("task_definition") or "")
    family = named.rpartition("/")[2].partition(":")[0] or service.get("name")
    for other in beside:
        if other.type == "aws_ecs_task_definition" and other.values.get("family") == family:
            return other.values
    return None


def _endpoint(values: Mapping[str, Any], beside: tuple[Resource, ...]) -> Iterator[Use]:
    if values.get("vpc_endpoint_type") == "Interface":
        yield "vpc-endpoint", len(values.get("subnet_ids") or ()) or 1


def _one(item: str) -> Callable[[Mapping[str, Any], tuple[Resource, ...]], Iterator[Use]]:
    return lambda values, beside: iter(((item, 1.0),))


def _number(text: Any) -> float:
    found = re.match(r"[\d.]+", str(text or ""))
    return float(found[0]) if found else 0.0


_USES: Mapping[str, Callable[[Mapping[str, Any], tuple[Resource, ...]], Iterator[Use]]] = {
    "aws_msk_cluster": _msk,
    "aws_emr_cluster": _emr,
    "aws_emrserverless_application": _emr_serverless,
    "aws_ecs_service": _ecs_service,
    "aws_nat_gateway": _one("nat"),
    "aws_eip": _one("eip"),
    "aws_vpc_endpoint": _endpoint,
    "aws_cloudwatch_metric_alarm": _one("alarm"),
    "aws_cloudwatch_dashboard": _one("dashboard"),
    "aws_kms_key": _one("kms-key"),
}
