"""The workflows against actionlint, which knows GitHub's contexts, and the shell when shellcheck is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tacho.local.layout import home

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(scope="module")
def actionlint() -> str:
    found = shutil.which("actionlint", path=str(home() / "bin")) or shutil.which("actionlint")
    if found is None:
        pytest.skip("actionlint is not installed: `sh tests/workflows/tools.sh` installs it where there is a Go")
    return found


def verdict(actionlint: str, *files: Path) -> str:
    done = subprocess.run([actionlint, "-no-color", *files], capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_it_finds_no_fault_in_the_workflows(actionlint: str) -> None:
    assert verdict(actionlint, *FILES) == ""


def test_a_mistake_would_be_found(actionlint: str, tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    wrong = tmp_path / "release.yml"
    wrong.write_text(text.replace("needs.plan.outputs.version", "needs.plan.outputs.versoin", 1))
    assert "versoin" in verdict(actionlint, wrong)
