"""What a demo says in the end: the shape of its summary, and an exit code of 0 only for a verifier that is content."""

import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from typer.testing import CliRunner

import tacho.commands.demo
from tacho.cli import app
from tacho.local.bounded import BoundedRun, summarise
from tacho.local.layout import RunFolder
from tacho.local.record import RunRecord
from tacho.verify import Report
from tacho.verify.findings import Findings, Kind, Offender
from tacho.verify.report import Samples

BEGAN = 1_795_000_000.0


def report(*faults: Kind) -> Report:
    findings = Findings()
    for kind in faults:
        findings.add(kind, lambda: Offender("alert-data", "1000001-1/speeding", "is gone"))
    samples = Samples(3, 3, 0, 3, 0, 3, 0, {"tombstone": 1})
    return Report(samples, {"speeding": 1}, {"alerts-safety": 1}, 9, 9, False, findings)


def run_in(folder: RunFolder) -> BoundedRun:
    """A run of which one sample was sent, and its alert received 80 ms later, 5 s after the command began."""
    folder.journal.mkdir(parents=True)
    sent_us = int((BEGAN + 4.92) * 1e6)
    (folder.journal / "journal-00000001.csv").write_text(f"sent,{sent_us},1,1000001,1,1,130.0,2000,2\n")
    (folder.root / "received.csv").write_text(f"{sent_us + 80_000},1000001-1/speeding\n")
    record = RunRecord(folder.run_json, {"cars": 20}, Counter(producer=2), [{"service": "producer", "at": 5}])
    pipeline: Any = SimpleNamespace(folder=folder, record=record, steps={"broker": 1.234})
    unused: Any = None
    return BoundedRun(pipeline, unused, unused, print, memory_mb={"broker": 260.04, "producer": 40.0}, peak_mb=301.5)


def test_the_summary_holds_every_figure_that_is_promised(tmp_path: Path) -> None:
    summary = summarise(run_in(RunFolder(tmp_path / "demo")), report(), BEGAN)
    assert json.loads(json.dumps(summary)) == {
        "ok": True,
        "samples": {
            "produced": {"sent": 3, "acked": 3, "failed": 0},
            **{"logged": 3, "other_writers": 0, "enriched": 3, "late": 0, "dead_letters": {"tombstone": 1}},
            **{"sent_again": 0, "poison": 0},
        },
        "alerts": {"speeding": 1},
        "fan_out": {"alerts-safety": 1},
        "heartbeats": 0,
        "episodes": {"opened": 0, "closed": {}, "open": 0},
        **{"windows": 9, "alert_windows": 9, "repeats_allowed": False, "seconds": 0.0, "offenders": {}},
        **{"lost": 0, "repeated": 0, "differing": 0, "unexpected": 0, "wrong_windows": 0},
        **{"out_of_order": 0, "misplaced": 0},
        # A percentile only with 10 samples beyond it.
        "latency_ms": {"n": 1, "p50": None, "p90": None, "p99": None, "p99.9": None, "max": 80.0},
        "seconds_to_first_alert": 5.0,
        "start_seconds": {"broker": 1.2},
        "memory_mb": {"broker": 260.04, "producer": 40.0, "sum": 300.0, "peak_sum": 301.5},
        "starts": {"producer": 2},
        "kills": [{"service": "producer", "at": 5}],
        "settings": {"cars": 20},
    }


def test_a_run_that_is_not_content_is_not_ok_in_its_summary(tmp_path: Path) -> None:
    assert summarise(run_in(RunFolder(tmp_path / "demo")), report(Kind.LOST), BEGAN)["ok"] is False


class FakePipeline:
    """Starts nothing."""

    def __init__(self, settings: Any, *others: Any) -> None:
        self.folder = settings.folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None: ...

    def start(self, listen: Any) -> None: ...

    def start_input(self) -> None: ...


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Report]:
    """What the verifier of the next demo says, as the only element; the demo itself starts nothing."""
    verdicts: list[Report] = []

    def bounded(pipeline: FakePipeline, *others: Any) -> BoundedRun:
        run = run_in(pipeline.folder)
        monkeypatch.setattr(run, "start_tap", lambda: None)
        monkeypatch.setattr(run, "finish_input", lambda seconds: None)
        monkeypatch.setattr(run, "verify", lambda **asked: verdicts[0])
        return run

    monkeypatch.setenv("TACHO_HOME", str(tmp_path))
    monkeypatch.setattr(tacho.commands.demo, "Pipeline", FakePipeline)
    monkeypatch.setattr(tacho.commands.demo, "BoundedRun", bounded)
    return verdicts


@pytest.mark.parametrize(("faults", "code"), [((), 0), ((Kind.LOST,), 1), ((Kind.UNEXPECTED,), 1)])
def test_only_a_content_verifier_gives_exit_code_0(
    verdict: list[Report], tmp_path: Path, faults: tuple[Kind, ...], code: int
) -> None:
    verdict.append(report(*faults))
    result = CliRunner().invoke(app, ["demo", "--summary", str(tmp_path / "there" / "summary.json")])
    assert result.exit_code == code, result.output
    assert json.loads((tmp_path / "there" / "summary.json").read_text())["ok"] is (code == 0)
    assert ("is gone" in result.output) is bool(faults)
