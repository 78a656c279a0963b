"""Numbers with their unit, as a rules file writes them: `120 km/h`, `-4 m/s2`, `5 min`."""

import re

_WRITTEN = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*)?")
_MS = {"s": 1_000, "min": 60_000, "h": 3_600_000}
_UNITS = {"km/h", "1/min", "m/s2", *_MS}


def number(written: object) -> float:
    """The number, in the unit it is written in. Raises ValueError when it is none or has a unit nobody knows."""
    value, unit = _split(written)
    if unit and unit not in _UNITS:
        raise ValueError(f"{written!r} has an unknown unit")
    return value


def duration_ms(written: object) -> int:
    """A duration in ms. Raises ValueError when it is none."""
    value, unit = _split(written)
    if unit not in _MS:
        raise ValueError(f"{written!r} is no duration")
    return round(value * _MS[unit])


def _split(written: object) -> tuple[float, str]:
    if isinstance(written, int | float) and not isinstance(written, bool):
        return float(written), ""
    found = _WRITTEN.fullmatch(str(written).strip())
    if found is None:
        raise ValueError(f"{written!r} is no number")
    return float(found[1]), found[2] or ""
