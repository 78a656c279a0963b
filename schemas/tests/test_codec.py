"""The wire format, against the Avro specification and against hostile bytes."""

import io
import json
from contextlib import suppress

import avro.io
import avro.schema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacho_contracts.codec import HEADER_BYTES, MAX_RECORD_BYTES, Codec, decode_any, header
from tacho_contracts.errors import Rejected
from tacho_contracts.schemas import records, schema_text

SAMPLE = {
    "event_id": "8459042-17",
    "car_id": 8459042,
    "sequence": 17,
    "event_time": 1795340000000,
    "speed": 86.4,
    "rpm": 2140,
    "gear": 5,
}


@pytest.fixture(scope="module")
def codec() -> Codec:
    return Codec("SensorSample")


def reason_of(codec: Codec, data: bytes | None) -> str:
    with pytest.raises(Rejected) as caught:
        codec.decode(data)
    return caught.value.reason


def test_a_record_comes_back_as_it_went_in(codec: Codec) -> None:
    assert codec.decode(codec.encode(SAMPLE)) == SAMPLE


def test_the_header_is_the_marker_and_the_little_endian_rabin_fingerprint(codec: Codec) -> None:
    """The fingerprint is computed here by the specification's own bit-by-bit loop.

    Apache's Python canonical form leaves out the step that turns {"type":"long"} into "long" (its Java takes it).
    """
    empty = 0xC15D213AA4D7A795
    canonical = avro.schema.parse(schema_text("SensorSample")).canonical_form.replace('{"type":"long"}', '"long"')
    value = empty
    for byte in canonical.encode():
        table = (value ^ byte) & 0xFF
        for _ in range(8):
            table = (table >> 1) ^ (empty & -(table & 1))
        value = (value >> 8) ^ table
    assert codec.encode(SAMPLE)[:HEADER_BYTES] == b"\xc3\x01" + value.to_bytes(8, "little")


def test_the_body_is_what_the_apache_implementation_reads(codec: Codec) -> None:
    text = json.dumps(json.loads(schema_text("SensorSample"))).replace(', "logicalType": "timestamp-millis"', "")
    reader = avro.io.DatumReader(avro.schema.parse(text))
    body = io.BytesIO(codec.encode(SAMPLE)[HEADER_BYTES:])
    assert reader.read(avro.io.BinaryDecoder(body)) == SAMPLE


def test_no_two_records_share_a_fingerprint() -> None:
    assert len({header(record) for record in records()}) == len(records())


def test_decode_any_tells_the_record_by_its_fingerprint(codec: Codec) -> None:
    assert decode_any(codec.encode(SAMPLE)) == ("SensorSample", 1, SAMPLE)


def test_a_missing_value_is_a_tombstone(codec: Codec) -> None:
    assert reason_of(codec, None) == "tombstone"


def test_no_bytes_are_empty(codec: Codec) -> None:
    assert reason_of(codec, b"") == "empty"


def test_a_record_over_the_cap_is_refused_before_it_is_read(codec: Codec) -> None:
    assert reason_of(codec, codec.encode(SAMPLE) + b"x" * MAX_RECORD_BYTES) == "oversized"


def test_bytes_without_the_marker_are_of_unknown_format(codec: Codec) -> None:
    assert reason_of(codec, b"\x00\x00\x00\x00\x01rest") == "unknown-format"


def test_a_fingerprint_nobody_published_is_an_unknown_schema(codec: Codec) -> None:
    assert reason_of(codec, b"\xc3\x01" + b"\x07" * 8 + b"body") == "unknown-schema"


def test_another_known_record_is_an_unknown_schema_too(codec: Codec) -> None:
    assert reason_of(codec, header("Alert") + b"body") == "unknown-schema"


def test_every_truncation_is_refused(codec: Codec) -> None:
    data = codec.encode(SAMPLE)
    for length in range(1, len(data)):
        assert reason_of(codec, data[:length]) in {"malformed-avro", "unknown-format"}, length


def test_a_byte_after_the_record_is_refused(codec: Codec) -> None:
    assert reason_of(codec, codec.encode(SAMPLE) + b"\x00") == "trailing-bytes"


def test_a_length_bomb_is_refused(codec: Codec) -> None:
    bomb = header("SensorSample") + b"\xfe\xff\xff\xff\x0f" + b"x"
    assert reason_of(codec, bomb) == "malformed-avro"


@given(body=st.binary(max_size=200))
def test_no_body_whatsoever_raises_anything_but_rejected(body: bytes) -> None:
    with suppress(Rejected):
        Codec("SensorSample").decode(header("SensorSample") + body)


@given(
    car_id=st.integers(1_000_000, 9_999_999),
    sequence=st.integers(1, 2**62),
    event_time=st.integers(0, 2**42),
    speed=st.floats(0, 400),
    rpm=st.integers(0, 20_000),
    gear=st.integers(0, 10),
)
def test_any_sample_in_range_survives_the_wire(
    car_id: int, sequence: int, event_time: int, speed: float, rpm: int, gear: int
) -> None:
    sample = {
        "event_id": f"{car_id}-{sequence}",
        "car_id": car_id,
        "sequence": sequence,
        "event_time": event_time,
        "speed": speed,
        "rpm": rpm,
        "gear": gear,
    }
    codec = Codec("SensorSample")
    assert codec.decode(codec.encode(sample)) == sample
