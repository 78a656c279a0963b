"""Draws a ConsoleState: state in, renderable out, readable from 100 columns on."""

from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tacho.console.lines import printable
from tacho.console.state import ConsoleState, Record, StageStatus

SEVERITY_STYLE = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
STALE_MS = 10_000
_STAGES = ("producer/producer", "enricher/enrich", "alerter/alerter", "enricher/windows", "enricher/alert-windows")
_CALM_LAG = 1_000
_BAR = 12
_FEWEST_ALERTS = 3
_MOST_EPISODES = 4
_OTHER_LINES = 35


def screen(state: ConsoleState, now_ms: int, height: int = 50) -> RenderableType:
    """The whole live picture; on a terminal of few lines (`height`) fewer alerts are shown."""
    rows = max(_FEWEST_ALERTS, height - _OTHER_LINES)
    upper = Table.grid(expand=True, padding=(0, 1))
    upper.add_column(ratio=3)
    upper.add_column(ratio=2)
    upper.add_row(_panel("Stages", stages_table(state, now_ms)), _panel("Alerts by rule", rules_table(state)))
    parts: list[RenderableType] = [
        upper,
        _panel(episodes_title(state), episodes_table(state)),
        _panel("Newest alerts", alerts_table(state, rows)),
        _panel(window_title(state), window_view(state)),
    ]
    parts.append(Text("Ctrl-C stops everything in order.", style="dim"))
    return Group(*parts)


