"""Which records of the log are good samples, and why the others are not: `x-reject-reasons` in plain Python."""

import json
from typing import Any, NoReturn

from tacho.verify.log import LogRecord
from tacho.verify.wire import MARKER, Fields, Undecodable, Wire

MAX_BYTES = 4096
FUTURE_MS = 5000
GOOD: frozenset[str] = frozenset()

_MALFORMED_JSON = frozenset({"malformed-json"})
# Not UTF-8 inside an Avro string: a reader may refuse it or replace it, and then the bytes do not come back.
_BAD_TEXT = frozenset({"malformed-avro", "trailing-bytes"})
# A number too wide for its Avro type is no value of the type, and out of range too.
_TOO_WIDE = frozenset({"malformed-json", "out-of-range"})
# An Avro int of more than 32 bits: Java refuses or cuts it, fastavro reads it.
_WIDE_INT = frozenset({"malformed-avro", "trailing-bytes", "out-of-range"})
_BITS = {"car_id": 31, "sequence": 63, "event_time": 63, "rpm": 31, "gear": 31}
_FIELDS = frozenset({*_BITS, "event_id", "speed"})

Judged = tuple[Fields | None, frozenset[str]]
"""The sample as far as it could be read, and the reasons a service may give for rejecting it (GOOD: none)."""


def judge(record: LogRecord, wire: Wire) -> Judged:
    """The sample in a record of sensors-sample; the first rule it breaks decides."""
    value = record.value
    if not value:
        return None, frozenset({"tombstone" if value is None else "empty"})
    if len(value) > MAX_BYTES:
        return None, frozenset({"oversized"})
    sample, reasons = _from_json(value) if value.startswith(b"{") else _from_avro(value, wire)
    if sample is None or reasons:
        return sample, reasons
    return sample, _broken_rule(record, sample)


def _broken_rule(record: LogRecord, sample: Fields) -> frozenset[str]:
    if not _in_range(sample):
        fits = all(-(1 << 31) <= sample[name] < 1 << 31 for name in ("car_id", "rpm", "gear"))
        return frozenset({"out-of-range"}) if fits else _WIDE_INT
    if sample["event_time"] > record.timestamp + FUTURE_MS:
        return frozenset({"future-time"})
    if record.key != b"%d" % sample["car_id"]:
        return frozenset({"foreign-key"})
    return GOOD


def _from_avro(value: bytes, wire: Wire) -> Judged:
    if not value.startswith(MARKER):
        return None, frozenset({"unknown-format"})
    try:
        return wire.decode(value), GOOD
    except Undecodable as error:
        bad_text = isinstance(error.__cause__, UnicodeDecodeError)
        return None, _BAD_TEXT if bad_text else frozenset({error.reason})


def _from_json(value: bytes) -> Judged:
    try:
        sample = json.loads(value.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None, _MALFORMED_JSON
    if not isinstance(sample, dict) or sample.keys() != _FIELDS or not isinstance(sample["event_id"], str):
        return None, _MALFORMED_JSON
    if any(type(sample[name]) is not int for name in _BITS) or type(sample["speed"]) not in (int, float):
        return None, _MALFORMED_JSON
    if any(not -(1 << bits) <= sample[name] < 1 << bits for name, bits in _BITS.items()):
        return None, _TOO_WIDE
    try:
        sample["speed"] = float(sample["speed"])
    except OverflowError:
        return None, _TOO_WIDE
    return sample, GOOD


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> Fields:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name comes twice")
    return fields


def _in_range(sample: Fields) -> bool:
    car, sequence = sample["car_id"], sample["sequence"]
    return bool(
        1_000_000 <= car <= 9_999_999
        and sequence >= 1
        and 0.0 <= sample["speed"] <= 400.0
        and 0 <= sample["rpm"] <= 20_000
        and 0 <= sample["gear"] <= 10
        and sample["event_id"] == f"{car}-{sequence}"
    )
