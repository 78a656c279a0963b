"""Reading a plan: the resources it makes, their policies, and who may come in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.tests.terraform.offline import Plan

ANYWHERE = {"0.0.0.0/0", "::/0"}
# Beside those named for it, whose policy is ours and not one that AWS gives them.
WITH_POLICY = ("aws_iam_role", "aws_kms_key", "aws_sqs_queue")


@dataclass(frozen=True)
class Resource:
    """One resource of a plan, with what is known of it before it is made."""

    address: str
    type: str
    values: dict[str, Any]
    unknown: dict[str, Any]


@dataclass(frozen=True)
class Statement:
    """One statement of a policy, and the resource whose policy it is."""

    address: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principal: Any
    condition: dict[str, Any]


def resources(plan: Plan, *types: str) -> list[Resource]:
    """What the plan makes, of all types or of those named."""
    return [
        Resource(
            change["address"], change["type"], change["change"]["after"], change["change"].get("after_unknown") or {}
        )
        for change in plan.get("resource_changes", [])
        if change["mode"] == "managed" and change["change"]["after"] and (not types or change["type"] in types)
    ]


def statements(plan: Plan) -> list[Statement]:
    """Every statement of every policy document anywhere in the plan."""
    return [
        _statement(resource.address, body)
        for resource in resources(plan)
        for document in _documents(resource.values)
        for body in _listed(document["Statement"])
    ]


def hidden_policies(plan: Plan) -> list[str]:
    """Policies of ours whose text the plan doesn't show, so that no test can judge them."""
    return [
        f"{resource.address}.{name}"
        for resource in resources(plan)
        for name in ("policy", "assume_role_policy")
        if resource.unknown.get(name) is True and (resource.type.endswith("_policy") or resource.type in WITH_POLICY)
    ]


def open_doors(plan: Plan) -> list[str]:
    """Ways in from the internet: rules that admit every address, public addresses, public brokers."""
    return [resource.address for resource in resources(plan) if any(_opens(resource))]


def _opens(resource: Resource) -> Iterator[bool]:
    values = resource.values
    rules = list(values.get("ingress") or []) if resource.type.endswith("security_group") else []
    if resource.type == "aws_vpc_security_group_ingress_rule" or values.get("type") == "ingress":
        rules.append(values)
    for rule in rules:
        ranges = [rule.get("cidr_ipv4"), rule.get("cidr_ipv6")]
        ranges += [*(rule.get("cidr_blocks") or []), *(rule.get("ipv6_cidr_blocks") or [])]
        yield bool(ANYWHERE & set(ranges))
    yield bool(values.get("map_public_ip_on_launch"))
    yield any(block.get("assign_public_ip") for block in _listed(values.get("network_configuration") or []))
    for group in _listed(values.get("broker_node_group_info") or []):
        for info in group.get("connectivity_info") or []:
            yield any(access.get("type") != "DISABLED" for access in info.get("public_access") or [])
    yield values.get("internal") is False


def _statement(address: str, body: dict[str, Any]) -> Statement:
    actions, named = _listed(body.get("Action", [])), _listed(body.get("Resource", []))
    return Statement(
        address, body["Effect"], tuple(actions), tuple(named), body.get("Principal"), body.get("Condition", {})
    )


def _documents(value: Any) -> Iterator[dict[str, Any]]:
    """Policy documents in a value, at any depth: objects in JSON text that have statements."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _documents(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _documents(inner)
    elif isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            document = json.loads(value)
        except ValueError:
            return
        if isinstance(document, dict) and "Statement" in document:
            yield document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
