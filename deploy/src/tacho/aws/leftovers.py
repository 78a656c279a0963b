"""What is ours in an account and no stage's state knows of: it was forgotten, or Terraform never made it. Pure.

EMR's security groups, network interfaces and log groups carry no tag, so three nets are cast: our tags, names that
begin with our prefix, and everything in our VPCs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tacho.aws.cost import Use
from tacho.aws.prices import Prices
from tacho.aws.resources import Resource
from tacho.aws.target import Target


class By(StrEnum):
    """The net something was found in."""

    TAG = "tag"
    NAME = "name"
    VPC = "vpc"


@dataclass(frozen=True)
class Found:
    """One thing in the account. `kind` is a key of KINDS; `uses`: what it uses of the price list by the hour."""

    kind: str
    id: str
    by: By
    uses: tuple[Use, ...] = ()
    names: tuple[str, ...] = ()
    """What else a state may know it by, or what it is a part of: an instance goes with its EMR cluster."""


@dataclass(frozen=True)
class Kind:
    """How a kind is removed: the AWS CLI's words for one id; None when only its owner may."""

    title: str
    command: Callable[[str], str] | None


def _aws(words: str) -> Callable[[str], str]:
    return lambda id: f"aws {words.format(id=id)}"


KINDS: Mapping[str, Kind] = {
    "emr-cluster": Kind("EMR clusters", _aws("emr terminate-clusters --cluster-ids {id}")),
    "emr-application": Kind(
        "EMR Serverless applications", _aws("emr-serverless delete-application --application-id {id}")
    ),
    "msk-cluster": Kind("MSK clusters (the log goes)", _aws("kafka delete-cluster --cluster-arn {id}")),
    "ecs-service": Kind("ECS services", _aws("ecs delete-service --force --cluster {id}")),
    "instance": Kind("machines", _aws("ec2 terminate-instances --instance-ids {id}")),
    "nat-gateway": Kind("NAT gateways", _aws("ec2 delete-nat-gateway --nat-gateway-id {id}")),
    "vpc-endpoint": Kind("VPC endpoints", _aws("ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}")),
    "elastic-ip": Kind("elastic addresses", _aws("ec2 release-address --allocation-id {id}")),
    "network-interface": Kind("network interfaces", _aws("ec2 delete-network-interface --network-interface-id {id}")),
    "security-group": Kind("security groups", _aws("ec2 delete-security-group --group-id {id}")),
    "volume": Kind("disks", _aws("ec2 delete-volume --volume-id {id}")),
    "task-definition": Kind("task definitions", _aws("ecs deregister-task-definition --task-definition {id}")),
    "kms-key": Kind("KMS keys", _aws("kms schedule-key-deletion --pending-window-in-days 7 --key-id {id}")),
    "log-group": Kind("log groups", _aws("logs delete-log-group --log-group-name {id}")),
    "parameter": Kind("SSM parameters", _aws("ssm delete-parameter --name {id}")),
    "bucket": Kind("buckets (with data)", None),
    "repository": Kind("image repositories", None),
    "other": Kind("other things with our tags", None),
}
"""In the order in which they can go: what uses something is before it."""


@dataclass(frozen=True)
class Leftover:
    """Something to be removed, what it costs a day, and the command that removes it.

    `unpriced`: what it uses that the price list does not have, so that it costs more than is said.
    """

    kind: str
    id: str
    by: By
    usd_per_day: float
    command: str
    unpriced: tuple[str, ...] = ()


def leftovers(found: Iterable[Found], known: frozenset[str], prices: Prices) -> tuple[Leftover, ...]:
    """What no state knows of, once each, in the order in which it can go."""
    first: dict[str, Found] = {}
    for thing in found:
        # What two nets caught keeps the surer one: a tag is ours for certain. Only one may know what it costs.
        if not any(known_as(name, known) for name in (thing.id, *thing.names)):
            before = first.get(thing.id)
            surer = thing if thing.by is By.TAG or before is None else before
            first[thing.id] = replace(surer, uses=thing.uses or (before.uses if before else ()))
    order = list(KINDS)
    return tuple(
        _leftover(thing, prices)
        for thing in sorted(first.values(), key=lambda thing: (order.index(thing.kind), thing.id))
    )


def _leftover(thing: Found, prices: Prices) -> Leftover:
    usd = sum(prices[item].usd_per_day * count for item, count in thing.uses if item in prices)
    unpriced = tuple(item for item, _ in thing.uses if item not in prices)
    removal = KINDS[thing.kind].command
    command = removal(thing.id) if removal else "only by hand: it holds data"
    return Leftover(thing.kind, thing.id, thing.by, usd, command, unpriced)


def known_as(id: str, known: frozenset[str]) -> bool:
    """Whether a state names it, by id or as the last part of an ARN."""
    return id in known or id.rpartition("/")[2] in known or id.rpartition(":")[2] in known


def known_ids(resources: Iterable[Resource]) -> frozenset[str]:
    """Every id, ARN and name that the states hold."""
    return frozenset(
        str(value)
        for resource in resources
        for key in ("id", "arn", "name", "family", "allocation_id", "network_interface_id")
        if isinstance(value := resource.values.get(key), str) and value
    ) | frozenset(
        interface for resource in resources for interface in resource.values.get("network_interface_ids") or ()
    )


def ours_by_name(name: str, target: Target) -> bool:
    """Whether a name begins as ours do, with and without the leading parts AWS puts before names."""
    bare = name.strip("/")
    starts = (target.prefix, f"aws/{target.prefix}", f"ecs/{target.prefix}")
    if bare in starts or any(bare.startswith((f"{start}-", f"{start}/")) for start in starts):
        return True
    # AWS names the log groups of a Lambda, a cluster or a job after it, below a folder of its own.
    return any(part == target.prefix or part.startswith(f"{target.prefix}-") for part in bare.split("/"))
