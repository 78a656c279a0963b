"""docs/results on disk: results.json holds all that was found; text, tables and plots are drawn from it alone."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from benchmarks.results.document import document
from benchmarks.results.plots import plots

Results = dict[str, Any]
_DATA = "results.json"
_WINDOW_FIELDS = (
    *("window_start", "window_end", "dimension", "value", "samples", "late", "speed_sum"),
    *("max_speed", "max_speed_car_id", "max_rpm", "max_rpm_car_id", "max_gear", "max_gear_car_id", "alerts"),
)


def load(folder: Path) -> Results:
    """What an earlier run found. Raises OSError or ValueError when it is not there or broken."""
    return dict(json.loads((folder / _DATA).read_text(encoding="utf-8")))


def write(folder: Path, found: Results) -> None:
    """The whole package but the page's pictures and cars.csv, which the run itself has put there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _DATA).write_text(as_lines(found), encoding="utf-8")
    for name, text in drawn(found).items():
        (folder / name).write_text(text, encoding="utf-8")


def drawn(found: Results) -> dict[str, str]:
    """Every file that follows from results.json, by its name."""
    return {"README.md": document(found), "windows.csv": _windows(found), **plots(found)}


def as_lines(found: Results) -> str:
    """JSON with a line for each part, so that a change can be read as one."""
    lines = (f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in found.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _windows(found: Results) -> str:
    out = io.StringIO()
    rows = csv.DictWriter(out, _WINDOW_FIELDS, extrasaction="ignore", lineterminator="\n")
    rows.writeheader()
    rows.writerows(found["windows"])
    return out.getvalue()
