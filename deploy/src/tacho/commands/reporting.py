"""How commands print what happens behind them."""

from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.text import Text

_WIDE = 200
"""Columns for a file or a pipe, where rich would take 80 and cut the tables."""


def show(content: RenderableType) -> None:
    """Print a table or a sentence: as wide as the terminal, or as wide as it needs where there is none."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(content)


def reporter(console: Console) -> Callable[[str], None]:
    """Prints what the supervisor says, in words that are never taken for markup."""

    def report(text: str) -> None:
        console.print(Text.assemble(("tacho ", "dim"), text), soft_wrap=True)

    return report
