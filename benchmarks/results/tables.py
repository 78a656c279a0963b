"""The tables of docs/results. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.report import rendered
from tacho.verify.findings import Kind

Results = dict[str, Any]
_MOST_CARS = 10


def topics_table(found: Results) -> str:
    """How much each topic holds."""
    rows = [
        (f"`{topic['name']}`", _kinds(topic["kinds"]), f"{topic['records']:,}", f"{topic['bytes'] / 1000:,.1f}")
        for topic in found["topics"]
    ]
    return rendered(("topic", "records by schema", "records", "kB"), rows)


def verdict_table(found: Results) -> str:
    """The verifier's counts, faults last."""
    verdict = found["verifier"]
    samples, episodes = verdict["samples"], verdict["episodes"]
    rows: list[tuple[str, Any]] = [
        ("samples sent, by the journal", samples["produced"]["sent"]),
        ("samples confirmed", samples["produced"]["acked"]),
        ("samples in the log", samples["logged"]),
        ("heartbeats in the log", verdict["heartbeats"]),
        ("samples enriched", samples["enriched"]),
        *((f"alerts: {rule}", count) for rule, count in sorted(verdict["alerts"].items())),
        *((f"alerts on {topic}", count) for topic, count in sorted(verdict["fan_out"].items())),
        ("episodes opened", episodes["opened"]),
        ("episodes open at the end", episodes["open"]),
        ("window rows", verdict["windows"]),
        ("alert window rows", verdict["alert_windows"]),
        *((f"**{kind.replace('_', ' ')}**", verdict[kind]) for kind in Kind),
    ]
    return rendered(("what", "count"), [(what, f"{count:,}") for what, count in rows])


def windows_tables(found: Results) -> str:
    """A table for each window: the fleet, then its colours and models."""
    starts = sorted({row["window_start"] for row in found["windows"]})
    return "\n".join(_window([row for row in found["windows"] if row["window_start"] == start]) for start in starts)


def _window(rows: Sequence[dict[str, Any]]) -> str:
    columns = ("of", "samples", "mean km/h", "fastest km/h", "by car", "highest rpm", "by car", "alerts", "per 100")
    title = f"### {_clock(rows[0]['window_start'])} to {_clock(rows[0]['window_end'])}"
    return f"{title}\n\n{rendered(columns, [_window_row(row) for row in rows])}"


def _window_row(row: dict[str, Any]) -> tuple[str, ...]:
    samples = row["samples"]
    return (
        "**fleet**" if row["dimension"] == "fleet" else f"{row['dimension']} {row['value']}",
        f"{samples:,}",
        # speed_sum counts tenths of km/h.
        f"{row['speed_sum'] / samples / 10:.1f}" if samples else "",
        *_peak(row, "max_speed"),
        *_peak(row, "max_rpm"),
        f"{row['alerts']:,}",
        f"{100 * row['alerts'] / samples:.1f}" if samples else "",
    )


def _peak(row: dict[str, Any], name: str) -> tuple[str, str]:
    value = row[name]
    return ("", "") if value is None else (f"{value:g}", str(row[f"{name}_car_id"]))


def alerts_table(found: Results) -> str:
    """Alerts and cars by rule."""
    rows = [(f"`{rule}`", f"{of['alerts']:,}", str(of["cars"])) for rule, of in found["alerts"]["by_rule"].items()]
    return rendered(("rule", "alerts", "cars"), rows)


def cars_table(found: Results) -> str:
    """The cars with the most alerts."""
    rows = [(str(each["car_id"]), f"{each['alerts']:,}") for each in found["alerts"]["by_car"][:_MOST_CARS]]
    return rendered(("car", "alerts"), rows)


def episodes_table(found: Results) -> str:
    """Episodes by rule, how they ended, how long they were."""
    rows = [
        (
            f"`{rule}`",
            str(of["episodes"]),
            _kinds(of["reasons"]),
            str(of["open"]),
            f"{of['median_s']:g}",
            f"{of['longest_s']:g}",
        )
        for rule, of in found["episodes"].items()
    ]
    return rendered(("rule", "episodes", "closed", "open at the end", "median s", "longest s"), rows)


def latency_table(found: Results) -> str:
    """The percentiles that have enough alerts beyond them."""
    summary = found["latency"]["summary"]
    shown = {name: f"{value:,.1f} ms" for name, value in summary.items() if name != "n" and value is not None}
    return rendered(("alerts", *shown), [(f"{summary['n']:,}", *shown.values())])


def machine_table(found: Results) -> str:
    """What it ran on."""
    return rendered(("", ""), list(found["machine"].items()))


def memory_table(found: Results) -> str:
    """Resident memory by process while the fleet drove at the clock's pace."""
    sizes = found["memory_mb"]
    rows = [(name, f"{size:,.0f}") for name, size in [*sorted(sizes.items()), ("sum", sum(sizes.values()))]]
    return rendered(("process", "MB resident"), rows)


def _kinds(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _clock(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%H:%M}"
