"""Deliberate mistakes, one a line of code, and the check that must see each: a test of the tests.

Mistakes of one check are made in one copy and looked at once, since starting Terraform is what takes the time. So each
says what only it causes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from deploy.tests.terraform import rules
from deploy.tests.terraform.offline import Tree
from deploy.tests.terraform.test_plans import planned


@dataclass(frozen=True)
class Check:
    """What finds offences in a copy; a TerraformError counts as found too. Checks of one name are the same."""

    name: str
    offences: Callable[[Tree], list[str]] = field(compare=False)


@dataclass(frozen=True)
class Mutation:
    """One place of one file written wrongly, and a part of what the check then says."""

    mistake: str
    path: str
    right: str
    wrong: str
    check: Check
    says: str
    alone: bool = False
    """Whether it would hide others, as what Terraform refuses to plan does."""


def plan_of(stage: str) -> Check:
    """The stage's plan, held against the rules of every plan."""
    return Check(f"the plan of {stage}", partial(_offences_of_plan, stage))


def own_tests_of(folder: str) -> Check:
    """The module's or stage's own `.tftest.hcl`."""
    return Check(f"the tests of {folder}", lambda tree: [tree.terraform_test(folder)])


def _offences_of_plan(stage: str, tree: Tree) -> list[str]:
    plan = planned(stage, tree=tree)
    untagged = [f"{address} is not tagged" for address in rules.badly_tagged(plan, stage)]
    return [*untagged, *(f"{name}: {offence}" for name, rule in rules.RULES.items() for offence in rule(plan))]