def stages_table(state: ConsoleState, now_ms: int) -> Table:
    """Rate and lag of each stage, in the order of the flow; a stage without a word yet is shown as starting."""
    table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
    table.add_column("stage", no_wrap=True)
    for title in ("records/s", "total", "lag"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for instance in (*_STAGES, *sorted(state.stages.keys() - set(_STAGES))):
        status = state.stages.get(instance)
        name = foreign(instance.split("/")[1])
        if status is None:
            table.add_row(name, "", "", "", Text("starting", style="dim"))
            continue
        lag = Text(f"{status.lag:,}", style="" if status.lag < _CALM_LAG else "yellow")
        table.add_row(name, f"{status.rate:,.0f}", f"{status.total:,}", lag, _condition(status, now_ms))
    return table


def rules_table(state: ConsoleState) -> RenderableType:
    """Alerts seen by rule, most frequent first; dead letters and unreadable records when there are any."""
    if not state.alerts_by_rule and not state.dead_letters and not state.unreadable:
        return Text("none yet", style="dim")
    table = Table(box=None, expand=True, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    most = max(state.alerts_by_rule.values(), default=1)
    for rule, count in state.alerts_by_rule.most_common():
        table.add_row(foreign(rule), f"{count:,}", Text("█" * max(1, round(_BAR * count / most)), style="yellow"))
    for reason, count in state.dead_letters.most_common(3):
        table.add_row(foreign(reason, "red"), f"{count:,}", Text("dead letter", style="red"))
    for topic, count in state.unreadable.most_common():
        table.add_row(Text(topic, style="red"), f"{count:,}", Text("unreadable", style="red"))
    return table


def episodes_title(state: ConsoleState) -> str:
    """How many episodes are open."""
    return f"Open episodes: {len(state.episodes)}" if state.episodes else "Open episodes"


def episodes_table(state: ConsoleState) -> RenderableType:
    """The gravest open episodes, of equals the longest; how long, in event time, as its last event told."""
    if not state.episodes:
        return Text("none", style="dim")
    table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
    for title in ("since", "rule", "car"):
        table.add_column(title, no_wrap=True)
    table.add_column("model", no_wrap=True, ratio=1)
    for title in ("for", "peak", "limit", "samples"):
        table.add_column(title, justify="right", no_wrap=True)
    gravest = sorted(state.episodes.values(), key=lambda one: (-_gravity(one), one["opened_at"]))
    for episode in gravest[:_MOST_EPISODES]:
        table.add_row(
            clock_time(episode["opened_at"]),
            foreign(episode["rule"], SEVERITY_STYLE.get(episode["severity"], "")),
            str(episode["car_id"]),
            foreign(car_name(episode)),
            f"{(episode['last_seen_at'] - episode['opened_at']) / 1000:.0f} s",
            number(episode["peak"]),
            number(episode["limit"]),
            f"{episode['samples']:,}",
        )
    return table


def _gravity(episode: Record) -> int:
    known = tuple(reversed(SEVERITY_STYLE))
    return known.index(episode["severity"]) if episode["severity"] in known else -1


def alerts_table(state: ConsoleState, rows: int) -> RenderableType:
    """At most `rows` of the newest alerts, the latest on top."""
    if not state.alerts:
        return Text("none yet", style="dim")
    table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
    table.add_column("time", no_wrap=True)
    table.add_column("rule", no_wrap=True)
    table.add_column("car", no_wrap=True)
    table.add_column("model", no_wrap=True, ratio=1)
    for title in ("observed", "limit", "km/h", "rpm", "gear"):
        table.add_column(title, justify="right", no_wrap=True)
    for alert in list(reversed(state.alerts))[:rows]:
        table.add_row(
            clock_time(alert["event_time"]),
            foreign(alert["rule"], SEVERITY_STYLE.get(alert["severity"], "")),
            str(alert["car_id"]),
            foreign(car_name(alert)),
            number(alert["observed"]),
            number(alert["limit"]),
            f"{alert['speed']:.1f}",
            f"{alert['rpm']:,}",
            str(alert["gear"]),
        )
    return table


def window_title(state: ConsoleState) -> str:
    """The current window's span, in UTC."""
    row = state.fleet.get(("fleet", "all"))
    if row is None:
        return "Current window"
    return f"Window {clock_time(row['window_start'])[:8]} to {clock_time(row['window_end'])[:8]} UTC"


def window_view(state: ConsoleState) -> RenderableType:
    """Samples and alerts of the current window, its maxima with the cars that reached them, by colour and model."""
    row = state.fleet.get(("fleet", "all"))
    if row is None:
        return Text("no figures yet: the window queries report every few seconds", style="dim")
    split = Table.grid(expand=True, padding=(0, 1))
    split.add_column(ratio=1)
    split.add_column(ratio=1)
    split.add_row(_dimension_table(state, "model"), _dimension_table(state, "color"))
    return Group(_headline(row, _alerts(state, "fleet", "all")), Text(), split)


def _headline(row: Record, alerts: int) -> Text:
    text = Text.assemble((f"{row['samples']:,}", "bold"), " samples", "   ", (f"{alerts:,}", "bold yellow"), " alerts")
    if row["late"]:
        text.append(f"   {row['late']:,} late")
    if row["samples"]:
        text.append(f"   mean {row['speed_sum'] / row['samples'] / 10:.1f} km/h")
    for title, unit in (("speed", "km/h"), ("rpm", "rpm"), ("gear", "gear")):
        value = row[f"max_{title}"]
        if value is not None:
            text.append("\n" if title == "speed" else "   ")
            text.append(f"top {title} ", style="dim")
            text.append(f"{number(value)}{' ' + unit if unit == 'km/h' else ''}", style="bold")
            text.append(f" car {row[f'max_{title}_car_id']}")
    return text


def _dimension_table(state: ConsoleState, dimension: str) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
    table.add_column({"color": "colour"}.get(dimension, dimension), no_wrap=True)
    for title in ("samples", "alerts", "top km/h"):
        table.add_column(title, justify="right", no_wrap=True)
    rows = [(value, row) for (kind, value), row in state.fleet.items() if kind == dimension]
    for value, row in sorted(rows, key=lambda pair: (-pair[1]["samples"], pair[0])):
        top = "" if row["max_speed"] is None else number(row["max_speed"])
        table.add_row(foreign(value), f"{row['samples']:,}", f"{_alerts(state, dimension, value):,}", top)
    return table


def _alerts(state: ConsoleState, dimension: str, value: str) -> int:
    """Alerts of the same window as the samples shown; the two queries report at their own pace."""
    fleet, alerts = state.fleet.get((dimension, value)), state.fleet_alerts.get((dimension, value))
    if fleet is None or alerts is None or fleet["window_start"] != alerts["window_start"]:
        return 0
    return int(alerts["alerts"])


def _condition(status: StageStatus, now_ms: int) -> Text:
    if now_ms - status.at_ms > STALE_MS:
        return Text(f"silent {(now_ms - status.at_ms) / 1000:.0f} s", style="bold red")
    again = f", restart {status.restarts}" if status.restarts else ""
    if status.ready:
        return Text(f"ready{again}", style="green")
    return foreign(f"{status.reason or 'not ready'}{again}", "yellow")


def _panel(title: str, content: RenderableType) -> Panel:
    return Panel(content, title=title, title_align="left", border_style="dim")


def foreign(text: str, style: str = "") -> Text:
    """Text out of a record, which anybody may have written: never taken for markup."""
    return Text(printable(text), style=style, overflow="ellipsis")


def clock_time(milliseconds: int) -> str:
    """Time of day in UTC with milliseconds; the number itself where it is no date."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
    except (OverflowError, ValueError, OSError):
        return str(milliseconds)


def car_name(record: Record) -> str:
    """Colour, brand and model as far as they are known."""
    return " ".join(str(record[key]) for key in ("color_name", "brand_name", "model_name") if record[key]) or "unknown"


def number(value: float) -> str:
    """A figure without a needless decimal."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
