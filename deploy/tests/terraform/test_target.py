"""Why every stage has a state of its own: what the seed's `-target` does to one state, and what a stage can't do."""

import shutil
from pathlib import Path

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.offline import Plan, Tree
from deploy.tests.terraform.reading import resources
from deploy.tests.terraform.test_plans import planned

MSK, EMR = "module.msk.terraform_data.cluster", "module.emr.terraform_data.cluster"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    tree = offline.tree().copy(tmp_path_factory.mktemp("target") / "tree")
    shutil.copytree(Path(__file__).parent / "fixtures" / "target", tree.terraform / "target")
    return tree


def touched(plan: Plan, action: str) -> set[str]:
    return {change["address"] for change in plan["resource_changes"] if action in change["change"]["actions"]}


def test_applying_one_module_of_one_state_makes_the_other_too(tree: Tree) -> None:
    plan = tree.plan_folder(tree.terraform / "target", {}, "-target=module.emr")
    assert touched(plan, "create") == {MSK, EMR}


def test_destroying_one_module_of_one_state_destroys_the_other_too(tree: Tree) -> None:
    folder = tree.terraform / "target"
    tree.run(folder, "apply", "-auto-approve", *tree.settings(folder, {}))
    plan = tree.plan_folder(folder, {}, "-destroy", "-target=module.msk")
    assert touched(plan, "delete") == {MSK, EMR}


def test_a_stage_of_its_own_holds_nothing_of_another() -> None:
    log = {resource.address for resource in resources(planned("20-msk"))}
    compute = {resource.address for resource in resources(planned("30-emr"))}
    assert log & compute == set()
    assert not resources(planned("30-emr"), "aws_msk_cluster", "aws_msk_configuration")
