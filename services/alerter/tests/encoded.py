"""Samples as the log may hold them, good and bad, made at random from a seed."""

import math
from types import SimpleNamespace

from tacho_contracts.codec import Codec

ENRICHED = Codec("EnrichedSample")
_ALERT = Codec("Alert")
_STRINGS = ("", "Q5", "Sao Paulo", "x" * 16, "y" * 63, "z" * 64, "w" * 200, "Škoda", "日本")
_INTS = (0, 1, -1, 63, 64, -64, -65, 8191, 8192, 5999, 6000, 6001, 2**31 - 1, -(2**31))
_LONGS = (*_INTS, 2**48, -(2**48) - 1, 2**52 - 1, 2**52, -(2**52), -(2**52) - 1, 2**53 + 1, 2**63 - 1, -(2**63))
_DOUBLES = (0.0, -0.0, 120.0, math.nextafter(120.0, 121.0), -5.5, math.nan, math.inf, -math.inf, 1e300)


def consumed(values):
    """The values as records of one partition."""
    return [
        SimpleNamespace(topic="samples-enriched", partition=2, offset=offset, timestamp=5, key=b"1000001", value=value)
        for offset, value in enumerate(values)
    ]


def calm(number=0):
    """A sample that breaks none of the seed's rules."""
    return {
        "event_id": f"1000001-{number}",
        "car_id": 1_000_001,
        "sequence": number,
        "event_time": 1_760_000_000_000 + number,
        "speed": 90.5,
        "rpm": 2500,
        "gear": 4,
        "driver_id": 123_456_789,
        "brand_name": "BMW",
        "model_name": "X5",
        "color_name": "black",
        "expected_gear": 4,
        "gear_low": 3,
        "gear_high": 5,
        "late": False,
        "logged_at": 1_760_000_000_004 + number,
        "dims_version": "0123456789ab",
    }


def odd(chance, number):
    """A sample with some fields at the edges of their types."""
    sample = calm(number)
    edges = {
        **dict.fromkeys(("event_id", "dims_version"), _STRINGS),
        **dict.fromkeys(("brand_name", "model_name", "color_name"), (None, *_STRINGS)),
        **dict.fromkeys(("car_id", "rpm", "gear"), _INTS),
        **dict.fromkeys(("driver_id", "expected_gear", "gear_low", "gear_high"), (None, *_INTS)),
        **dict.fromkeys(("sequence", "event_time", "logged_at"), _LONGS),
        "speed": _DOUBLES,
        "late": (True, False),
    }
    for name in chance.sample(sorted(edges), chance.choice((0, 1, 2, 17))):
        sample[name] = chance.choice(edges[name])
    return sample


def damaged(chance, value):
    """An encoded sample with one thing wrong, or at least unusual."""
    return chance.choice((_cut, _flipped, _replaced, _longer, _other_header, _stretched, _foreign))(chance, value)


def _cut(chance, value):
    return value[: chance.randrange(len(value))]


def _flipped(chance, value):
    at = chance.randrange(len(value))
    return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]


def _replaced(chance, value):
    at = chance.randrange(10, len(value))
    return (
        value[:at] + bytes([chance.choice((0, 1, 2, 3, 4, 0x7F, 0x80, 0xFF, chance.randrange(256)))]) + value[at + 1 :]
    )


def _longer(chance, value):
    return value + chance.choice((b"\0", b"\x80", value, bytes(100), bytes(4096)))


def _other_header(chance, value):
    return chance.choice((b"\xc3\x02" + value[2:], value[:2] + bytes(8) + value[10:], value[:1], value[10:], b"{}"))


def _stretched(chance, value):
    """The car_id or the sequence in more bytes than it needs."""
    at = 11 + value[10] // 2
    for _ in range(chance.randrange(2) + 1):
        end = at
        while value[end] & 0x80:
            end += 1
        at, last = end + 1, end
    padding = b"\x80" * chance.choice((0, 1, 3, 5, 8, 20))
    return value[:last] + bytes([value[last] | 0x80]) + padding + chance.choice((b"\0", b"\1", b"\x7f")) + value[at:]


def _foreign(chance, _value):
    sample = calm()
    alert = {name: sample[name] for name in ("event_id", "car_id", "event_time", "logged_at", "late", "speed")}
    alert |= {"rpm": 1, "gear": 1, "alert_id": "a", "rule": "r", "severity": "info", "observed": 1.0, "limit": 0.0}
    return chance.choice((None, b"", bytes(5000), _ALERT.encode(alert | {"rules_version": "v"})))
