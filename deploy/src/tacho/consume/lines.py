"""One readable line for each record. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Record = Mapping[str, Any]

_TIMES = frozenset(
    {
        "event_time",
        "logged_at",
        "window_start",
        "window_end",
        "source_timestamp",
        "since",
        "at",
        "max_speed_at",
        "max_rpm_at",
        "max_gear_at",
        "opened_at",
        "last_seen_at",
        "closed_at",
        "peak_at",
        "effective_at",
        "heard_at",
        "due_at",
        "told_at",
    }
)
_EXCERPT_BYTES = 48


def readable(record: Record) -> dict[str, Any]:
    """The record, and what is inside it, with times in ISO form and bytes as a safe excerpt, ready for JSON."""
    return {name: _readable(name, value) for name, value in record.items()}


def as_json(record: Record) -> str:
    """One JSON object on one line."""
    return json.dumps(readable(record), ensure_ascii=False, separators=(",", ":"))


def as_text(record: Record) -> str:
    """`name=value` pairs, what is absent left out."""
    return "  ".join(f"{name}={_plain(value)}" for name, value in readable(record).items() if value is not None)


def rejected_text(reason: str, detail: str, value: bytes | None) -> str:
    """A record that cannot be decoded: why, and how it begins."""
    return f"not readable: {reason} ({detail})  value={_plain(excerpt(value))}"


def excerpt(value: bytes | None) -> str | None:
    """The first bytes as printable ASCII; others as \\xNN, so that no byte can command the terminal."""
    if value is None:
        return None
    shown = "".join(
        chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in value[:_EXCERPT_BYTES]
    )
    return shown if len(value) <= _EXCERPT_BYTES else f"{shown}... ({len(value)} bytes)"


def wanted(record: Record, car: int | None, rule: str | None) -> bool:
    """Whether a record is of this car and this rule; None asks for all."""
    return (car is None or record.get("car_id") == car) and (rule is None or record.get("rule") == rule)


def iso(milliseconds: int) -> str:
    """UTC, to the millisecond; the number itself where it is no date."""
    try:
        return (
            datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )
    except (OverflowError, ValueError, OSError):
        return str(milliseconds)


def _readable(name: str, value: Any) -> Any:
    if name in _TIMES and isinstance(value, int):
        return iso(value)
    if isinstance(value, list):
        return [readable(part) if isinstance(part, dict) else _readable(name, part) for part in value]
    return excerpt(value) if isinstance(value, bytes) else value


def _plain(value: Any) -> str:
    if isinstance(value, str):
        # Text came from outside: control characters are shown, never sent to the terminal.
        return value if value.isprintable() and " " not in value and value else json.dumps(value)
    return json.dumps(value) if isinstance(value, dict | list | bool) else str(value)
