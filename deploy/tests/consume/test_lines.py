import json

import pytest

from tacho.commands.tail import line_of
from tacho.consume.lines import as_json, as_text, excerpt, iso
from tacho.consume.reading import instant_ms
from tacho.errors import UsageError
from tacho_contracts.codec import Codec

SAMPLE = {
    "event_id": "1000001-1",
    "car_id": 1000001,
    "sequence": 1,
    "event_time": 1_795_000_000_123,
    "speed": 51.5,
    "rpm": 2100,
    "gear": 3,
}


def test_times_are_shown_in_iso_form() -> None:
    assert iso(1_795_000_000_123) == "2026-11-18T11:06:40.123Z"


def test_an_avro_sample_is_one_readable_line() -> None:
    line = line_of(Codec("SensorSample").encode(SAMPLE), None, None, False)
    assert line is not None
    assert line.startswith("event_id=1000001-1  car_id=1000001  sequence=1  event_time=2026-11-18T11:06:40.123Z")


def test_a_json_sample_gives_the_same_line_as_an_avro_one() -> None:
    avro = line_of(Codec("SensorSample").encode(SAMPLE), None, None, False)
    assert line_of(json.dumps(SAMPLE).encode(), None, None, False) == avro


def test_records_of_other_cars_are_left_out() -> None:
    assert line_of(Codec("SensorSample").encode(SAMPLE), 1000002, None, False) is None


def test_records_without_a_rule_are_left_out_when_one_is_asked_for() -> None:
    assert line_of(Codec("SensorSample").encode(SAMPLE), None, "speeding", False) is None


def test_what_cannot_be_decoded_is_shown_with_its_reason() -> None:
    assert line_of(b"garbage", None, None, False) == (
        "not readable: unknown-format (starts with 6761 and not with the Avro marker c301)  value=garbage"
    )


def test_a_tombstone_is_shown_with_its_reason() -> None:
    line = line_of(None, None, None, False)
    assert line is not None
    assert line.startswith("not readable: tombstone")


def test_no_byte_of_a_dead_letter_can_command_the_terminal() -> None:
    shown = excerpt(b"\x1b[2J\x07 \\")
    assert shown == "\\x1b[2J\\x07 \\x5c"


def test_text_with_control_characters_is_shown_escaped() -> None:
    assert "\x1b" not in as_text({"detail": "\x1b[2J"})


def test_a_long_value_is_cut_with_its_size() -> None:
    assert (excerpt(b"a" * 5000) or "").endswith("... (5000 bytes)")


def test_json_output_is_one_object_a_line() -> None:
    assert json.loads(as_json({"event_time": 0, "value": b"\x00"})) == {
        "event_time": "1970-01-01T00:00:00.000Z",
        "value": "\\x00",
    }


def test_a_time_without_a_zone_is_utc() -> None:
    assert instant_ms("2026-11-18T11:06:40") == instant_ms("2026-11-18T12:06:40+01:00")


def test_a_place_that_is_no_time_is_refused() -> None:
    with pytest.raises(UsageError, match="write start, end or a time"):
        instant_ms("yesterday")
