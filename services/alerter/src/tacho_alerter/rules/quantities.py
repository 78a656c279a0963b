"""Numbers with their unit, as a rules file writes them: `120 km/h`, `-4 m/s2`, `5 min`."""

import re
from decimal import Decimal

LONGEST_MS = 7 * 24 * 3_600_000
"""No duration is longer: a week."""
_WRITTEN = re.compile(r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?)(?: *(1/min|[^0-9\s].*))?")
_MS = {"s": 1_000, "min": 60_000, "h": 3_600_000}


class NotAQuantity(Exception):
    """The text says what is wrong with a number and what to write; the reader adds the place."""


def number(written: object, unit: str | None) -> float:
    """A number in this unit; a bare one is taken to be in it. Raises NotAQuantity."""
    value, found = _split(written)
    if found is not None and found != unit:
        wanted = f"write it in {unit}" if unit else "it has no unit"
        raise NotAQuantity(f"{written!r:.60} has the unit {found}; {wanted}")
    return float(value)


def duration_ms(written: object) -> int:
    """A duration in ms. Raises NotAQuantity when it is none, is negative or is longer than a week."""
    value, unit = _split(written)
    if unit not in _MS:
        raise NotAQuantity(f"{written!r:.60} is no duration; write a number and s, min or h, as in 30 s")
    length = value * _MS[unit]
    if length < 0:
        raise NotAQuantity(f"{written!r:.60} is negative; a duration is 0 s or more")
    if length > LONGEST_MS:
        raise NotAQuantity(f"{written!r:.60} is longer than 7 days; take a shorter one")
    if length != int(length):
        raise NotAQuantity(f"{written!r:.60} is finer than a millisecond; round it")
    return int(length)


def _split(written: object) -> tuple[Decimal, str | None]:
    if isinstance(written, int | float) and not isinstance(written, bool):
        return Decimal(repr(written)), None
    found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise NotAQuantity(f"{written!r:.60} is no number; write digits, and a unit behind a blank")
    return Decimal(found[1]), found[2]
