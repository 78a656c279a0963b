from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tacho.aws.adapters.glue import GlueSchemas
from tacho.aws.adapters.msk import MskTopics, encoded, settings_of
from tacho.errors import TachoError
from tacho_contracts.catalogue import load_catalogue

CLUSTER = "arn:aws:kafka:eu-central-1:123456789012:cluster/tacho-dev/uuid"
TOPIC = load_catalogue().topics["alert-data"]
KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


@pytest.fixture
def kafka() -> Any:
    made = boto3.client("kafka", region_name="eu-central-1", **KEYS)  # type: ignore[call-overload]
    with Stubber(made) as stub:
        yield made, stub
        stub.assert_no_pending_responses()


def active(stub: Stubber, state: str = "ACTIVE") -> None:
    stub.add_response("describe_cluster_v2", {"ClusterInfo": {"State": state}}, {"ClusterArn": CLUSTER})


def described(stub: Stubber, status: str = "ACTIVE", partitions: int = TOPIC.partitions) -> None:
    answer = {"TopicName": TOPIC.name, "PartitionCount": partitions, "Status": status, "Configs": encoded(TOPIC.config)}
    stub.add_response("describe_topic", answer, {"ClusterArn": CLUSTER, "TopicName": TOPIC.name})


def creating() -> dict[str, Any]:
    return {
        "ClusterArn": CLUSTER,
        "TopicName": "alert-data",
        "PartitionCount": 6,
        "ReplicationFactor": 3,
        "Configs": encoded(TOPIC.config),
    }


def ensure(kafka: Any, clock: Any) -> list[str]:
    return MskTopics(kafka[0], CLUSTER, clock).ensure([TOPIC], 3, lambda _: None)


def test_an_absent_topic_is_created_as_the_catalogue_says_and_awaited(kafka: Any, clock: Any) -> None:
    active(kafka[1])
    kafka[1].add_client_error("describe_topic", "NotFoundException")
    kafka[1].add_response("create_topic", {}, creating())
    described(kafka[1], "CREATING")
    described(kafka[1])
    assert ensure(kafka, clock) == ["alert-data"]


def test_a_topic_that_msk_did_not_show_yet_is_no_failure(kafka: Any, clock: Any) -> None:
    active(kafka[1])
    kafka[1].add_client_error("describe_topic", "NotFoundException")
    kafka[1].add_client_error("create_topic", "NotControllerException")
    kafka[1].add_client_error("create_topic", "TopicExistsException")
    described(kafka[1])
    assert ensure(kafka, clock) == ["alert-data"]


def test_topics_that_are_there_are_left_alone(kafka: Any, clock: Any) -> None:
    active(kafka[1])
    described(kafka[1])
    described(kafka[1])
    assert ensure(kafka, clock) == []


def test_a_topic_with_other_partitions_is_refused(kafka: Any, clock: Any) -> None:
    active(kafka[1])
    described(kafka[1], partitions=3)
    with pytest.raises(TachoError, match="alert-data has 3 partitions and the catalogue says 6"):
        ensure(kafka, clock)


def test_a_cluster_that_is_not_ready_or_gone_is_said(kafka: Any, clock: Any) -> None:
    active(kafka[1], "CREATING")
    with pytest.raises(TachoError, match="cluster is creating"):
        ensure(kafka, clock)
    kafka[1].add_client_error("describe_cluster_v2", "NotFoundException")
    with pytest.raises(TachoError, match="is gone though 20-msk's state names it"):
        ensure(kafka, clock)


def test_settings_travel_as_base64_json() -> None:
    assert settings_of({"Configs": encoded(TOPIC.config)}) == dict(TOPIC.config)
    assert settings_of({}) == {}


@pytest.fixture
def glue() -> Any:
    made = boto3.client("glue", region_name="eu-central-1", **KEYS)  # type: ignore[call-overload]
    with Stubber(made) as stub:
        yield made, stub
        stub.assert_no_pending_responses()


SCHEMA = {"RegistryName": "tacho-dev", "SchemaName": "Alert"}
VERSION_ID = "12345678-1234-1234-1234-123456789012"


def test_published_versions_come_with_their_text_and_failed_or_deleted_ones_are_left_out(glue: Any) -> None:
    glue[1].add_response("get_schema", {"NextSchemaVersion": 4}, {"SchemaId": SCHEMA})
    for number, status in ((1, "AVAILABLE"), (2, "FAILURE")):
        asked = {"SchemaId": SCHEMA, "SchemaVersionNumber": {"VersionNumber": number}}
        glue[1].add_response("get_schema_version", {"SchemaDefinition": "text", "Status": status}, asked)
    glue[1].add_client_error("get_schema_version", "EntityNotFoundException")
    assert GlueSchemas(glue[0], "tacho-dev").versions("Alert") == {1: "text"}


def test_a_schema_that_the_foundation_did_not_make_is_named(glue: Any) -> None:
    glue[1].add_client_error("get_schema", "EntityNotFoundException")
    with pytest.raises(TachoError, match="no schema Alert: 10-foundation makes it"):
        GlueSchemas(glue[0], "tacho-dev").versions("Alert")


def registered(stub: Stubber, number: int, *states: str) -> None:
    answer = {"SchemaVersionId": VERSION_ID, "VersionNumber": number, "Status": "PENDING"}
    stub.add_response("register_schema_version", answer, {"SchemaId": SCHEMA, "SchemaDefinition": "text"})
    for state in states:
        stub.add_response("get_schema_version", {"Status": state}, {"SchemaVersionId": ANY})


def test_a_version_is_published_once_glue_has_checked_it(glue: Any, clock: Any) -> None:
    registered(glue[1], 2, "PENDING", "AVAILABLE")
    GlueSchemas(glue[0], "tacho-dev", clock).register("Alert", 2, "text")


def test_a_version_that_glue_refuses_or_counts_otherwise_is_a_failure(glue: Any, clock: Any) -> None:
    registered(glue[1], 2, "FAILURE")
    with pytest.raises(TachoError, match="Glue refused Alert v2"):
        GlueSchemas(glue[0], "tacho-dev", clock).register("Alert", 2, "text")
    registered(glue[1], 3, "AVAILABLE")
    with pytest.raises(TachoError, match="Glue counts Alert v2 as version 3"):
        GlueSchemas(glue[0], "tacho-dev", clock).register("Alert", 2, "text")
