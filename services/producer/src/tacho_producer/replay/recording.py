"""A recorded file as readings of speed, engine speed and gear over time; every row is used or dropped for a reason."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tacho_producer.errors import SettingsError, shown
from tacho_producer.replay.clock import Clock
from tacho_producer.replay.column_map import Channel, ColumnMap

_SHOWN_COLUMNS, _SHOWN_CHARACTERS = 12, 60
_LIMITS = {"speed": 400.0, "rpm": 20000.0, "gear": 10.0}

Values = dict[str, float]


@dataclass
class Drive:
    """One vehicle's trip: (seconds, values read then), in time order. `absolute`: seconds are since the epoch."""

    vehicle: str
    trip: str
    absolute: bool
    readings: list[tuple[float, Values]] = field(default_factory=list)


@dataclass
class Recording:
    """All drives of a file, and what became of its rows: rows = used + the sum of dropped."""

    drives: list[Drive]
    has_gear: bool
    rows: int = 0
    used: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def read_recording(lines: Iterable[str], columns: ColumnMap) -> Recording:
    """Read a CSV recording by its map. Raises SettingsError when it is no CSV or lacks a column the map needs."""
    rows = _rows(lines)
    header = [name.strip() for name in next(rows, [])]
    channels = _channels(header, columns)
    recording = Recording([], "gear" in channels)
    drives: dict[tuple[str, str], Drive] = {}
    clock = Clock(columns.time)
    for cells in rows:
        recording.rows += 1
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        seconds, absolute = clock.read(row.get(columns.time.column, ""))
        if seconds is None:
            recording.dropped["no-time"] += 1
            continue
        key = (row.get(columns.vehicle_column or "", ""), row.get(columns.trip_column or "", ""))
        drive = drives.setdefault(key, Drive(*key, absolute))
        values, reason = _values(row, channels, columns)
        reason = reason or _add(drive, seconds, values)
        if reason:
            recording.dropped[reason] += 1
        else:
            recording.used += 1
    recording.drives = [drive for drive in drives.values() if drive.readings]
    return recording


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    reader = csv.reader(lines)
    try:
        yield from reader
    except csv.Error as error:
        raise SettingsError(f"line {reader.line_num} of the recording is no CSV: {error}") from error


def _channels(header: list[str], columns: ColumnMap) -> dict[str, Channel]:
    """The channel to read for each quantity; in long form the file is not asked, for signals are in its rows."""
    needed = [columns.time.column]
    needed += [columns.signal_column, columns.value_column] if columns.form == "long" else []
    if missing := [name for name in needed if name not in header]:
        raise _lacks(missing[0], header)
    found: dict[str, Channel] = {}
    for quantity in ("speed", "rpm", "gear"):
        choices: tuple[Channel, ...] = getattr(columns, quantity)
        usable = [channel for channel in choices if columns.form == "long" or channel.column in header]
        if usable:
            found[quantity] = usable[0]
        elif choices and quantity != "gear":
            raise _lacks(choices[0].column, header)
    return found


def _lacks(column: str, header: list[str]) -> SettingsError:
    present = ", ".join(shown(name[:_SHOWN_CHARACTERS]) for name in header[:_SHOWN_COLUMNS])
    return SettingsError(f"the recording has no column {column!r}; it has {present or 'no header'}")


def _values(row: Mapping[str, str], channels: dict[str, Channel], columns: ColumnMap) -> tuple[Values, str]:
    """The usable values of one row, or the reason there is none."""
    if columns.form == "long":
        signal = row.get(columns.signal_column)
        wanted = [(name, channel) for name, channel in channels.items() if channel.column == signal]
        if not wanted:
            return {}, "other-signal"
        cells = [(*wanted[0], row.get(columns.value_column, ""))]
    else:
        cells = [(name, channel, row.get(channel.column, "")) for name, channel in channels.items()]
    values: Values = {}
    reasons: list[str] = []
    for name, channel, text in cells:
        number, reason = _value(name, channel, text)
        if number is None:
            reasons.append(reason)
        else:
            values[name] = number
    # A blank among other values is how staggered loggers write; a row of nothing else is worth naming.
    return (values, "") if values else ({}, next((reason for reason in reasons if reason != "blank"), "blank"))


def _value(name: str, channel: Channel, text: str) -> tuple[float | None, str]:
    if text in ("", "-"):
        return None, "blank"
    try:
        # Some loggers write the unit behind each number.
        number = channel.words[text] if text in channel.words else float(text.partition(" ")[0])
    except ValueError:
        return None, "not-a-number"
    if number in channel.invalid:
        return None, "invalid-marker"
    number *= channel.factor
    if not 0.0 <= number <= _LIMITS[name]:
        return None, "out-of-range"
    return number, ""


def _add(drive: Drive, seconds: float, values: Values) -> str:
    """Add the reading, or say why not."""
    if drive.readings:
        last_seconds, last_values = drive.readings[-1]
        if seconds < last_seconds:
            return "time-backwards"
        if seconds == last_seconds and all(last_values.get(name) == value for name, value in values.items()):
            return "repeated"
    drive.readings.append((seconds, values))
    return ""
