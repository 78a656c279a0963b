"""Every kind of bad record gets its reason, and good ones around it are not touched."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pyspark.sql import DataFrame

from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec, header
from tacho_contracts.examples import Example, iter_examples
from tacho_enricher.enrich import judged
from tacho_enricher.rejects import rejects

NOW = 1_795_340_000_040
SAMPLE = {example.name: example.payload for example in iter_examples("SensorSample")}["cruising"]
CODEC = Codec("SensorSample")
GOOD = CODEC.encode(SAMPLE)
KEY = b"8459042"
TEXT = json.dumps(SAMPLE).encode()

Frame = Callable[[Sequence[tuple[bytes | None, bytes | None, int]]], DataFrame]


def avro(**changes: Any) -> bytes:
    return CODEC.encode({**SAMPLE, **changes})


def as_json(**changes: Any) -> bytes:
    return json.dumps({**SAMPLE, **changes}).encode()


BAD: dict[str, tuple[str, bytes | None]] = {
    "a tombstone": ("tombstone", None),
    "no bytes": ("empty", b""),
    "more than 4096 bytes": ("oversized", GOOD + bytes(4096)),
    "text": ("unknown-format", b"hello"),
    "an array": ("unknown-format", b"[1]"),
    "the marker alone": ("unknown-format", b"\xc3\x01"),
    "another marker": ("unknown-format", b"\xc3\x02" + GOOD[2:]),
    "another record's schema": ("unknown-schema", header("Alert") + GOOD[10:]),
    "a body cut off": ("malformed-avro", GOOD[:-3]),
    "no body": ("malformed-avro", GOOD[:10]),
    "a string of two thousand million bytes": ("malformed-avro", GOOD[:10] + b"\xfe\xff\xff\xff\x0e" + b"8459042-17"),
    "a string of negative length": ("malformed-avro", GOOD[:10] + b"\x01" + GOOD[11:]),
    "a varint without end": ("malformed-avro", GOOD[:10] + b"\xff" * 30),
    "bytes after the record": ("trailing-bytes", GOOD + b"\x00"),
    "a varint of more bytes than it needs": ("trailing-bytes", GOOD[:10] + b"\x94\x00" + GOOD[11:]),
    "JSON cut off": ("malformed-json", TEXT[:-1]),
    "JSON with something behind it": ("malformed-json", TEXT + b" {}"),
    "JSON with one key more": ("malformed-json", as_json(color="red")),
    "JSON with one key twice": ("malformed-json", TEXT[:-1] + b', "rpm": 1}'),
    "JSON with a null": ("malformed-json", as_json(rpm=None)),
    "JSON with a number as text": ("malformed-json", as_json(rpm="2140")),
    "JSON with a fraction for an int": ("malformed-json", as_json(rpm=2140.5)),
    "JSON with an int too large": ("malformed-json", as_json(rpm=2**40)),
    "JSON with NaN": ("malformed-json", as_json(speed=float("nan"))),
    "JSON with an object inside": ("malformed-json", as_json(gear={})),
    "JSON in single quotes": ("malformed-json", TEXT.replace(b'"', b"'")),
    "JSON that is not UTF-8": ("malformed-json", TEXT.replace(b"8459042-17", b"8459042-\xff")),
    "JSON with a key missing": (
        "malformed-json",
        json.dumps({k: v for k, v in SAMPLE.items() if k != "gear"}).encode(),
    ),
    "a speed that is not a number": ("out-of-range", avro(speed=float("nan"))),
    "an infinite speed": ("out-of-range", avro(speed=float("inf"))),
    "an event_id of another car": ("out-of-range", avro(event_id="6572047-17")),
    "an event_time in the far future": ("future-time", avro(event_time=2**63 - 1)),
    "JSON from the future": ("future-time", as_json(event_time=NOW + 5001)),
}


def reasons(frame: DataFrame) -> list[str | None]:
    rows = judged(frame).orderBy("offset").select("defect.reason").collect()
    return [row.reason for row in rows]


@pytest.mark.spark
def test_each_bad_record_gets_its_reason_and_the_good_ones_between_get_none(kafka_records: Frame) -> None:
    records: list[tuple[bytes | None, bytes | None, int]] = [(KEY, GOOD, NOW)]
    for _, value in BAD.values():
        records += [(KEY, value, NOW), (KEY, GOOD, NOW)]
    found = reasons(kafka_records(records))
    assert dict(zip(BAD, found[1::2], strict=True)) == {name: reason for name, (reason, _) in BAD.items()}
    assert set(found[0::2]) == {None}


@pytest.mark.spark
def test_a_key_that_is_not_the_payloads_car_is_foreign(kafka_records: Frame) -> None:
    keys = [b"6572047", None, b"", b"08459042"]
    assert reasons(kafka_records([(key, GOOD, NOW) for key in keys])) == ["foreign-key"] * 4


@pytest.mark.spark
def test_an_event_time_at_the_beginning_of_time_is_only_late(kafka_records: Frame) -> None:
    assert reasons(kafka_records([(KEY, avro(event_time=-(2**63)), NOW)])) == [None]


def record(example: Example, encode: Callable[[dict[str, Any]], bytes]) -> tuple[bytes | None, bytes | None, int]:
    key = example.key if example.key is not None else str(example.payload["car_id"])
    at = example.record_timestamp if example.record_timestamp is not None else example.payload["event_time"]
    return key.encode(), encode(example.payload), at


@pytest.mark.spark
@pytest.mark.parametrize("form", ["avro", "json"])
def test_every_published_example_is_judged_as_it_says(kafka_records: Frame, form: str) -> None:
    encode = CODEC.encode if form == "avro" else lambda payload: json.dumps(payload).encode()
    examples = list(iter_examples("SensorSample"))
    found = reasons(kafka_records([record(example, encode) for example in examples]))
    said = {example.name: None if example.passes else example.reason for example in examples}
    assert dict(zip(said, found, strict=True)) == said


@pytest.mark.spark
def test_what_is_decoded_is_what_was_sent(kafka_records: Frame) -> None:
    passing = [example for example in iter_examples("SensorSample") if example.passes]
    for encode in (CODEC.encode, lambda payload: json.dumps(payload).encode()):
        rows = judged(kafka_records([record(example, encode) for example in passing])).orderBy("offset")
        found = [row.asDict() for row in rows.select("sample.*").collect()]
        assert found == [example.payload for example in passing]


@pytest.mark.spark
def test_the_reasons_are_the_catalogues(spark: object) -> None:
    assert {reject.reason for reject in rejects()} == set(load_catalogue().reject_reasons)
    assert all(re.fullmatch(r"[a-z-]+", reject.reason) for reject in rejects())
