"""Stage 60-guard: every metric it looks at has somebody who emits it, in a stage of ours, under the same names."""

import ast
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from deploy.tests.terraform.earlier import OUTPUTS
from deploy.tests.terraform.offline import ROOT, Tree
from deploy.tests.terraform.policies import allowed
from deploy.tests.terraform.reading import resources, statements
from deploy.tests.terraform.test_plans import planned, refusal
from tacho_alerter.settings import Settings
from tacho_contracts.catalogue import load_catalogue

STAGE = "60-guard"
SERVICES = ("resourcegroupstaggingapi", "ecs", "emr", "emr-serverless", "ec2", "s3", "sns")

# What AWS emits by itself for each kind of resource, and by which dimensions: MSK's at level DEFAULT, ECS's without
# Container Insights, EMR's for every cluster.
BROKER, GROUP = {"Cluster Name", "Broker ID"}, {"Cluster Name", "Consumer Group", "Topic"}
SERVICE, FUNCTION = {"ClusterName", "ServiceName"}, {"FunctionName"}
EMITTED: dict[tuple[str, str], set[str]] = {
    ("AWS/Kafka", "OfflinePartitionsCount"): {"Cluster Name"},
    ("AWS/Kafka", "BytesInPerSec"): BROKER,
    ("AWS/Kafka", "KafkaDataLogsDiskUsed"): BROKER,
    ("AWS/Kafka", "SumOffsetLag"): GROUP,
    ("AWS/Kafka", "EstimatedMaxTimeLag"): GROUP,
    ("AWS/ECS", "CPUUtilization"): SERVICE,
    ("AWS/ECS", "MemoryUtilization"): SERVICE,
    ("AWS/Lambda", "Errors"): FUNCTION,
    ("AWS/Lambda", "Invocations"): FUNCTION,
    ("AWS/ElasticMapReduce", "AppsRunning"): set(),
    ("AWS/ElasticMapReduce", "MemoryAvailableMB"): set(),
}


class Metric(NamedTuple):
    """One metric that is looked at."""

    namespace: str
    name: str
    dimensions: dict[str, str]


def alarms(tree: Tree | None = None) -> list[Metric]:
    found = resources(planned(STAGE, tree=tree), "aws_cloudwatch_metric_alarm")
    return [Metric(it.values["namespace"], it.values["metric_name"], it.values["dimensions"]) for it in found]


def charted(tree: Tree | None = None) -> Iterator[Metric]:
    (dashboard,) = resources(planned(STAGE, tree=tree), "aws_cloudwatch_dashboard")
    for widget in json.loads(dashboard.values["dashboard_body"])["widgets"]:
        for line in widget["properties"]["metrics"]:
            if isinstance(line[0], dict):
                search = re.fullmatch(
                    r"SEARCH\('Namespace=\"(.+)\" MetricName=\"(.+)\"', 'Maximum', 300\)", line[0]["expression"]
                )
                assert search, line
                yield Metric(search[1], search[2], {})
            else:
                namespace, name, *pairs = line
                yield Metric(namespace, name, dict(zip(pairs[::2], pairs[1::2], strict=True)))


def emitters() -> dict[str, set[str]]:
    """By dimension, the names under which the other stages' resources emit."""
    (msk,) = resources(planned("20-msk"), "aws_msk_cluster")
    assert msk.values["enhanced_monitoring"] == "DEFAULT"
    services = resources(planned("40-services"), "aws_ecs_service")
    (function,) = resources(planned(STAGE), "aws_lambda_function")
    return {
        "Cluster Name": {msk.values["cluster_name"]},
        "Broker ID": {str(number + 1) for number in range(msk.values["number_of_broker_nodes"])},
        "Consumer Group": {Settings().group},
        "Topic": {topic.name for topic in load_catalogue().received_by("alerter")},
        "ClusterName": {it.values["cluster"].rpartition("/")[2] for it in services},
        "ServiceName": {it.values["name"] for it in services},
        "FunctionName": {function.values["function_name"]},
    }


def unmatched(tree: Tree | None = None) -> list[str]:
    """Metrics that are looked at and that nobody emits under the names they are looked at by."""
    names = emitters()
    return [
        f"nobody emits {metric}"
        for metric in (*alarms(tree), *charted(tree))
        if EMITTED.get((metric.namespace, metric.name)) != metric.dimensions.keys()
        or any(value not in names[dimension] for dimension, value in metric.dimensions.items())
    ]


def test_every_metric_of_an_alarm_or_the_dashboard_has_an_emitter() -> None:
    assert len([*alarms(), *charted()]) > 20
    assert unmatched() == []


