"""The console where there is no terminal: one plain line every few seconds."""

from tacho.console.state import ConsoleState


def status_line(state: ConsoleState) -> str:
    """Rates, lags and alerts in one line."""
    stages = "  ".join(
        f"{printable(status.instance.split('/')[1])} {status.rate:,.0f}/s lag {status.lag:,}"
        for status in sorted(state.stages.values(), key=lambda status: status.instance)
    )
    rules = (
        ", ".join(f"{printable(rule)} {count:,}" for rule, count in state.alerts_by_rule.most_common()) or "none yet"
    )
    return f"{stages or 'no stage has reported yet'}  alerts: {rules}"


def printable(text: str) -> str:
    """Text out of a record without the characters that move a terminal's cursor."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
