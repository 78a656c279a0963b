"""The alerter's document of a backtest as tables and sentences. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from tacho.console.lines import printable

Document = Mapping[str, Any]
_STATE_LACKS = (
    "The range does not begin at the log's start: what was open, pending or counted before it is not known, so its "
    "first minutes may differ from what was told."
)


def sentences(found: Document) -> list[str]:
    """What was compared over which part of the log, and what has to be known about it."""
    versions = ", ".join(version["version"] for version in found["published"])
    length = timedelta(seconds=round(found["log_seconds"]))
    lines = [
        f"draft {found['draft']} beside {f'published {versions}' if versions else 'nothing: no rules are published'}",
        f"{found['since']} to {found['until']}: {length} of the log, {found['samples']:,} samples of "
        f"{found['cars_read']:,} cars, judged in {found['wall_seconds']:.1f} s ({found['samples_per_second']:,}/s)",
    ]
    if not found["from_the_start"]:
        lines.append(_STATE_LACKS)
    if found["unreadable"]:
        lines.append(f"{found['unreadable']:,} records could not be read and are left out.")
    return lines


def rules_table(found: Document) -> Table:
    """One line for each rule, and one for all of them: published → draft."""
    table = _table("rule")
    for rule in found["rules"]:
        _row(table, rule["rule"], rule)
    table.add_section()
    _row(table, "all", found["totals"])
    return table


def cars_table(found: Document) -> Table:
    """The cars that would notice most."""
    table = _table("car")
    for car in found["cars"]:
        _row(table, str(car["car_id"]), car)
    return table


def _table(first: str) -> Table:
    table = Table(first, box=None)
    for name in ("alerts", "alerts/h", "episodes", "gained", "lost"):
        table.add_column(name, justify="right")
    return table


def _row(table: Table, name: str, figures: Document) -> None:
    before, after = figures["published"], figures["draft"]
    table.add_row(
        Text(printable(name)),
        _both(f"{side['alerts']:,}" for side in (before, after)),
        _both(
            "-" if side["alerts_per_hour"] is None else f"{side['alerts_per_hour']:,.1f}" for side in (before, after)
        ),
        _both(f"{side['episodes']:,}" for side in (before, after)),
        f"+{figures['gained']:,}" if figures["gained"] else "0",
        f"-{figures['lost']:,}" if figures["lost"] else "0",
    )


def _both(texts: Iterable[str]) -> str:
    before, after = texts
    return before if before == after else f"{before} → {after}"
