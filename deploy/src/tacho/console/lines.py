"""The console where there is no terminal: one plain line every few seconds."""

from tacho.console.state import ConsoleState


def status_line(state: ConsoleState) -> str:
    """Rates, lags and alerts in one line."""
    stages = "  ".join(
        f"{status.instance.split('/')[1]} {status.rate:,.0f}/s lag {status.lag:,}"
        for status in sorted(state.stages.values(), key=lambda status: status.instance)
    )
    rules = ", ".join(f"{rule} {count:,}" for rule, count in state.alerts_by_rule.most_common()) or "none yet"
    return f"{stages or 'no stage has reported yet'}  alerts: {rules}"
