"""A heartbeat goes through as it is, on its partition; a bad one is a dead letter; nobody counts one as a sample."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pyspark.sql import DataFrame

from tacho_contracts.codec import MAGIC, Codec, header
from tacho_contracts.examples import Example, iter_examples
from tacho_contracts.paths import data_root
from tacho_contracts.schemas import SCHEMAS_VARIABLE, schema_fingerprint, schema_text
from tacho_enricher.dims import Dims
from tacho_enricher.enrich import enriched, good, judged, outgoing

pytestmark = pytest.mark.spark

NOW = 1_795_340_000_040
CODEC = Codec("Heartbeat")
BEAT = CODEC.encode({"at": NOW})
SAMPLE = {example.name: example.payload for example in iter_examples("SensorSample")}["cruising"]
EXAMPLES = list(iter_examples("Heartbeat"))

Frame = Callable[[Sequence[tuple[bytes | None, bytes | None, int]]], DataFrame]


def reasons(frame: DataFrame) -> list[str | None]:
    return [row.reason for row in judged(frame).orderBy("offset").select("defect.reason").collect()]


def test_a_heartbeat_is_passed_on_byte_for_byte_on_its_partition_and_a_sample_goes_by_its_key(
    kafka_records: Frame, dims: Dims
) -> None:
    sent = [(None, BEAT, NOW), (b"8459042", Codec("SensorSample").encode(SAMPLE), NOW), (None, BEAT, NOW + 1)]
    first, sample, second = outgoing(enriched(kafka_records(sent), dims, 120)).collect()
    for row in (first, second):
        assert (row.topic, row.key, bytes(row.value), row.partition) == ("samples-enriched", None, BEAT, 3)
    assert (sample.topic, bytes(sample.key), sample.partition) == ("samples-enriched", b"8459042", None)


def test_a_bad_heartbeat_is_a_dead_letter_with_its_bytes(kafka_records: Frame, dims: Dims) -> None:
    late = CODEC.encode({"at": NOW + 5001})
    (row,) = outgoing(enriched(kafka_records([(None, late, NOW)]), dims, 120)).collect()
    letter = Codec("DeadLetter").decode(bytes(row.value))
    assert (row.topic, bytes(row.key), row.partition) == ("dead-letters", b"sensors-sample/3/0", None)
    assert (letter["reason"], letter["value"], letter["key"]) == ("future-time", late, None)
    assert letter["detail"] == f"at {NOW + 5001}, record timestamp {NOW}"


BAD = {
    "a body cut off": ("malformed-avro", BEAT[:-1]),
    "no body": ("malformed-avro", BEAT[:10]),
    "a varint without end": ("malformed-avro", BEAT[:10] + b"\xff" * 30),
    "bytes after the record": ("trailing-bytes", BEAT + b"\x00"),
    "a varint of more bytes than it needs": ("trailing-bytes", header("Heartbeat") + b"\x82\x00"),
    "JSON of one": ("malformed-json", json.dumps({"at": NOW}).encode()),
    "another record's schema": ("unknown-schema", header("Alert") + BEAT[10:]),
}


def test_what_is_wrong_with_its_bytes_is_told_as_for_a_sample(kafka_records: Frame) -> None:
    found = reasons(kafka_records([(None, value, NOW) for _, value in BAD.values()]))
    assert dict(zip(BAD, found, strict=True)) == {name: reason for name, (reason, _) in BAD.items()}


def record(example: Example) -> tuple[bytes | None, bytes, int]:
    assert example.record_timestamp is not None
    key = None if example.key is None else example.key.encode()
    return key, CODEC.encode(example.payload), example.record_timestamp


def test_every_published_example_is_judged_as_it_says(kafka_records: Frame) -> None:
    found = reasons(kafka_records([record(example) for example in EXAMPLES]))
    assert dict(zip([example.name for example in EXAMPLES], found, strict=True)) == {
        example.name: example.reason for example in EXAMPLES
    }


@pytest.mark.parametrize("decoded", [True, False], ids=["decoded", "not decoded"])
def test_a_heartbeat_is_no_sample_to_be_counted(kafka_records: Frame, dims: Dims, decoded: bool) -> None:
    sent = [(None, BEAT, NOW), (b"8459042", Codec("SensorSample").encode(SAMPLE), NOW)]
    rows = good(enriched(kafka_records(sent), dims, 120, heartbeats=decoded))
    assert [row.event_id for row in rows.collect()] == [SAMPLE["event_id"]]


def test_one_of_another_writers_version_is_passed_on_too(
    kafka_records: Frame, dims: Dims, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(data_root() / "avro", tmp_path / "avro")
    schema = json.loads(schema_text("Heartbeat"))
    schema["fields"].append({"name": "cars", "type": "int", "default": 0})
    (folder / "Heartbeat" / "v2.avsc").write_text(json.dumps(schema))
    monkeypatch.setenv(SCHEMAS_VARIABLE, str(folder))
    newer = MAGIC + schema_fingerprint(json.dumps(schema)) + BEAT[10:] + b"\x28"
    rows = outgoing(enriched(kafka_records([(None, newer, NOW), (None, newer[:-1], NOW)]), dims, 120)).collect()
    assert [(row.topic, row.partition) for row in rows] == [("samples-enriched", 3), ("dead-letters", None)]
    assert bytes(rows[0].value) == newer
