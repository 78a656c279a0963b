"""What holds for every stage: it validates, its own tests pass, and it is written as Terraform formats it."""

import subprocess

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.tools import find_tools

TERRAFORM = offline.ROOT / "deploy" / "terraform"
STAGES = sorted(folder.name for folder in (TERRAFORM / "stages").iterdir() if folder.is_dir())
TESTED = sorted({str(file.parents[1].relative_to(TERRAFORM)) for file in TERRAFORM.glob("*/*/tests/*.tftest.hcl")})


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_validates(stage: str) -> None:
    offline.validate(stage)


@pytest.mark.parametrize("folder", TESTED)
def test_a_module_or_stage_passes_its_own_tests(folder: str) -> None:
    offline.terraform_test(folder)


def test_every_module_and_stage_has_tests_of_its_own() -> None:
    folders = [folder for kind in ("modules", "stages") for folder in (TERRAFORM / kind).iterdir() if folder.is_dir()]
    assert sorted(str(folder.relative_to(TERRAFORM)) for folder in folders) == TESTED


def test_every_file_is_formatted() -> None:
    command = [str(find_tools().terraform), "fmt", "-check", "-recursive", "-diff", str(TERRAFORM)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
