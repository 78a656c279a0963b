"""Where faults may be injected: where a person says so, and nowhere by default."""

from pathlib import Path

import pytest
import yaml

from tacho.local import stages
from tacho.local.layout import RunFolder
from tacho.local.settings import RunSettings

ROOT = Path(__file__).parents[3]
VARIABLE = "TACHO_PRODUCER_FAULTS"


@pytest.mark.parametrize(("faults", "said"), [(True, "allow"), (False, None)])
def test_a_run_allows_them_when_it_is_asked_to(faults: bool, said: str | None, tmp_path: Path) -> None:
    settings = RunSettings(RunFolder(tmp_path), faults=faults)
    assert stages.producer(settings).env.get(VARIABLE) == said


def test_compose_passes_the_setting_on_and_leaves_it_off_otherwise() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["producer"]["environment"][VARIABLE] == "${TACHO_PRODUCER_FAULTS:-off}"


def test_nothing_that_runs_on_aws_allows_them() -> None:
    folders = ("deploy/terraform/modules", "deploy/terraform/stages", "deploy/terraform/env", "deploy/src/tacho/aws")
    files = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in {".tf", ".tfvars", ".py"}
    ]
    assert len(files) > 40
    assert not [path for path in files if VARIABLE in path.read_text(encoding="utf-8")]
