"""The lane `terraform` where its tools are missing: it is skipped, and says why, in CI too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.tests.terraform import tools

ROOT = Path(__file__).parents[3]


def test_without_terraform_the_lane_is_skipped_and_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-m", "terraform", "deploy/tests/terraform", "deploy/tests/aws"]
    env = os.environ | {"PATH": str(tmp_path), "CI": "true"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "terraform (1.11 or newer) is not on PATH" in done.stdout
    assert " passed" not in done.stdout.splitlines()[-1]


def test_a_missing_plugin_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MIRRORS", ())
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("TF_PLUGIN_DIR", str(tmp_path))
    monkeypatch.delenv("TF_PLUGIN_CACHE_DIR", raising=False)
    with pytest.raises(tools.MissingToolError, match=r"no AWS provider plugin .* TF_PLUGIN_DIR"):
        tools.find_tools()
    plugin = tmp_path / tools.PROVIDER / "6.0.0" / "linux_amd64" / "terraform-provider-aws_v6.0.0"
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    assert tools.find_tools() == tools.Tools(Path("/usr/bin/terraform"), tmp_path)
