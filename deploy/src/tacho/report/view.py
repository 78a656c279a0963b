"""Rows of the driver report as a table, as CSV and as JSON. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from tacho.console.lines import printable
from tacho.consume.lines import iso
from tacho.report.drivers import Choice, Row
from tacho.report.driving import Limits
from tacho.report.score import PARTS

Flat = dict[str, Any]
COLUMNS = (
    *("driver_id", "car_id", "model", "samples", "distance_km"),
    *("driving_seconds", "idle_seconds", "speeding_seconds", "revving_seconds", "wrong_gear_percent"),
    *("harsh_braking", "harsh_acceleration", "harsh_per_100_km"),
    *(f"deduction_{part.name}" for part in PARTS),
    "score",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def flat(row: Row) -> Flat:
    """Every figure of a row by its name, units in the names; None where there is none."""
    driving, figures = row.driving, row.score.figures
    return {
        "driver_id": row.driver_id,
        "car_id": row.car_id,
        "model": row.model,
        "samples": driving.samples,
        "distance_km": round(driving.distance_m / 1000, 3),
        "driving_seconds": round(driving.driving_s, 3),
        "idle_seconds": round(driving.idle_s, 3),
        "speeding_seconds": round(driving.speeding_s, 3),
        "revving_seconds": round(driving.revving_s, 3),
        "wrong_gear_percent": _rounded(figures["gear"]),
        "harsh_braking": driving.harsh_braking,
        "harsh_acceleration": driving.harsh_acceleration,
        "harsh_per_100_km": _rounded(figures["harsh"]),
        **{f"deduction_{part.name}": row.score.deductions.get(part.name) for part in PARTS},
        "score": row.score.points,
    }


def as_csv(rows: Sequence[Row]) -> str:
    """A head line and one line for each row. No text in it is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    # All text in quotes: the writer itself overlooks a lone carriage return.
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in flat(row).values()] for row in rows)
    return out.getvalue()


def harmless(cell: Any) -> Any:
    """Text that a spreadsheet would take for a formula, with a ' before it; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def as_document(rows: Sequence[Row], limits: Limits, choice: Choice, repeats: int) -> Flat:
    """Everything that led to the report, ready for JSON: the choice, the limits, the score's parts, the rows."""
    return {
        "since": None if choice.since is None else iso(choice.since),
        "until": None if choice.until is None else iso(choice.until),
        "limits": asdict(limits),
        "score": {part.name: {"figure": part.figure, "points": part.points, "most": part.most} for part in PARTS},
        "repeats_left_out": repeats,
        "rows": [flat(row) for row in rows],
    }


def table(rows: Sequence[Row], limits: Limits) -> Table:
    """One line for each row; what the score lost stands beside it."""
    over = (f"> {limits.speed_kmh:g} km/h", f"> {limits.rpm:g}/min")
    shown = Table("driver", "car", "model", "km", "driving", "idle", *over, "wrong gear", "harsh/100 km", box=None)
    for column in shown.columns[3:]:
        column.justify = "right"
    shown.add_column("score", justify="right", style="bold")
    shown.add_column("taken off")
    for row in rows:
        driving, figures = row.driving, row.score.figures
        shown.add_row(
            "unknown" if row.driver_id is None else str(row.driver_id),
            str(row.car_id),
            Text(printable(row.model or "unknown")),
            f"{driving.distance_m / 1000:,.1f}",
            _time(driving.driving_s),
            _time(driving.idle_s),
            _time(driving.speeding_s),
            _time(driving.revving_s),
            _shown(figures["gear"], " %"),
            _shown(figures["harsh"], ""),
            _shown(row.score.points, ""),
            ", ".join(f"{name} {points:g}" for name, points in row.score.deductions.items() if points) or "nothing"
            if row.score.points is not None
            else "below 1 km",
        )
    return shown


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


def _shown(figure: float | None, unit: str) -> str:
    return "" if figure is None else f"{figure:.1f}{unit}"


def _time(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
