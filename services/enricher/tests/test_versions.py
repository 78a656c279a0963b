"""Writers of other versions: the set of their schemas is data, read at start."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer
from pyspark.sql import DataFrame

from tacho_contracts.codec import MAGIC, Codec
from tacho_contracts.examples import iter_examples
from tacho_contracts.paths import data_root
from tacho_contracts.schemas import SCHEMAS_VARIABLE, schema_fingerprint, schema_text
from tacho_enricher.enrich import judged

NOW = 1_795_340_000_040
SAMPLE = {example.name: example.payload for example in iter_examples("SensorSample")}["cruising"]

Frame = Callable[[Sequence[tuple[bytes | None, bytes | None, int]]], DataFrame]


@pytest.fixture
def newer_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], bytes]:
    """A version 2 of SensorSample is released with one more field, in front of the others; encodes with it."""
    folder = shutil.copytree(data_root() / "avro", tmp_path / "avro")
    schema = json.loads(schema_text("SensorSample"))
    schema["fields"].insert(0, {"name": "altitude", "type": ["null", "double"], "default": None})
    text = json.dumps(schema)
    (folder / "SensorSample" / "v2.avsc").write_text(text)
    monkeypatch.setenv(SCHEMAS_VARIABLE, str(folder))
    parsed = parse_schema(schema, named_schemas={})

    def encode(record: dict[str, Any]) -> bytes:
        path = tmp_path / "body"
        with path.open("wb") as out:
            out.write(MAGIC + schema_fingerprint(text))
            schemaless_writer(out, parsed, record)
        return path.read_bytes()

    return encode


@pytest.mark.spark
def test_samples_of_two_versions_on_one_topic_are_read_alike(
    kafka_records: Frame, newer_writer: Callable[[dict[str, Any]], bytes]
) -> None:
    newer = newer_writer({**SAMPLE, "altitude": 112.5})
    values = [Codec("SensorSample").encode(SAMPLE), newer, newer + b"\x00", newer[:-2]]
    rows = judged(kafka_records([(b"8459042", value, NOW) for value in values])).orderBy("offset").collect()
    assert [row.defect and row.defect.reason for row in rows] == [None, None, "trailing-bytes", "malformed-avro"]
    assert [row.sample.asDict() for row in rows[:2]] == [SAMPLE, SAMPLE]


@pytest.mark.spark
def test_a_version_that_is_not_released_is_an_unknown_schema(
    kafka_records: Frame, newer_writer: Callable[[dict[str, Any]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SCHEMAS_VARIABLE)
    newer = newer_writer({**SAMPLE, "altitude": None})
    (row,) = judged(kafka_records([(b"8459042", newer, NOW)])).collect()
    assert row.defect.reason == "unknown-schema"
