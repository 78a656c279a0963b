"""The endpoints that are paid for are those that something calls: derived from what the roles may call.

A role allows what its service calls and nothing else (test_plans), so the AWS interfaces behind the allowed actions of
everything that runs in the private subnets are the ways it needs.
"""

import ast
from typing import Any

from deploy.tests.terraform.offline import ROOT, Tree
from deploy.tests.terraform.reading import resources, statements
from deploy.tests.terraform.test_plans import planned

# Stages whose roles are used inside the VPC, in each of their forms.
INSIDE: list[tuple[str, dict[str, Any]]] = [
    ("30-emr", {}),
    ("30-emr", {"deployment": "serverless"}),
    ("40-services", {}),
]
# The endpoints behind an action's prefix. S3 has a free gateway endpoint; Kafka's own data path is inside the VPC.
BEHIND: dict[str, set[str]] = {
    "ecr": {"ecr.api", "ecr.dkr"},
    "kafka-cluster": set(),
    "logs": {"logs"},
    "s3": set(),
    "ssm": {"ssm"},
    "ssmmessages": {"ssmmessages"},
}


def made_endpoints(tree: Tree | None = None) -> set[str]:
    plan = planned("15-egress", {"mode": "endpoints"}, tree)
    return {item.values["service_name"].split(".", 3)[3] for item in resources(plan, "aws_vpc_endpoint")}


def called_prefixes() -> set[str]:
    """Prefixes of the actions that roles inside the VPC allow."""
    prefixes: set[str] = set()
    for stage, variables in INSIDE:
        for statement in statements(planned(stage, variables)):
            inside = statement.principal is None and statement.effect == "Allow"
            if inside and "service" not in statement.address.rpartition(".")[2]:
                prefixes |= {action.partition(":")[0] for action in statement.actions}
    return prefixes


def amiss(tree: Tree | None = None) -> list[str]:
    """Endpoints that are missing, and those that nobody calls."""
    needed = {endpoint for prefix in called_prefixes() for endpoint in BEHIND[prefix]}
    made = made_endpoints(tree)
    return [f"no way to {name}" for name in needed - made] + [f"{name} is paid for in vain" for name in made - needed]


def test_every_called_interface_has_an_endpoint_and_no_other_is_paid_for() -> None:
    assert called_prefixes() <= BEHIND.keys(), "say which endpoints stand behind these"
    assert amiss() == []


def test_the_code_calls_no_interface_without_a_way() -> None:
    """Clients that the services' own code makes, read from its source."""
    called: set[str] = set()
    for path in [*ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("schemas/src/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "client":
                called |= {str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    assert called
    assert {endpoint for name in called for endpoint in BEHIND[name]} <= made_endpoints()
