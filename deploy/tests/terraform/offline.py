"""Terraform without an account, a registry or a network: a private copy of the tree, validated, planned and tested.

A stage is planned by the real AWS provider with dummy keys, with the settings of `env/dev.tfvars`, as `tacho aws up`
would plan it. Terraform is started one at a time, with the caller's AWS settings removed, and is bounded in time.
"""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from deploy.tests.terraform.tools import Tools, find_tools

ROOT = Path(__file__).parents[3]
ACCOUNT = "123456789012"
TIMEOUT_S = 240
Plan = dict[str, Any]

# Terraform merges files named *_override.tf into the stage; the stage itself knows nothing of tests.
BACKEND_OVERRIDE = 'terraform {\n  backend "local" {}\n}\n'
PROVIDER_OVERRIDE = """provider "aws" {
  access_key                  = "offline"
  secret_key                  = "offline"
  allowed_account_ids         = null
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
"""
CLI_CONFIG = """disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "%s"
  }
}
"""


class TerraformError(AssertionError):
    """Terraform refused: the text is what it said."""

    def in_one_line(self) -> str:
        """What it said, without its line breaks and the box it draws."""
        return " ".join(str(self).replace("│", " ").split())


class Tree:
    """A copy of deploy/terraform and of the files it reads, which a test may change and plan as it likes."""

    def __init__(self, folder: Path, tools: Tools, source: Path = ROOT) -> None:
        self.root = folder
        self.terraform = folder / "deploy" / "terraform"
        self._binary = tools.terraform
        self._plans: dict[tuple[str, str], Plan] = {}
        for part in ("deploy/terraform", "schemas/avro", "data/dims"):
            # A copy of a copy takes the initialised folders along: their provider is a link.
            shutil.copytree(
                source / part, folder / part, symlinks=True, ignore=_left_behind if source == ROOT else None
            )
        shutil.copy(source / "schemas" / "asyncapi.yaml", folder / "schemas" / "asyncapi.yaml")
        self._config = folder / "cli.tfrc"
        self._config.write_text(CLI_CONFIG % tools.mirror)

    def copy(self, folder: Path) -> "Tree":
        """Another private copy, with the changes made so far."""
        return Tree(folder, find_tools(), self.root)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change one place of a file below deploy/terraform. Raises when the place is not there exactly once."""
        file = self.terraform / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new))
        self._plans.clear()

    def stage(self, name: str) -> Path:
        """A stage's folder, made ready for the real provider without keys and with its state beside it."""
        folder = self.terraform / "stages" / name
        if not (folder / "backend_override.tf").exists():
            (folder / "backend_override.tf").write_text(BACKEND_OVERRIDE)
            (folder / "provider_override.tf").write_text(PROVIDER_OVERRIDE)
        return folder

    def validate(self, stage: str) -> None:
        """Syntax, references, types and the provider's own checks. Raises TerraformError."""
        self.run(self.stage(stage), "validate", "-no-color")

    def plan(self, stage: str, variables: dict[str, Any]) -> Plan:
        """The plan of a stage from nothing, made once for equal variables. Raises TerraformError."""
        key = (stage, json.dumps(variables, sort_keys=True))
        if key not in self._plans:
            self._plans[key] = self.plan_folder(self.stage(stage), variables)
        return self._plans[key]

    def plan_folder(self, folder: Path, variables: dict[str, Any], *options: str) -> Plan:
        """The plan of any folder of the copy, as `terraform show -json` gives it. Raises TerraformError."""
        self.run(folder, "plan", "-out=it.tfplan", *options, *self.settings(folder, variables))
        return dict(json.loads(self.run(folder, "show", "-json", "it.tfplan")))

    def settings(self, folder: Path, variables: dict[str, Any]) -> list[str]:
        """The options that hand a stage its variables: the environment's files, then what the caller passes."""
        passed = folder / "passed.tfvars.json"
        passed.write_text(json.dumps(variables))
        files = [passed]
        if folder.parent.name == "stages":
            passed.write_text(json.dumps({"account_id": ACCOUNT} | variables))
            files = [self.terraform / "env" / "dev.tfvars", self.terraform / f"env/dev/{folder.name}.tfvars", passed]
        return ["-input=false", "-no-color", *(f"-var-file={file}" for file in files if file.exists())]

    def terraform_test(self, folder: str) -> str:
        """Run a module's or stage's `.tftest.hcl` files, for example of "modules/bucket". Raises TerraformError."""
        kind, name = folder.split("/")
        return self.run(self.stage(name) if kind == "stages" else self.terraform / folder, "test", "-no-color")

    def run(self, folder: Path, *arguments: str) -> str:
        """Run terraform in a folder, initialising it first, and give what it printed. Raises TerraformError."""
        if not (folder / ".terraform").exists():
            self._start(folder, "init", "-input=false", "-no-color")
        return self._start(folder, *arguments)

    def _start(self, folder: Path, *arguments: str) -> str:
        # Nobody's profile, region or keys may leak into a test, nor a plugin cache into the mirror.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        environment = kept | {
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "TF_CLI_CONFIG_FILE": str(self._config),
            "TF_IN_AUTOMATION": "1",
        }
        command = [str(self._binary), f"-chdir={folder}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=TIMEOUT_S, check=False)
        if done.returncode:
            raise TerraformError(f"terraform {arguments[0]} in {folder.name}:\n{done.stdout}{done.stderr}")
        return done.stdout


def _left_behind(_: str, names: list[str]) -> set[str]:
    """What a working copy may hold that a fresh clone doesn't."""
    made_here = ".terraform", ".terraform.lock.hcl", "cars"
    return {name for name in names if name in made_here or name.endswith(("_override.tf", ".tfstate", ".tfplan"))}


@cache
def tree() -> Tree:
    """The copy that all tests of a session read; change only a copy() of it. Raises MissingToolError."""
    folder = tempfile.mkdtemp(prefix="tacho-terraform-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Tree(Path(folder), find_tools())


def validate(stage: str) -> None:
    """Validate a stage of the session's copy. Raises TerraformError."""
    tree().validate(stage)


def plan(stage: str, variables: dict[str, Any]) -> Plan:
    """Plan a stage of the session's copy, once for equal variables. Raises TerraformError."""
    return tree().plan(stage, variables)


def terraform_test(folder: str) -> str:
    """Run the `.tftest.hcl` files of a folder of the session's copy. Raises TerraformError."""
    return tree().terraform_test(folder)
