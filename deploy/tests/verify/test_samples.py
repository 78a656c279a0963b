"""What is a good sample and why another is not: the published examples, and bytes no codec would write."""

import json

import pytest

from tacho.verify.log import LogRecord, murmur2
from tacho.verify.samples import GOOD, judge
from tacho.verify.wire import Wire
from tacho_contracts.paths import data_root

EXAMPLES = sorted((data_root() / "examples" / "SensorSample" / "v1").glob("*.json"))
WIRE = Wire("SensorSample")
SAMPLE = {
    **{"event_id": "8459042-17", "car_id": 8_459_042, "sequence": 17, "event_time": 1_795_340_000_000},
    **{"speed": 86.4, "rpm": 2140, "gear": 5},
}


def reasons(value, key=b"8459042", timestamp=1_795_340_000_040):
    return judge(LogRecord(0, 0, timestamp, key, value), WIRE)[1]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("as_bytes", [WIRE.encode, lambda s: json.dumps(s).encode()], ids=["avro", "json"])
def test_published_examples_are_judged_as_published(path, as_bytes):
    example = json.loads(path.read_text())
    found = reasons(as_bytes(example["payload"]), example["key"].encode(), example["record_timestamp"])
    assert found == ({example["reason"]} if "reason" in example else GOOD)


GOOD_BYTES = WIRE.encode(SAMPLE)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "tombstone"),
        (b"", "empty"),
        (b"{" + b" " * 4096, "oversized"),
        (b"hello", "unknown-format"),
        (b" " + json.dumps(SAMPLE).encode(), "unknown-format"),
        (b"\xc3\x01\x00", "unknown-format"),
        (b"\xc3\x01" + bytes(8) + GOOD_BYTES[10:], "unknown-schema"),
        (GOOD_BYTES[:-1], "malformed-avro"),
        (GOOD_BYTES[:10], "malformed-avro"),
        (GOOD_BYTES[:10] + b"\xfe\xff\xff\xff\x0f" + GOOD_BYTES[11:], "malformed-avro"),
        (GOOD_BYTES + b"\x00", "trailing-bytes"),
        (GOOD_BYTES[:-1] + b"\x8a\x00", "trailing-bytes"),
        (b"{", "malformed-json"),
        (b"{}", "malformed-json"),
        (json.dumps(SAMPLE | {"more": 1}).encode(), "malformed-json"),
        (json.dumps(SAMPLE | {"rpm": 2140.0}).encode(), "malformed-json"),
        (json.dumps(SAMPLE | {"gear": True}).encode(), "malformed-json"),
        (json.dumps(SAMPLE | {"speed": "86.4"}).encode(), "malformed-json"),
        (json.dumps(SAMPLE | {"speed": float("nan")}).encode(), "malformed-json"),
        (json.dumps(SAMPLE).encode()[:-1] + b', "rpm": 1}', "malformed-json"),
        (WIRE.encode(SAMPLE | {"speed": float("nan")}), "out-of-range"),
        (WIRE.encode(SAMPLE | {"speed": float("inf")}), "out-of-range"),
    ],
)
def test_a_bad_value_is_rejected_for_the_first_rule_it_breaks(value, reason):
    assert reasons(value) == {reason}


def test_a_whole_number_is_a_speed_in_json():
    assert reasons(json.dumps(SAMPLE | {"speed": 86}).encode()) == GOOD


def test_an_int_of_more_than_32_bits_may_be_called_malformed_cut_or_out_of_range():
    wide = GOOD_BYTES[:-1] + b"\x80\x80\x80\x80\x80\x01"
    assert reasons(wide) == {"malformed-avro", "trailing-bytes", "out-of-range"}


def test_text_that_is_not_utf8_may_be_called_malformed_or_not_coming_back():
    assert reasons(GOOD_BYTES[:11] + b"\xff" + GOOD_BYTES[12:]) == {"malformed-avro", "trailing-bytes"}


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_gives_the_numbers_of_kafkas_own_test(text, signed):
    assert murmur2(text) == signed & 0xFFFFFFFF
