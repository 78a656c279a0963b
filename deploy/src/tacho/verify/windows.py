"""The figures of every window, recomputed in one batch.

Samples are first gathered in panes as wide as the slide, by colour and model; a window is the sum of its panes.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tacho.verify.wire import Fields

Group = tuple[int, str, str]
"""Start of the pane in ms, colour, model."""
Peak = tuple[float, int, int]
"""A maximum and its holder as (value, -event_time, -car_id), so that the greatest tuple is the one that stands."""


@dataclass(frozen=True)
class Grid:
    """Windows of `size` ms, a new one each `slide` ms, aligned to the epoch."""

    size: int
    slide: int

    def pane(self, time: int) -> int:
        """Start of the pane this time falls in."""
        return time // self.slide * self.slide

    def cells(self, group: Group) -> Iterator[tuple[int, str, str]]:
        """Start, dimension and value of every window row this pane counts in."""
        pane, color, model = group
        for start in range(pane - self.size + self.slide, pane + self.slide, self.slide):
            yield start, "fleet", "all"
            yield start, "color", color
            yield start, "model", model

    def head(self, cell: tuple[int, str, str]) -> Fields:
        """The fields that say which window row this is."""
        start, dimension, value = cell
        return {"window_start": start, "window_end": start + self.size, "dimension": dimension, "value": value}


def window_key(row: Fields) -> str:
    """The record key of a window row."""
    return f"{row['window_start']}-{row['window_end']}/{row['dimension']}/{row['value']}"


@dataclass
class _Figures:
    samples: int = 0
    late: int = 0
    speed_sum: int = 0
    peaks: list[Peak | None] = field(default_factory=lambda: [None, None, None])

    def merge(self, other: "_Figures") -> None:
        self.samples += other.samples
        self.late += other.late
        self.speed_sum += other.speed_sum
        for place, peak in enumerate(other.peaks):
            mine = self.peaks[place]
            if peak is not None and (mine is None or peak > mine):
                self.peaks[place] = peak


class FleetFigures:
    """Gathers enriched samples, each once, and gives every row fleet-windows must end with."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._panes: dict[Group, _Figures] = {}

    def add(self, sample: Fields, color: str, model: str) -> None:
        """Count one enriched sample of a car with these values of the dimensions."""
        late = sample["late"]
        group = (self._grid.pane(sample["logged_at"] if late else sample["event_time"]), color, model)
        figures = self._panes.get(group)
        if figures is None:
            figures = self._panes[group] = _Figures()
        if late:
            figures.late += 1
            return
        speed = sample["speed"]
        figures.samples += 1
        figures.speed_sum += math.floor(speed * 10.0 + 0.5)
        peaks = figures.peaks
        for place, value in enumerate((speed, sample["rpm"], sample["gear"])):
            peak = peaks[place]
            if peak is None or value >= peak[0]:
                here = (value, -sample["event_time"], -sample["car_id"])
                if peak is None or here > peak:
                    peaks[place] = here

    def rows(self) -> dict[str, Fields]:
        """Every expected FleetWindow by record key."""
        cells: dict[tuple[int, str, str], _Figures] = {}
        for group, figures in self._panes.items():
            for cell in self._grid.cells(group):
                cells.setdefault(cell, _Figures()).merge(figures)
        rows = (self._grid.head(cell) | _fleet_fields(figures) for cell, figures in cells.items())
        return {window_key(row): row for row in rows}


def _fleet_fields(figures: _Figures) -> Fields:
    fields: Fields = {"samples": figures.samples, "late": figures.late, "speed_sum": figures.speed_sum}
    for name, peak in zip(("max_speed", "max_rpm", "max_gear"), figures.peaks, strict=True):
        value, time, car = (None, None, None) if peak is None else (peak[0], -peak[1], -peak[2])
        fields |= {name: value, f"{name}_car_id": car, f"{name}_at": time}
    return fields


class AlertFigures:
    """Gathers alerts, each id once, and gives every row alert-windows must end with."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._panes: dict[Group, Counter[str | None]] = {}

    def add(self, alert: Fields, color: str, model: str) -> None:
        """Count one alert of a car with these values of the dimensions."""
        late = alert["late"]
        group = (self._grid.pane(alert["logged_at"] if late else alert["event_time"]), color, model)
        self._panes.setdefault(group, Counter())[None if late else alert["rule"]] += 1

    def rows(self) -> dict[str, Fields]:
        """Every expected AlertWindow by record key."""
        cells: dict[tuple[int, str, str], Counter[str | None]] = {}
        for group, counts in self._panes.items():
            for cell in self._grid.cells(group):
                cells.setdefault(cell, Counter()).update(counts)
        rows = (self._grid.head(cell) | _alert_fields(counts) for cell, counts in cells.items())
        return {window_key(row): row for row in rows}


def _alert_fields(counts: Counter[str | None]) -> Fields:
    by_rule = {rule: count for rule, count in counts.items() if rule is not None}
    return {"alerts": sum(by_rule.values()), "late": counts[None], "by_rule": by_rule}
