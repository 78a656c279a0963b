"""Each service's Kafka permissions against the catalogue, in both directions: all it needs, and nothing else."""

import shutil
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from deploy.tests.terraform import offline
from tacho_contracts.catalogue import Topic, load_catalogue
from tacho_enricher.streams import GROUP_PREFIX

CATALOGUE = load_catalogue()
# The groups the services' own code names; Spark adds a random rest to its prefix.
GROUPS = {
    "alerter": ["tacho-alerter"],
    "enricher": [f"{GROUP_PREFIX}-*"],
    "producer": ["tacho-producer-resume"],
    "operator": ["tacho-operator-*"],
}
SERVICES = sorted(CATALOGUE.services)
ARN = "arn:aws:kafka:eu-central-1:123456789012"
CLUSTER = f"{ARN}:cluster/tacho-dev/*"
EVERY_TOPIC = tuple(CATALOGUE.topics.values())
LOG = CATALOGUE.topics["sensors-sample"]
Allowed = set[tuple[str, str]]
"""Pairs of action and ARN pattern."""


@pytest.fixture(scope="module")
def allowed() -> dict[str, Allowed]:
    return allowed_by(offline.tree())


def allowed_by(tree: offline.Tree) -> dict[str, Allowed]:
    """By service: what the module of this copy allows."""
    folder = tree.terraform / "fixtures" / "kafka_access"
    shutil.copytree(Path(__file__).parent / "fixtures" / "kafka_access", folder, dirs_exist_ok=True)
    groups = {service: GROUPS.get(service, []) for service in CATALOGUE.services}
    planned = tree.plan_folder(folder, {"groups": groups})["planned_values"]["outputs"]
    return {service: pairs(statements) for service, statements in planned["statements"]["value"].items()}


def pairs(statements: list[dict[str, Any]]) -> Allowed:
    assert all(statement["Effect"] == "Allow" for statement in statements)
    return {
        (action, arn) for statement in statements for action in statement["Action"] for arn in statement["Resource"]
    }


def topic_arns(topics: tuple[Topic, ...]) -> set[str]:
    return {f"{ARN}:topic/tacho-dev/*/{topic.name}" for topic in topics}


def needed(service: str) -> Allowed:
    """What the issue grants a service, written again from the catalogue as Python reads it."""
    sent, received = CATALOGUE.sent_by(service), CATALOGUE.received_by(service)
    needs = {("kafka-cluster:Connect", CLUSTER)}
    if service == "operator":
        received = EVERY_TOPIC
        for action in ("CreateTopic", "DescribeTopicDynamicConfiguration"):
            needs |= {(f"kafka-cluster:{action}", arn) for arn in topic_arns(EVERY_TOPIC)}
        # `tacho replay --extend-retention`: the log, which an archive goes back into, must keep its old records.
        needs |= {("kafka-cluster:AlterTopicDynamicConfiguration", arn) for arn in topic_arns((LOG,))}
    if sent:
        needs |= {("kafka-cluster:DescribeCluster", CLUSTER), ("kafka-cluster:WriteDataIdempotently", CLUSTER)}
    for actions, topics in ((("DescribeTopic", "WriteData"), sent), (("DescribeTopic", "ReadData"), received)):
        needs |= {(f"kafka-cluster:{action}", arn) for action in actions for arn in topic_arns(topics)}
    for group in GROUPS.get(service, []):
        needs |= {
            (f"kafka-cluster:{action}", f"{ARN}:group/tacho-dev/*/{group}")
            for action in ("DescribeGroup", "AlterGroup")
        }
    return needs


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_what_the_catalogue_says(service: str, allowed: dict[str, Allowed]) -> None:
    assert needed(service) <= allowed[service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_nothing_else(service: str, allowed: dict[str, Allowed]) -> None:
    assert allowed[service] <= needed(service)


def test_only_the_operator_creates_topics(allowed: dict[str, Allowed]) -> None:
    creators = {
        service for service, may in allowed.items() if any(action.endswith(":CreateTopic") for action, _ in may)
    }
    assert creators == {"operator"}


def test_the_operator_writes_archives_rules_acknowledgements_and_faults_and_nothing_else(
    allowed: dict[str, Allowed],
) -> None:
    """What `tacho replay ARCHIVE --extend-retention` asks the brokers for."""
    (log,) = topic_arns((LOG,))
    asked = ["DescribeTopicDynamicConfiguration", "AlterTopicDynamicConfiguration", "DescribeTopic", "ReadData"]
    assert {(f"kafka-cluster:{action}", log) for action in [*asked, "WriteData"]} <= allowed["operator"]
    assert ("kafka-cluster:WriteDataIdempotently", CLUSTER) in allowed["operator"]
    theirs = ("sensors-sample", "alert-rules", "alert-acks", "faults")
    assert written_by("operator", allowed) == topic_arns(tuple(CATALOGUE.topics[name] for name in theirs))


def test_the_alerter_reads_its_memory_and_the_rules_and_writes_no_rules(allowed: dict[str, Allowed]) -> None:
    (memory,), (rules,) = (topic_arns((CATALOGUE.topics[name],)) for name in ("alerter-state", "alert-rules"))
    assert {action for action, arn in allowed["alerter"] if arn == memory} == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
        "kafka-cluster:WriteData",
    }
    assert {action for action, arn in allowed["alerter"] if arn == rules} == {
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:ReadData",
    }


def test_nobody_but_producer_and_operator_writes_the_log(allowed: dict[str, Allowed]) -> None:
    (log,) = topic_arns((LOG,))
    assert {service for service in allowed if log in written_by(service, allowed)} == {"producer", "operator"}


def written_by(service: str, allowed: dict[str, Allowed]) -> set[str]:
    return {arn for action, arn in allowed[service] if action == "kafka-cluster:WriteData"}


def test_nobody_may_delete_a_topic_or_alter_another_than_the_log(allowed: dict[str, Allowed]) -> None:
    pairs = {(action.partition(":")[2], arn) for may in allowed.values() for action, arn in may}
    assert not {action for action, _ in pairs if "Delete" in action or "AlterCluster" in action}
    (log,) = topic_arns((LOG,))
    assert {arn for action, arn in pairs if action.startswith("AlterTopic")} == {log}


def test_permissions_outlive_a_new_cluster_of_the_same_name(allowed: dict[str, Allowed]) -> None:
    topic = f"{ARN}:topic/tacho-dev/0f2c7b1a-8a1e-4f8e-9f57-2b0a4b6c1d11-3/sensors-sample"
    matching = {
        arn for action, arn in allowed["producer"] if action == "kafka-cluster:WriteData" and fnmatchcase(topic, arn)
    }
    assert matching == {f"{ARN}:topic/tacho-dev/*/sensors-sample"}


def test_another_cluster_of_the_account_stays_closed(allowed: dict[str, Allowed]) -> None:
    foreign = f"{ARN}:topic/somebody-else/0f2c7b1a-8a1e-4f8e-9f57-2b0a4b6c1d11-3/sensors-sample"
    assert not [arn for may in allowed.values() for _, arn in may if fnmatchcase(foreign, arn)]


def test_every_topic_has_a_writer_and_every_writer_is_in_the_catalogue(allowed: dict[str, Allowed]) -> None:
    written = {arn for may in allowed.values() for action, arn in may if action == "kafka-cluster:WriteData"}
    assert written == topic_arns(tuple(topic for topic in EVERY_TOPIC if topic.senders))
