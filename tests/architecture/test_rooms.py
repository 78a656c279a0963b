"""The tree keeps its own rules: small files, pure modules without clients, no room called utils."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 250
LONGEST_FUNCTION = 50

# Modules that hold decisions. They take time, ids and randomness as arguments and touch no client and no session.
PURE = {
    "deploy/src/tacho/archive/records.py",
    "deploy/src/tacho/aws/compatibility.py",
    "deploy/src/tacho/aws/cost.py",
    "deploy/src/tacho/aws/leftovers.py",
    "deploy/src/tacho/aws/publishing.py",
    "deploy/src/tacho/aws/resources.py",
    "deploy/src/tacho/aws/spark_job.py",
    "deploy/src/tacho/aws/stages.py",
    "deploy/src/tacho/aws/states.py",
    "deploy/src/tacho/aws/target.py",
    "deploy/src/tacho/aws/task_definition.py",
    "deploy/src/tacho/backtest/view.py",
    "deploy/src/tacho/consume/moments.py",
    "deploy/src/tacho/episodes/acknowledging.py",
    "deploy/src/tacho/episodes/fold.py",
    "deploy/src/tacho/episodes/ids.py",
    "deploy/src/tacho/episodes/view.py",
    "deploy/src/tacho/faults/switches.py",
    "deploy/src/tacho/faults/view.py",
    "deploy/src/tacho/report/drivers.py",
    "deploy/src/tacho/report/driving.py",
    "deploy/src/tacho/report/samples.py",
    "deploy/src/tacho/report/score.py",
    "deploy/src/tacho/report/view.py",
    "deploy/src/tacho/webhook/choice.py",
    "deploy/src/tacho/webhook/endpoint.py",
    "deploy/src/tacho/webhook/event.py",
    "deploy/src/tacho/webhook/trying.py",
    "services/alerter/src/tacho_alerter/backtest/comparison.py",
    "services/alerter/src/tacho_alerter/backtest/document.py",
    "services/alerter/src/tacho_alerter/backtest/judging.py",
    "services/alerter/src/tacho_alerter/backtest/matching.py",
    "services/alerter/src/tacho_alerter/backtest/progress.py",
    "services/alerter/src/tacho_alerter/backtest/tally.py",
    "services/alerter/src/tacho_alerter/engine/calm.py",
    "services/alerter/src/tacho_alerter/engine/episodes.py",
    "services/alerter/src/tacho_alerter/engine/order.py",
    "services/alerter/src/tacho_alerter/engine/partition.py",
    "services/alerter/src/tacho_alerter/engine/silence.py",
    "services/alerter/src/tacho_alerter/state/records.py",
    "services/alerter/src/tacho_alerter/rules/rule.py",
    "services/dashboard/src/tacho_dashboard/model/alerts.py",
    "services/dashboard/src/tacho_dashboard/model/dead_letters.py",
    "services/dashboard/src/tacho_dashboard/model/faults.py",
    "services/dashboard/src/tacho_dashboard/model/fleet.py",
    "services/dashboard/src/tacho_dashboard/model/history.py",
    "services/dashboard/src/tacho_dashboard/model/picture.py",
    "services/dashboard/src/tacho_dashboard/model/pipeline.py",
    "services/dashboard/src/tacho_dashboard/model/rules.py",
    "services/dashboard/src/tacho_dashboard/model/windows.py",
    "services/enricher/src/tacho_enricher/gears.py",
    "services/enricher/src/tacho_enricher/aggregates.py",
    "services/enricher/src/tacho_enricher/enrich.py",
    "services/producer/src/tacho_producer/drivetrain.py",
    "services/producer/src/tacho_producer/faults/choice.py",
    "services/producer/src/tacho_producer/faults/held.py",
    "services/producer/src/tacho_producer/faults/injection.py",
    "services/producer/src/tacho_producer/faults/poison.py",
    "services/producer/src/tacho_producer/faults/switches.py",
    "services/producer/src/tacho_producer/trip.py",
}
CLIENTS = {"confluent_kafka", "faust", "aiokafka", "boto3", "time", "random", "socket"}


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines()]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_longer_than_it_should_be() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_longer_than_it_should_be() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": length
        for path in tracked("*.py")
        for function in functions(path)
        if (length := (function.end_lineno or function.lineno) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_every_entry_point_is_short() -> None:
    for path in tracked("*/src/*/__main__.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 30, path


def test_no_module_is_called_utils_or_common() -> None:
    assert not [path for path in tracked("*.py") if path.stem in {"utils", "util", "common", "helpers", "misc"}]


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_imports_no_client_and_no_clock(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & CLIENTS


def test_no_lock_file_names_an_address() -> None:
    for path in [*tracked("*.lock"), *tracked("*lock.json")]:
        assert "://" not in path.read_text(encoding="utf-8"), path


def test_nothing_is_left_unfinished() -> None:
    markers = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    for path in tracked("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [marker for marker in markers if marker in text], path


def test_the_import_rules_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_make_test_knows_every_folder_with_tests() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    known = [ROOT / path for path in settings["tool"]["pytest"]["ini_options"]["testpaths"]]
    forgotten = [path for path in tracked("*/test_*.py") if not any(path.is_relative_to(folder) for folder in known)]
    assert not forgotten
