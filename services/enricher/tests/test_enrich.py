"""One record in, exactly one out: enriched, or a dead letter with the original bytes."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pyspark.sql import DataFrame

from tacho_contracts.codec import Codec
from tacho_enricher.dims import Dims
from tacho_enricher.enrich import enriched, outgoing

NOW = 1_795_340_000_040
LATE_AFTER_SECONDS = 120
SENSOR = Codec("SensorSample")
DECODERS = {"samples-enriched": Codec("EnrichedSample"), "dead-letters": Codec("DeadLetter")}

Frame = Callable[[Sequence[tuple[bytes | None, bytes | None, int]]], DataFrame]


def sample(car_id: int, **changes: Any) -> dict[str, Any]:
    event = {"car_id": car_id, "sequence": 17, "event_time": NOW - 40, "speed": 86.4, "rpm": 2140, "gear": 5}
    return {"event_id": f"{car_id}-17", **event, **changes}


def results(records: DataFrame, dims: Dims) -> list[tuple[str, bytes, dict[str, Any]]]:
    """Topic, key and content of what came out, in order, decoded by the other implementation."""
    rows = outgoing(enriched(records, dims, LATE_AFTER_SECONDS)).collect()
    return [(row.topic, bytes(row.key), DECODERS[row.topic].decode(bytes(row.value))) for row in rows]


@pytest.mark.spark
def test_a_known_car_is_enriched_in_full(kafka_records: Frame, dims: Dims) -> None:
    sent = sample(8459042)
    ((topic, key, content),) = results(kafka_records([(b"8459042", SENSOR.encode(sent), NOW)]), dims)
    assert (topic, key) == ("samples-enriched", b"8459042")
    assert content == {
        **sent,
        "driver_id": 633142716,
        "brand_name": "Mazda",
        "model_name": "6",
        "color_name": "White",
        "expected_gear": content["expected_gear"],
        "gear_low": content["gear_low"],
        "gear_high": content["gear_high"],
        "late": False,
        "logged_at": NOW,
        "dims_version": dims.version,
    }
    assert content["gear_low"] <= content["expected_gear"] <= content["gear_high"]


@pytest.mark.spark
def test_an_unknown_car_stays_with_nulls(kafka_records: Frame, dims: Dims) -> None:
    ((topic, _, content),) = results(kafka_records([(b"1000001", SENSOR.encode(sample(1000001)), NOW)]), dims)
    assert topic == "samples-enriched"
    absent = ("driver_id", "brand_name", "model_name", "color_name", "expected_gear", "gear_low", "gear_high")
    assert [content[name] for name in absent] == [None] * 7


@pytest.mark.spark
@pytest.mark.parametrize(("age_ms", "late"), [(120_000, False), (120_001, True), (NOW + 2**62, True), (-5_000, False)])
def test_lateness_is_decided_from_the_record_alone(kafka_records: Frame, dims: Dims, age_ms: int, late: bool) -> None:
    value = SENSOR.encode(sample(8459042, event_time=NOW - age_ms))
    ((_, _, content),) = results(kafka_records([(b"8459042", value, NOW)]), dims)
    assert content["late"] is late


@pytest.mark.spark
def test_a_reject_keeps_its_place_and_its_bytes(kafka_records: Frame, dims: Dims) -> None:
    good = SENSOR.encode(sample(8459042))
    found = results(kafka_records([(b"8459042", good, NOW), (b"k", b"junk", NOW), (None, None, NOW)]), dims)
    assert [topic for topic, _, _ in found] == ["samples-enriched", "dead-letters", "dead-letters"]
    _, key, letter = found[1]
    assert key == b"sensors-sample/3/1"
    place = {"source_topic": "sensors-sample", "source_partition": 3, "source_offset": 1, "source_timestamp": NOW}
    assert letter == {
        **place,
        "service": "enricher",
        "reason": "unknown-format",
        "detail": letter["detail"],
        "key": b"k",
        "value": b"junk",
    }
    assert (found[2][2]["key"], found[2][2]["value"]) == (None, None)


@pytest.mark.spark
def test_a_repeat_is_equal_byte_for_byte(kafka_records: Frame, dims: Dims) -> None:
    record = (b"8459042", SENSOR.encode(sample(8459042)), NOW)
    first, again = outgoing(enriched(kafka_records([record, record]), dims, LATE_AFTER_SECONDS)).collect()
    assert first == again
