"""What the repository says of metrics, for the tests: the table of docs/metrics.md, the rules and the dashboards."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tacho.local.layout import REPOSITORY

METRICS_PAGE = REPOSITORY / "docs" / "metrics.md"
PROMETHEUS = REPOSITORY / "deploy" / "prometheus"
GRAFANA = REPOSITORY / "deploy" / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
_ROW = re.compile(r"^\| `(tacho_\w+)` \| (\w+) \| (.+?) \| (.+?) \|$", re.M)
_SERIES = re.compile(r"\btacho_\w+")


def documented() -> list[tuple[str, str, tuple[str, ...], str]]:
    """Name, type, labels and meaning of each row of the page's table."""
    rows = _ROW.findall(METRICS_PAGE.read_text(encoding="utf-8"))
    return [(name, kind, tuple(re.findall(r"`(\w+)`", labels)), meaning) for name, kind, labels, meaning in rows]


def rules() -> list[dict[str, Any]]:
    """Every alert rule."""
    groups = yaml.safe_load((PROMETHEUS / "rules.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(dashboard: Path) -> list[dict[str, Any]]:
    """Every panel of a dashboard that shows something."""
    found = json.loads(dashboard.read_text(encoding="utf-8"))["panels"]
    return [panel for panel in found if panel["type"] != "row"]


def queries() -> Iterator[str]:
    """Everything that rules and dashboards ask Prometheus."""
    yield from (rule["expr"] for rule in rules())
    for dashboard in DASHBOARDS:
        yield from (target["expr"] for panel in panels(dashboard) for target in panel["targets"])


def asked_for(query: str) -> set[str]:
    """The metrics a query names, a histogram by its own name."""
    return {re.sub(r"_(bucket|sum|count)$", "", series) for series in _SERIES.findall(query)}
