"""The switches as a table. Pure."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from tacho.console.lines import printable
from tacho.consume.lines import iso


def table(faults: Sequence[dict[str, Any]]) -> Table:
    """One row for each; times are those of whoever switched it, UTC."""
    shown = Table("", "fault", "strikes", "since", "by", "what it does", box=None)
    for fault in faults:
        shown.add_row(
            Text("on", style="bold red") if fault["on"] else Text("off", style="dim"),
            fault["name"],
            _struck(fault) if fault["on"] else "",
            iso(fault["at"])[:19] + "Z" if fault["at"] else "",
            Text(printable(fault["by"] or "")),
            fault["description"],
        )
    return shown


def _struck(fault: dict[str, Any]) -> str:
    whom = "any car" if fault["car_id"] is None else f"car {fault['car_id']}"
    return whom if fault["share"] is None else f"{whom}, share {fault['share']:g}"
