"""`tacho aws` with the real Terraform and the shipped stages against a server that plays AWS: up, again, down."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.tests.terraform import offline
from deploy.tests.terraform.pretended_aws import direct, pretended_aws
from deploy.tests.terraform.tools import MissingToolError, find_tools

pytestmark = [pytest.mark.terraform, pytest.mark.timeout(600)]

BACKEND = """terraform {{
  backend "s3" {{
    endpoints                   = {{ s3 = "{0}", iam = "{0}", sts = "{0}" }}
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
  }}
}}
"""


# The provider waits most of a minute for the rules of each bucket, whatever the server says; the test of the foundation
# alone has them.
NO_RULES = 'resource "aws_s3_bucket_lifecycle_configuration" "this" {\n  count = 0\n}\n'


class Operator:
    """Types commands of `tacho aws` in a process of their own."""

    def __init__(self, tree: offline.Tree, endpoint: str, home: Path) -> None:
        direct(tree, endpoint, "00-state", "10-foundation")
        (tree.stage("00-state") / "backend_override.tf").unlink()
        (tree.stage("10-foundation") / "backend_override.tf").write_text(BACKEND.format(endpoint))
        (tree.terraform / "modules" / "bucket" / "rules_override.tf").write_text(NO_RULES)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_", "TACHO_"))}
        self._env = kept | {
            "AWS_ACCESS_KEY_ID": "offline",
            "AWS_SECRET_ACCESS_KEY": "offline",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "TF_CLI_CONFIG_FILE": str(tree.root / "cli.tfrc"),
            "TACHO_TERRAFORM": str(tree.terraform),
            "TACHO_HOME": str(home),
        }

    def types(self, *words: str, home: Path | None = None) -> tuple[int, str]:
        env = self._env | ({"TACHO_HOME": str(home)} if home else {})
        command = [sys.executable, "-m", "tacho", "aws", *words]
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=280, check=False)
        return done.returncode, f"{done.stdout}{done.stderr}"

    def stages(self, home: Path | None = None) -> dict[str, str]:
        code, out = self.types("status", "--json", home=home)
        assert code == 0, out
        return {row["stage"]: row["is"] for row in json.loads(out)["stages"]}


@pytest.fixture
def operator_at_work(tmp_path: Path) -> Iterator[Operator]:
    try:
        find_tools()
    except MissingToolError as error:
        pytest.skip(str(error))
    with pretended_aws() as endpoint:
        yield Operator(offline.tree().copy(tmp_path / "tree"), endpoint, tmp_path / "home")


def test_the_first_two_stages_go_up_again_and_down(operator_at_work: Operator, tmp_path: Path) -> None:
    operator = operator_at_work
    code, out = operator.types("up", "10-foundation", "--yes")
    assert (code, "10-foundation stands on 00-state: first `tacho aws up 00-state`" in out) == (2, True), out
    code, out = operator.types("up", "00-state", "--yes")
    assert code == 0, out
    # Another machine has no file of the first stage's state; its bucket has.
    elsewhere = tmp_path / "elsewhere"
    code, out = operator.types("up", "00-state", "--yes", home=elsewhere)
    assert (code, "00-state is up, nothing to change" in out) == (0, True), out
    code, out = operator.types("up", "10", "--yes", home=elsewhere)
    assert code == 0, out
    assert {name for name, state in operator.stages().items() if state == "up"} == {"00-state", "10-foundation"}
    code, out = operator.types("schemas", "--check", "--json")
    assert code == 0, out
    assert all(row["published"] == [1] and row["missing"] == [] for row in json.loads(out))
    code, out = operator.types("down", "00-state", "--yes")
    assert (code, "00-state stays while 10-foundation is up" in out) == (2, True), out
    for stage in ("10-foundation", "00-state"):
        code, out = operator.types("down", stage, "--yes")
        assert code == 0, out
    assert set(operator.stages().values()) == {"down"}
