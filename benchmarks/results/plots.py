"""The plots of docs/results as SVG: the same figures give the same bytes."""

import io
from collections.abc import Callable
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

Results = dict[str, Any]
_STYLE = {
    "svg.hashsalt": "tacho",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e6ea",
    "axes.edgecolor": "#8a929c",
    "axes.titlelocation": "left",
    "legend.frameon": False,
}
# Told apart by the colour-blind, too (Okabe and Ito).
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#777777")
_MINUTE_MS = 60_000


def plots(found: Results) -> dict[str, str]:
    """SVG by file name."""
    drawings: dict[str, Callable[[Results], Figure]] = {
        "alerts.svg": _alerts,
        "drive.svg": _drive,
        "latency.svg": _latency,
        "colors.svg": _colors,
    }
    with rc_context(_STYLE):
        return {name: _svg(draw(found)) for name, draw in drawings.items()}


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _figure(width: float, height: float, rows: int = 1) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(rows, 1, sharex=True, squeeze=False).ravel())


def _minutes(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MultipleLocator(5))
    axes.set_xlabel("minute of the drive")


def _alerts(found: Results) -> Figure:
    """Alerts of each minute, stacked by rule."""
    figure, (axes,) = _figure(8, 3)
    minutes = found["alerts"]["by_minute"]
    length = max(map(len, minutes.values()), default=0)
    below = [0] * length
    for color, (rule, counts) in zip(_COLORS, minutes.items(), strict=False):
        axes.bar(range(length), counts, bottom=below, width=0.85, align="edge", color=color, label=rule)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axes.set(title="Alerts of each minute", ylabel="alerts")
    _minutes(axes)
    axes.grid(visible=False, axis="x")
    axes.legend(ncols=7, loc="upper center", bbox_to_anchor=(0.5, -0.22))
    return figure


def _drive(found: Results) -> Figure:
    """One car's speed, engine speed and gear, its limits, and its episodes behind them."""
    drive = found["drive"]
    figure, rows = _figure(8, 5, 3)
    minutes = [(at - found["begin"]) / _MINUTE_MS for at in drive["event_time"]]
    panels = (("speed", "speed [km/h]", "speeding"), ("rpm", "engine speed [1/min]", "high-rpm"))
    for axes, (name, label, rule) in zip(rows, (*panels, ("gear", "gear", "wrong-gear")), strict=True):
        style = "steps-post" if name == "gear" else "default"
        axes.plot(minutes, drive[name], color=_COLORS[0], linewidth=0.9, drawstyle=style)
        axes.set_ylabel(label)
        if rule in drive["limits"] and name != "gear":
            axes.axhline(drive["limits"][rule], color=_COLORS[1], linewidth=0.8, linestyle="--")
        for episode in (each for each in drive["episodes"] if each["rule"] == rule):
            span = ((episode[end] - found["begin"]) / _MINUTE_MS for end in ("from", "to"))
            axes.axvspan(*span, color=_COLORS[1], alpha=0.18, linewidth=0)
    if None not in drive["gear_low"]:
        right = {"step": "post", "color": _COLORS[2], "alpha": 0.25, "linewidth": 0, "label": "right gear"}
        rows[2].fill_between(minutes, drive["gear_low"], drive["gear_high"], **right)
        rows[2].legend(loc="lower right")
    rows[0].set_title(f"Car {drive['car_id']}, {drive['model']}, {drive['color']}: limits dashed, episodes shaded")
    _minutes(rows[2])
    return figure


def _latency(found: Results) -> Figure:
    """From the sensor's sample to the readable alert."""
    classes = found["latency"]["histogram"]
    figure, (axes,) = _figure(8, 2.8)
    edges = [each["from"] for each in classes] + [each["to"] for each in classes[-1:]]
    axes.stairs([each["count"] for each in classes], edges, fill=True, color=_COLORS[0])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    median = found["latency"]["summary"]["p50"]
    if median is not None:
        axes.axvline(median, color=_COLORS[1], linewidth=1)
        axes.annotate(
            f"half within {median:.1f} ms", (median, axes.get_ylim()[1]), (4, -10), textcoords="offset points"
        )
    axes.set(title="From sample to readable alert", xlabel="milliseconds", ylabel="alerts")
    return figure


def _colors(found: Results) -> Figure:
    """Alerts per hundred samples by colour, over all windows."""
    figure, (axes,) = _figure(8, 2.8)
    totals: dict[str, list[int]] = {}
    for row in found["windows"]:
        if row["dimension"] == "color":
            total = totals.setdefault(row["value"], [0, 0])
            total[0] += row["samples"]
            total[1] += row["alerts"]
    shares = {color: 100 * alerts / samples for color, (samples, alerts) in totals.items() if samples}
    ordered = sorted(shares, key=lambda color: shares[color])
    axes.barh(ordered, [shares[color] for color in ordered], color=_COLORS[0], height=0.7)
    for place, color in enumerate(ordered):
        samples, alerts = totals[color]
        beside = {"xytext": (4, -3), "textcoords": "offset points", "fontsize": 8}
        axes.annotate(f"{alerts:,} of {samples:,}", (shares[color], place), **beside)
    axes.set(title="Alerts per hundred samples, by the car's colour", xlabel="alerts per 100 samples")
    axes.grid(visible=False, axis="y")
    return figure
