"""The stages as Terraform has them fit together as `tacho aws up` connects them: read as text, without Terraform."""

import re
from pathlib import Path

import pytest

from tacho.aws.adapters.cloud import terraform_folder
from tacho.aws.lifting import own_variables
from tacho.aws.prices import read_prices
from tacho.aws.stages import STAGES, Stage
from tacho.aws.target import Target
from tacho.local.layout import REPOSITORY

_BLOCK = r'^{} "(\w+)" {{(.*?)^}}'


def blocks(stage: str, kind: str) -> dict[str, str]:
    """Bodies of a kind of block by name."""
    texts = [path.read_text(encoding="utf-8") for path in (terraform_folder() / "stages" / stage).glob("*.tf")]
    return dict(re.findall(_BLOCK.format(kind), "\n".join(texts), re.M | re.S))


def assigned(path: Path) -> set[str]:
    return set(re.findall(r"^(\w+)\s*=", path.read_text(encoding="utf-8"), re.M)) if path.is_file() else set()


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_whatever_a_stage_must_be_told_comes_from_the_stages_below_it_or_its_environment(
    stage: Stage, environment: str, target: Target
) -> None:
    env = terraform_folder() / "env"
    told = set(own_variables(target)) | assigned(env / f"{environment}.tfvars")
    told |= assigned(env / environment / f"{stage.name}.tfvars")
    for below in stage.needs:
        told |= set(blocks(below, "output"))
    wanted = {
        name for name, body in blocks(stage.name, "variable").items() if not re.search(r"^\s+default\s*=", body, re.M)
    }
    assert wanted - told == set()


@pytest.mark.parametrize("stage", STAGES[1:], ids=lambda stage: stage.name)
def test_every_stage_but_the_first_keeps_its_state_in_the_bucket(stage: Stage) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (terraform_folder() / "stages" / stage.name).glob("*.tf")]
    assert any('backend "s3" {}' in text for text in texts)


def test_the_commands_find_the_outputs_they_ask_for() -> None:
    asked: dict[str, set[str]] = {}
    constants = {"FOUNDATION": "10-foundation", "MSK": "20-msk", "EMR": "30-emr", "SERVICES": "40-services"}
    for path in (REPOSITORY / "deploy" / "src" / "tacho" / "aws" / "commands").glob("*.py"):
        for name, stage in re.findall(r'output\((?:states, )?"(\w+)",? ?(\w+)?\)', path.read_text(encoding="utf-8")):
            asked.setdefault(constants[stage], set()).add(name)
    for path in (REPOSITORY / "deploy" / "src" / "tacho" / "aws" / "commands").glob("*.py"):
        for name, stage in re.findall(r"output\(states, '(\w+)', (\w+)\)", path.read_text(encoding="utf-8")):
            asked.setdefault(constants[stage], set()).add(name)
    assert set(asked) == set(constants.values())
    for stage, names in asked.items():
        assert names - set(blocks(stage, "output")) == set(), stage


def test_the_price_list_is_readable() -> None:
    assert read_prices(REPOSITORY / "deploy" / "prices.toml")
