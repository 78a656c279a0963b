"""The time cells of a recording as seconds."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, time

from tacho_producer.replay.column_map import Time

_DATE_FORMATS = ("%d-%b-%Y %H:%M:%S.%f", "%d-%b-%Y %H:%M:%S", "%a %b %d %H:%M:%S GMT%z %Y", "%d/%m/%Y %H:%M:%S")
# A number this large is milliseconds since the epoch; seconds reach it in the year 5138.
_EPOCH_MS_FROM = 1e11
_EPOCH_S_FROM = 1e9
_DAY_S = 86_400.0


class Clock:
    """Reads the time cells of one file, row after row."""

    def __init__(self, column: Time) -> None:
        self._column = column
        self._seconds = 0.0

    def read(self, text: str) -> tuple[float | None, bool]:
        """Seconds, and whether they are since the epoch; None when the cell says no time."""
        if self._column.kind == "time-of-day":
            return self._after_midnight(text), False
        try:
            number = float(text)
        except ValueError:
            return (_date(text), True) if self._column.kind == "auto" else (None, False)
        if not math.isfinite(number):
            return None, False
        if self._column.kind == "auto" and number >= _EPOCH_S_FROM:
            return (number / 1000.0 if number >= _EPOCH_MS_FROM else number), True
        number = number / 1000.0 if self._column.unit == "ms" else number
        if self._column.kind == "delay":
            number = self._seconds = self._seconds + number
        return number, False

    def _after_midnight(self, text: str) -> float | None:
        """Seconds since the first row's midnight: a clock that goes back by half a day has passed the next one."""
        try:
            at = time.fromisoformat(text)
        except ValueError:
            return None
        seconds = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6
        while seconds < self._seconds - _DAY_S / 2:
            seconds += _DAY_S
        self._seconds = seconds
        return seconds


def _date(text: str) -> float | None:
    for parse in (datetime.fromisoformat, *(_parser(layout) for layout in _DATE_FORMATS)):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None


def _parser(layout: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, layout)
