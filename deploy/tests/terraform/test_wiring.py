"""Stages fit together by name: what a later one asks for, an earlier one hands on or a settings file says."""

import re

import pytest

from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.offline import ROOT
from deploy.tests.terraform.test_plans import STAGES, TERRAFORM, declared

COMMON = {"project", "environment", "region", "account_id", "partition", "disposable"}


def outputs(stage: str) -> set[str]:
    text = (TERRAFORM / "stages" / stage / "outputs.tf").read_text()
    return set(re.findall(r'^output "(\w+)"', text, re.MULTILINE))


def without_default(stage: str) -> set[str]:
    """Variables of a stage that somebody must set."""
    text = (TERRAFORM / "stages" / stage / "variables.tf").read_text()
    blocks = re.findall(r'^variable "(\w+)" \{(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    return {name for name, body in blocks if not re.search(r"^  default\s*=", body, re.MULTILINE)}


def said_in(environment: str, stage: str) -> set[str]:
    """Variables that an environment's files set for a stage."""
    files = [TERRAFORM / f"env/{environment}.tfvars", TERRAFORM / f"env/{environment}/{stage}.tfvars"]
    text = "\n".join(file.read_text() for file in files if file.exists())
    return set(re.findall(r"^(\w+)\s*=", text, re.MULTILINE))


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_asks_only_for_what_is_known_by_then(stage: str, environment: str) -> None:
    handed_on = {name for earlier in STAGES if earlier < stage for name in outputs(earlier)}
    assert without_default(stage) - handed_on - said_in(environment, stage) == {"account_id"}


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_settings_file_sets_nothing_that_a_stage_does_not_have(stage: str, environment: str) -> None:
    assert said_in(environment, stage) <= declared(stage) | COMMON


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_knows_the_environment_the_same_way(stage: str) -> None:
    first = (TERRAFORM / "stages" / "00-state" / "variables.tf").read_text()
    assert (TERRAFORM / "stages" / stage / "variables.tf").read_text().startswith(first)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_keeps_its_state_in_the_bucket_of_the_first(stage: str) -> None:
    text = (TERRAFORM / "stages" / stage / "versions.tf").read_text()
    assert ('backend "s3" {}' in text) == (stage != "00-state")


def test_what_the_tests_hand_on_is_what_stages_hand_on() -> None:
    assert OUTPUTS.keys() <= {name for stage in STAGES for name in outputs(stage)}


def test_terraform_is_new_enough_and_the_provider_is_bounded_everywhere() -> None:
    for path in TERRAFORM.glob("[ms]*/*/versions.tf"):
        text = path.read_text()
        assert 'required_version = ">= 1.11"' in text, path
        assert path.parent.name == "kafka_access" or 'version = ">= 5.80, < 7.0"' in text, path


def test_no_lock_file_of_one_platform_is_in_the_repository() -> None:
    ignored = (TERRAFORM / ".gitignore").read_text().split()
    assert ".terraform.lock.hcl" in ignored
    assert not [path for path in (ROOT / "deploy").rglob(".terraform.lock.hcl") if path.parent.name == "terraform"]
