"""Prometheus itself beside a running chain: the shipped settings find it, and what dashboards ask has an answer."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from deploy.tests.monitoring.documents import DASHBOARDS, PROMETHEUS, panels
from tacho.local.bounded import BoundedRun
from tacho.local.layout import home
from tacho.local.ports import HOST, listening_port
from tests.e2e.scraping import processes

pytestmark = [pytest.mark.e2e, pytest.mark.promtool, pytest.mark.timeout(400)]

DEADLINE_SECONDS = 90.0
QUERIES = [target["expr"] for dashboard in DASHBOARDS for panel in panels(dashboard) for target in panel["targets"]]
# The fixture's input has ended, and a normal run has no dead letters.
ANSWERED = [query for query in QUERIES if 'service="producer"' not in query and not query.endswith("> 0")]

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def prometheus(chain: BoundedRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks the API of a Prometheus that has the shipped settings, pointed at this chain."""
    program = shutil.which("prometheus", path=str(home() / "bin")) or shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed: `sh deploy/tests/monitoring/tools.sh` takes it from Debian's package")
    folder, port = tmp_path_factory.mktemp("prometheus"), listening_port()
    settings = (PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8")
    settings = settings.replace("../../.tacho/run/metrics.json", str(chain.pipeline.folder.metrics))
    (folder / "prometheus.yml").write_text(settings.replace("5s", "1s"), encoding="utf-8")
    shutil.copy(PROMETHEUS / "rules.yml", folder)
    options = (f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address={HOST}:{port}")
    with (folder / "log").open("wb") as log:
        command = (program, f"--config.file={folder / 'prometheus.yml'}", *options)
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        until(lambda: answers(port), "Prometheus is ready", folder / "log")
        yield lambda path: asked(port, path)
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        return asked(port, "status/buildinfo") is not None
    except OSError:
        return False


def asked(port: int, path: str) -> Any:
    connection = HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", f"/api/v1/{path}")
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    assert answer["status"] == "success", answer
    return answer["data"]


def until(holds: Callable[[], bool], what: str, log: Path | None = None) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}" + (
            "\n" + log.read_text() if log else ""
        )
        time.sleep(0.2)


def test_it_scrapes_every_process_that_still_runs(chain: BoundedRun, prometheus: Ask) -> None:
    running = set(processes(chain.pipeline.folder.metrics))

    def up() -> bool:
        targets = prometheus("targets?state=active")["activeTargets"]
        return {target["labels"]["process"] for target in targets if target["health"] == "up"} == running

    until(up, f"{running} are up")


@pytest.mark.parametrize("query", ANSWERED)
def test_what_a_panel_asks_has_an_answer(prometheus: Ask, query: str) -> None:
    until(lambda: bool(prometheus(f"query?query={quote(query)}")["result"]), query)


def test_every_rule_can_be_evaluated(prometheus: Ask) -> None:
    def evaluated() -> bool:
        found = [rule["health"] for group in prometheus("rules")["groups"] for rule in group["rules"]]
        return bool(found) and set(found) == {"ok"}

    until(evaluated, "every rule is evaluated without an error")
