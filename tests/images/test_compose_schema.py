"""compose.yaml against the schema of the compose specification."""

import subprocess
import sys
from pathlib import Path

import pytest

from tacho.local.layout import REPOSITORY, home

pytestmark = pytest.mark.images
LOCK = Path(__file__).with_name("requirements.lock")


@pytest.fixture(scope="module")
def checker() -> Path:
    """The schema's checker in an environment of its own, installed from its lock when that is new."""
    folder = home() / "images" / "checker"
    stamp = folder / "installed.lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        uv = (sys.executable, "-m", "uv")
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
        install = ("pip", "install", "--quiet", "--python", folder / "bin" / "python", "--require-hashes", "-r", LOCK)
        subprocess.run([*uv, *install], check=True)
        stamp.write_bytes(LOCK.read_bytes())
    return folder / "bin" / "check-jsonschema"


def verdict(checker: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [checker, "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_keeps_to_the_specification(checker: Path) -> None:
    done = verdict(checker, REPOSITORY / "compose.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mistake_would_be_found(checker: Path, tmp_path: Path) -> None:
    text = (REPOSITORY / "compose.yaml").read_text(encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(text.replace("mem_limit:", "memory_limit:", 1))
    assert verdict(checker, tmp_path / "compose.yaml").returncode != 0
