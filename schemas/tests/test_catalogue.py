"""The catalogue lints itself: a topic nobody can use, or a schema nobody names, must not be released."""

import json
from pathlib import Path

import pytest
import yaml

from tacho_contracts.catalogue import Catalogue, load_catalogue
from tacho_contracts.codec import MAX_RECORD_BYTES
from tacho_contracts.errors import ContractError
from tacho_contracts.paths import data_root
from tacho_contracts.schemas import records, schema_text

FLEET_TOPICS = {"sensors-sample", "samples-enriched", "alert-data", "alert-episodes", "alerter-state"}


def test_every_topic_of_the_first_release_is_there(catalogue: Catalogue) -> None:
    assert set(catalogue.topics) >= FLEET_TOPICS | {"dead-letters", "fleet-windows", "alert-windows", "service-status"}


def test_topics_that_keep_a_car_in_its_partition_share_one_partition_count(catalogue: Catalogue) -> None:
    counts = {catalogue.topics[name].partitions for name in FLEET_TOPICS}
    assert len(counts) == 1
    assert all(catalogue.topics[name].fleet_partitions for name in FLEET_TOPICS)


def test_every_record_on_a_topic_has_a_schema_and_every_schema_is_on_a_topic(catalogue: Catalogue) -> None:
    assert {record for topic in catalogue.topics.values() for record in topic.records} == set(records())


def test_the_record_a_topic_is_for_comes_first(catalogue: Catalogue) -> None:
    topics = catalogue.topics
    assert (topics["sensors-sample"].record, *topics["sensors-sample"].records) == (
        "SensorSample",
        "SensorSample",
        "Heartbeat",
    )
    assert list(topics["samples-enriched"].records) == ["EnrichedSample", "Heartbeat"]
    assert list(topics["alerter-state"].records) == ["CarState", "PartitionPosition"]


def test_every_topic_lists_exactly_the_schema_versions_that_exist(catalogue: Catalogue) -> None:
    for topic in catalogue.topics.values():
        for record, versions in topic.records.items():
            files = sorted((data_root() / "avro" / record).glob("v*.avsc"))
            assert [f"v{version}.avsc" for version in versions] == [path.name for path in files], topic.name


def test_every_topic_has_a_sender_and_only_known_services(catalogue: Catalogue) -> None:
    for topic in catalogue.topics.values():
        assert topic.senders, topic.name
        assert topic.senders | topic.receivers <= set(catalogue.services), topic.name


def test_only_the_producer_writes_the_log_and_who_puts_an_archive_back(catalogue: Catalogue) -> None:
    assert catalogue.topics["sensors-sample"].senders == {"producer", "operator"}
    sent = {topic.name for topic in catalogue.sent_by("operator")}
    assert sent == {"sensors-sample", "alert-rules", "alert-acks", "faults"}


def test_only_a_person_switches_faults_and_only_the_producer_injects_them(catalogue: Catalogue) -> None:
    topic = catalogue.topics["faults"]
    assert (topic.partitions, topic.config["cleanup.policy"], topic.senders) == (1, "compact", {"operator"})
    assert "producer" in topic.receivers
    assert not topic.receivers & {"enricher", "alerter"}
    # A name is a word of the command line, of the topic's key and of a log line.
    assert all(name == name.lower() and " " not in name for name in catalogue.faults)


def test_every_dead_letter_can_hold_the_largest_source_record(catalogue: Catalogue) -> None:
    largest = int(catalogue.topics["dead-letters"].config["max.message.bytes"])
    envelope = 1024
    judges = catalogue.topics["dead-letters"].senders
    for topic in catalogue.topics.values():
        # What only its own reader writes is never a dead letter's source: a service that cannot read its memory ends.
        # Nor is what is only looked at.
        if (topic.receivers & judges) - topic.senders:
            assert int(topic.config["max.message.bytes"]) + envelope <= largest, topic.name


def test_the_page_looks_at_what_there_is_and_says_nothing_but_how_it_is(catalogue: Catalogue) -> None:
    seen = {topic.name for topic in catalogue.received_by("dashboard")}
    assert {topic.name for topic in catalogue.sent_by("dashboard")} == {"service-status"}
    assert set(catalogue.topics) - seen == {"sensors-sample", "alerts-safety", "alerts-workshop", "alerter-state"}


def test_every_compacted_topic_keeps_its_records_for_ever(catalogue: Catalogue) -> None:
    for topic in catalogue.topics.values():
        assert ("compact" in topic.config["cleanup.policy"]) == ("retention.ms" not in topic.config), topic.name


def test_no_version_of_the_rules_and_no_acknowledgement_ever_goes(catalogue: Catalogue) -> None:
    for name in ("alert-rules", "alert-acks"):
        config = catalogue.topics[name].config
        assert (config["cleanup.policy"], config["retention.ms"]) == ("delete", "-1"), name


def test_the_largest_memory_of_a_car_fits_its_topic(catalogue: Catalogue) -> None:
    waiting, rules, gaps, numbers = 64, 64, 16, 1024
    largest = (waiting + rules + 1) * MAX_RECORD_BYTES + (rules + gaps) * numbers
    assert largest <= int(catalogue.topics["alerter-state"].config["max.message.bytes"])


def test_every_field_of_every_schema_says_its_unit_or_meaning_where_a_name_does_not() -> None:
    needs_unit = {"speed", "rpm", "max_speed", "max_rpm", "speed_sum", "observed", "limit"}
    for record in records():
        for field in json.loads(schema_text(record))["fields"]:
            if field["name"] in needs_unit:
                assert field.get("doc"), f"{record}.{field['name']}"


def test_the_document_is_asyncapi_3_with_resolvable_channel_references() -> None:
    document = yaml.safe_load((data_root() / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert document["asyncapi"] == "3.0.0"
    for name, operation in document["operations"].items():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"], name
        assert operation["action"] in {"send", "receive"}, name
    for message in document["components"]["messages"].values():
        assert (data_root() / message["payload"]["schema"]["$ref"]).is_file()


def test_a_broken_catalogue_is_refused_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "asyncapi.yaml"
    path.write_text("channels: {", encoding="utf-8")
    with pytest.raises(ContractError, match=str(path)):
        load_catalogue(path)
