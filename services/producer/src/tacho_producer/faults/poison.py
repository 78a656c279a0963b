"""Records that no reader can use, each for one reason of the catalogue. Pure."""

from functools import cache
from hashlib import shake_128
from typing import NamedTuple

from tacho_contracts.codec import HEADER_BYTES, MAGIC, MAX_RECORD_BYTES, Codec
from tacho_producer.samples import Sample

REASONS = ("unknown-format", "malformed-avro", "oversized", "unknown-schema", "out-of-range")
"""What a reader must say of each kind."""
_GARBAGE_BYTES = 40


class Poison(NamedTuple):
    """A bad record beside the samples of a car, under its key."""

    car_id: int
    record_ms: int
    value: bytes


def poisoned(sample: Sample, reason: str, salt: str) -> bytes:
    """A value that begins as this sample might and must be refused for `reason`, of REASONS; `salt` makes it differ."""
    codec = _codec()
    if reason == "unknown-format":
        # Neither Avro's marker nor a brace.
        return b"\xff" + _noise(salt, _GARBAGE_BYTES)
    if reason == "out-of-range":
        # Of no car there is, so that it can never be taken for that car's sample, whatever else is wrong with it.
        return codec.encode(_fields(sample._replace(car_id=-sample.car_id, speed=999.9)))
    good = codec.encode(_fields(sample))
    if reason == "malformed-avro":
        return good[: HEADER_BYTES + _noise(salt, 1)[0] % (len(good) - HEADER_BYTES)]
    if reason == "oversized":
        return good + _noise(salt, MAX_RECORD_BYTES)
    return MAGIC + bytes(byte ^ 0xFF for byte in good[len(MAGIC) : HEADER_BYTES]) + good[HEADER_BYTES:]


def _fields(sample: Sample) -> dict[str, object]:
    fields = sample._asdict()
    return {"event_id": f"{sample.car_id}-{sample.sequence}", "event_time": fields.pop("event_ms"), **fields}


def _noise(salt: str, count: int) -> bytes:
    return shake_128(salt.encode()).digest(count)


@cache
def _codec() -> Codec:
    return Codec("SensorSample")