def test_emr_metrics_come_from_a_stage_of_ours() -> None:
    assert resources(planned("30-emr"), "aws_emr_cluster")


def test_the_alerters_lag_is_watched_in_the_group_it_is_allowed_to_join() -> None:
    (lag,) = [metric for metric in alarms() if metric.name == "SumOffsetLag"]
    group = f"arn:aws:kafka:eu-central-1:123456789012:group/tacho-dev/id/{lag.dimensions['Consumer Group']}"
    mine = [it for it in statements(planned("40-services")) if '["alerter"]' in it.address]
    assert allowed(mine, "kafka-cluster:AlterGroup", group)


def test_the_budget_speaks_through_the_same_topic_and_may() -> None:
    (budget,) = resources(planned(STAGE), "aws_budgets_budget")
    (topic,) = {arn for it in budget.values["notification"] for arn in it["subscriber_sns_topic_arns"]}
    (policy,) = [it for it in statements(planned(STAGE)) if it.address.endswith("aws_sns_topic_policy.alerts")]
    assert set(policy.principal["Service"]) == {"budgets.amazonaws.com", "cloudwatch.amazonaws.com"}
    assert policy.resources == (topic,)
    assert {
        arn for it in resources(planned(STAGE), "aws_cloudwatch_metric_alarm") for arn in it.values["alarm_actions"]
    } == {topic}


def test_the_switch_may_do_what_its_code_does_and_delete_nothing() -> None:
    mine = [it for it in statements(planned(STAGE)) if it.address.endswith("aws_iam_role_policy.off")]
    actions = {action for it in mine for action in it.actions}
    assert not [action for action in actions if re.search(r"Delete|Terminate|Stop|Cancel|Remove", action)]
    called = {_action(client, call) for client, call in _calls()}
    assert called == {action for action in actions if not action.startswith("logs:")}
    service = "arn:aws:ecs:eu-central-1:123456789012:service/tacho-dev/tacho-dev-alerter"
    assert allowed(mine, "ecs:UpdateService", service)
    assert not allowed(mine, "ecs:UpdateService", service.replace("service/tacho-dev/", "service/other/"))
    assert not allowed(mine, "s3:PutObject", f"{OUTPUTS['bucket_arn']}/checkpoints/enrich/id/e0/commits/1")


def test_the_marker_is_the_one_the_enricher_looks_for() -> None:
    (function,) = resources(planned(STAGE), "aws_lambda_function")
    (place,) = function.values["environment"]
    environment = planned("30-emr")["planned_values"]["outputs"]["enricher_environment"]["value"]
    marker = f"s3://{place['variables']['BUCKET']}/{place['variables']['STOP_KEY']}"
    assert marker == environment["TACHO_ENRICHER_STOP"]


def test_wrong_settings_are_answered_by_a_sentence_each() -> None:
    said = refusal(STAGE, {"alert_email": "nobody", "night_off": "cron(0 20 * * *)", "budget_usd": 0})
    assert "alert_email is one mail address." in said
    assert "night_off is a schedule of six fields, such as cron(0 20 * * ? *)." in said
    assert "budget_usd is more than nothing." in said


_PREFIXES = {"resourcegroupstaggingapi": "tag", "emr": "elasticmapreduce"}


def _calls() -> set[tuple[str, str]]:
    """Client and call of everything the switch's source asks AWS for."""
    found: set[tuple[str, str]] = set()
    for file in (ROOT / "deploy/terraform/modules/guard/off").glob("*.py"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                # A client is passed under its service's name, or taken from the mapping of all.
                clients = {argument.arg: argument.arg for argument in function.args.args}
                for node in ast.walk(function):
                    if isinstance(node, ast.Assign) and _service(node.value, {}):
                        clients |= {
                            target.id: _service(node.value, {})
                            for target in node.targets
                            if isinstance(target, ast.Name)
                        }
                found |= {call for node in ast.walk(function) for call in _asked(node, clients)}
    return {(client, call) for client, call in found if client in SERVICES}


def _service(node: ast.expr, clients: dict[str, str]) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return clients.get(node.id, "") if isinstance(node, ast.Name) else ""


def _asked(node: ast.AST, clients: dict[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        call = node.func.attr
        if call == "get_paginator" and isinstance(node.args[0], ast.Constant):
            call = str(node.args[0].value)
        yield _service(node.func.value, clients), call


def _action(client: str, call: str) -> str:
    return f"{_PREFIXES.get(client, client)}:{''.join(word.capitalize() for word in call.split('_'))}"
