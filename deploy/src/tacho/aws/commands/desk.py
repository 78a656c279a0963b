"""The operator at a terminal: what is shown, asked and printed."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tacho.aws.cost import CostLine, total
from tacho.aws.resources import Changes
from tacho.errors import UsageError

_SHOWN = 12


class Terminal:
    """Says, shows and asks. With `yes` every answer is yes; without a terminal to ask at, nothing is agreed to."""

    def __init__(self, yes: bool = False) -> None:
        self._yes = yes
        self.console = Console()

    def say(self, text: str) -> None:
        """One line, in words that are never taken for markup."""
        self.console.print(Text.assemble(("tacho ", "dim"), text), soft_wrap=True)

    def show_plan(self, stage: str, changed: Changes, lines: Sequence[CostLine]) -> None:
        """What a plan changes, and what the stage costs a day afterwards."""
        self.say(f"{stage}: {changed.summary()}")
        for verb, addresses in (("replace", changed.replace), ("destroy", changed.delete)):
            for address in addresses[:_SHOWN]:
                self.say(f"  {verb} {address}")
            if len(addresses) > _SHOWN:
                self.say(f"  {verb} {len(addresses) - _SHOWN} more")
        if lines:
            self.console.print(cost_table(lines))

    def agrees(self, question: str) -> bool:
        """Yes or no. Raises UsageError when there is nobody to ask."""
        if self._yes:
            return True
        if not sys.stdin.isatty():
            raise UsageError(f"{question} Nobody is at the terminal to say so: give --yes.")
        return typer.confirm(question)


def cost_table(lines: Sequence[CostLine]) -> Table:
    """US dollars a day, dearest first."""
    table = Table("runs all day", "USD a day", box=None)
    table.columns[1].justify = "right"
    for line in lines:
        lacking = f"  (no price for {', '.join(line.missing)})" if line.missing else ""
        table.add_row(Text(f"{line.address}{lacking}"), f"{line.usd_per_day:,.2f}")
    table.add_row("all", f"{total(lines):,.2f}", style="bold")
    return table


def print_json(value: Any) -> None:
    """One JSON document on stdout; nothing else goes there."""
    print(json.dumps(value, indent=2, default=str))
