"""The rules and the scrape settings, as Prometheus' own tool sees them."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.tests.monitoring.documents import PROMETHEUS, queries
from tacho.local.layout import home

pytestmark = pytest.mark.promtool


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool", path=str(home() / "bin")) or shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed: `sh deploy/tests/monitoring/tools.sh` takes it from Debian's package")
    return found


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_scrape_settings_and_the_rules_are_valid(promtool: str) -> None:
    done = run(promtool, "check", "config", PROMETHEUS / "prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_fires_when_it_should_and_not_otherwise(promtool: str) -> None:
    done = run(promtool, "test", "rules", PROMETHEUS / "rules_test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_that_no_longer_fires_would_be_found(promtool: str, tmp_path: Path) -> None:
    text = (PROMETHEUS / "rules.yml").read_text(encoding="utf-8")
    (tmp_path / "rules.yml").write_text(text.replace("tacho_ready == 0", "tacho_ready == 2", 1), encoding="utf-8")
    shutil.copy(PROMETHEUS / "rules_test.yml", tmp_path)
    done = run(promtool, "test", "rules", tmp_path / "rules_test.yml")
    assert done.returncode != 0
    assert "TachoNotReady" in done.stdout + done.stderr


def test_everything_that_dashboards_ask_is_a_query(promtool: str, tmp_path: Path) -> None:
    rules = [{"record": f"asked:{number}", "expr": query} for number, query in enumerate(queries())]
    (tmp_path / "asked.yml").write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": rules}]}))
    done = run(promtool, "check", "rules", tmp_path / "asked.yml")
    assert done.returncode == 0, done.stdout + done.stderr
