"""Documented, registered and looked at are the same metrics."""

import json
import re
from collections import Counter
from itertools import product

import pytest
import yaml

from deploy.tests.monitoring.documents import (
    DASHBOARDS,
    GRAFANA,
    METRICS_PAGE,
    PROMETHEUS,
    asked_for,
    documented,
    panels,
    queries,
    rules,
)
from tacho.local.layout import REPOSITORY
from tacho_contracts.metrics import METRICS

LABELS = {label for metric in METRICS for label in metric.labels}
# What Prometheus adds to all it scrapes, and the bounds of a histogram.
FROM_PROMETHEUS = {"job", "process", "instance", "le", "alertname", "alertstate"}


def test_the_page_documents_every_metric_and_no_other() -> None:
    assert documented() == [(metric.name, metric.kind, metric.labels, metric.meaning) for metric in METRICS]


def test_rules_and_dashboards_ask_for_every_metric_and_no_other() -> None:
    assert {name for query in queries() for name in asked_for(query)} == {metric.name for metric in METRICS}


def test_they_ask_for_labels_that_there_are() -> None:
    for query in queries():
        grouped = (label for labels in re.findall(r"\bby \(([^)]*)\)", query) for label in labels.split(","))
        matched = re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', query)
        assert {label.strip() for label in (*grouped, *matched)} <= LABELS | FROM_PROMETHEUS, query


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_says_how_bad_it_is_and_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert set(rule["annotations"]) == {"summary", "description"}


def test_the_page_lists_every_rule() -> None:
    listed = re.findall(r"^\| `(Tacho\w+)` \|", METRICS_PAGE.read_text(encoding="utf-8"), re.M)
    assert listed == [rule["alert"] for rule in rules()]


def test_every_rule_is_tested_both_ways() -> None:
    cases = yaml.safe_load((PROMETHEUS / "rules_test.yml").read_text(encoding="utf-8"))["tests"]
    checks = [check for case in cases for check in case["alert_rule_test"]]
    names = {rule["alert"] for rule in rules()}
    assert {check["alertname"] for check in checks if check["exp_alerts"]} == names
    assert {check["alertname"] for check in checks if not check["exp_alerts"]} == names


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.name)
def test_a_dashboard_has_a_title_a_description_and_room_for_each_panel(dashboard) -> None:  # type: ignore[no-untyped-def]
    content = json.loads(dashboard.read_text(encoding="utf-8"))
    assert content["uid"]
    assert not content["editable"]
    taken: Counter[tuple[int, int]] = Counter()
    for panel in content["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        columns, lines = (range(place[at], place[at] + place[size]) for at, size in (("x", "w"), ("y", "h")))
        taken.update(product(columns, lines))
    assert max(taken.values()) == 1
    for panel in panels(dashboard):
        assert panel["title"]
        assert panel["description"]


def test_panels_use_the_data_source_that_is_provisioned() -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    used = {panel["datasource"]["uid"] for dashboard in DASHBOARDS for panel in panels(dashboard)}
    assert used == {source["uid"]}


def test_compose_names_every_process_that_shows_metrics_at_the_port_it_shows_them_on() -> None:
    services = yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    shown = {}
    for name, service in services.items():
        file = REPOSITORY / service.get("build", {}).get("dockerfile", "no")
        by_image = dict(re.findall(r"\b(TACHO_\w+_METRICS_PORT)=(\d+)", file.read_text())) if file.is_file() else {}
        ports = by_image | {key: port for key, port in service.get("environment", {}).items() if key in by_image}
        if ports and "healthcheck" in service and not service["healthcheck"].get("disable"):
            shown[name] = f"{name}:{next(iter(ports.values()))}"
    targets = json.loads((PROMETHEUS / "compose.json").read_text(encoding="utf-8"))
    assert {target["labels"]["process"]: target["targets"] for target in targets} == {
        name: [address] for name, address in shown.items()
    }
    assert len(set(shown.values())) == len(targets)
