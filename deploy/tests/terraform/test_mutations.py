"""Each deliberate mistake is seen by the check that is there for it, for the reason it is there for."""

from pathlib import Path

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.mutations import MUTATIONS, Mutation
from deploy.tests.terraform.mutations_of_what_runs import MUTATIONS_OF_WHAT_RUNS
from deploy.tests.terraform.offline import TerraformError


@pytest.mark.parametrize("mutation", [*MUTATIONS, *MUTATIONS_OF_WHAT_RUNS], ids=lambda mutation: mutation.mistake)
def test_a_mistake_is_caught(mutation: Mutation, tmp_path: Path) -> None:
    copy = offline.tree().copy(tmp_path / "tree")
    copy.replace(mutation.path, mutation.right, mutation.wrong)
    try:
        found = mutation.check(copy)
    except TerraformError as refusal:
        # Terraform breaks lines and draws a box around what it says.
        found = [" ".join(str(refusal).replace("│", " ").split())]
    assert any(mutation.says in offence for offence in found), found
