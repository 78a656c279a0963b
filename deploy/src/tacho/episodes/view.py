"""Episodes as a table and as JSON objects. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from tacho.console.lines import printable
from tacho.consume.lines import iso, readable
from tacho.episodes.fold import Episode

_ALWAYS = 6
"""Columns that are always there."""
_STYLES = {"critical": "bold red", "warning": "yellow"}


def table(episodes: Sequence[Episode]) -> Table:
    """One row for each; times are event time, UTC. The id names the car and the rule: <car_id>-<sequence>/<rule>."""
    shown = Table("", "severity", "episode", "opened", "lasted", "peak (limit)", box=None)
    for column in shown.columns:
        column.no_wrap = True
    for number in (4, 5):
        shown.columns[number].justify = "right"
    # Eighty columns hold the rest; what nobody has done takes no room.
    if any(episode.acknowledged for episode in episodes):
        shown.add_column("acknowledged")
    for episode in episodes:
        event = episode.event
        shown.add_row(
            Text("open", style="bold") if episode.open else Text(printable(str(event["close_reason"])), style="dim"),
            Text(printable(event["severity"]), style=_STYLES.get(event["severity"], "")),
            Text(printable(event["episode_id"])),
            iso(event["opened_at"])[5:19].replace("T", " "),
            str(timedelta(seconds=episode.lasted_ms // 1000)),
            f"{event['peak']:.4g} ({event['limit']:.4g})",
            *((Text(_acknowledged(episode)),) if len(shown.columns) > _ALWAYS else ()),
        )
    return shown


def as_object(episode: Episode) -> dict[str, Any]:
    """The last event's fields, then what is not in it, with times in ISO form: ready for JSON."""
    said = episode.acknowledged
    return readable(episode.event) | {
        "open": episode.open,
        "lasted_seconds": episode.lasted_ms / 1000,
        "acknowledged": None if said is None else {name: readable(said)[name] for name in ("by", "at", "note")},
        "acknowledgements": episode.acknowledgements,
    }


def _acknowledged(episode: Episode) -> str:
    said = episode.acknowledged
    if said is None:
        return ""
    note = f": {printable(said['note'])}" if said["note"] else ""
    return f"{printable(said['by'])} {iso(said['at'])[:16]}Z{note}"
