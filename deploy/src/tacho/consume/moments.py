"""Times as people give them to a command: so long ago, or a moment. Pure."""

import math
from datetime import UTC, datetime

from tacho.errors import UsageError

_UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def moment_ms(text: str, now_ms: int) -> int:
    """Milliseconds since the epoch of `24h` (so long before `now_ms`) or of an ISO time, UTC without a zone.

    Raises UsageError for other text.
    """
    try:
        return now_ms - _length_ms(text) if text[-1:] in _UNITS_MS else _instant_ms(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{text!r} is no time: write how long ago (90s, 15m, 24h, 7d) or a moment such as 2026-11-22T14:00:00Z."
        ) from error


def _length_ms(text: str) -> int:
    length = float(text[:-1])
    if not 0 < length < math.inf:
        raise ValueError(text)
    return round(length * _UNITS_MS[text[-1]])


def _instant_ms(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
