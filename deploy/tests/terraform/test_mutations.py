"""Each deliberate mistake is seen by the check that is there for it, for the reason it is there for."""

import re
from pathlib import Path

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.mutations import Check, Mutation
from deploy.tests.terraform.mutations_of_what_runs import MUTATIONS_OF_WHAT_RUNS
from deploy.tests.terraform.mutations_of_what_stays import MUTATIONS_OF_WHAT_STAYS
from deploy.tests.terraform.offline import TerraformError
from deploy.tests.terraform.test_plans import STAGES, TERRAFORM

MISTAKES = [*MUTATIONS_OF_WHAT_STAYS, *MUTATIONS_OF_WHAT_RUNS]


def batches() -> dict[str, tuple[Check, list[Mutation]]]:
    """What is made in one copy, by name: a mistake that would hide others, or all others of one check."""
    found: dict[str, tuple[Check, list[Mutation]]] = {}
    for mistake in MISTAKES:
        name = mistake.mistake if mistake.alone else mistake.check.name
        found.setdefault(name, (mistake.check, []))[1].append(mistake)
    return found


@pytest.mark.parametrize(("check", "mistakes"), batches().values(), ids=batches())
def test_mistakes_are_caught(check: Check, mistakes: list[Mutation], tmp_path: Path) -> None:
    copy = offline.tree().copy(tmp_path / "tree")
    for mistake in mistakes:
        copy.replace(mistake.path, mistake.right, mistake.wrong)
    try:
        found = check.offences(copy)
    except TerraformError as refusal:
        found = [refusal.in_one_line()]
    unseen = [mistake.mistake for mistake in mistakes if not any(mistake.says in offence for offence in found)]
    assert unseen == [], found


def test_a_mistake_is_made_in_every_module_and_below_every_stage() -> None:
    made_in = {mistake.path.rpartition("/")[0] for mistake in MISTAKES}
    modules = {path.relative_to(TERRAFORM).as_posix() for path in (TERRAFORM / "modules").iterdir()}
    assert modules - made_in == set()
    for stage in STAGES:
        text = "".join(path.read_text() for path in (TERRAFORM / "stages" / stage).glob("*.tf"))
        below = {f"stages/{stage}", *re.findall(r'source\s*=\s*"\.\./\.\./(modules/\w+)"', text)}
        assert below & made_in, stage
