"""How commands print what happens behind them."""

from collections.abc import Callable

from rich.console import Console
from rich.text import Text


def reporter(console: Console) -> Callable[[str], None]:
    """Prints what the supervisor says, in words that are never taken for markup."""

    def report(text: str) -> None:
        console.print(Text.assemble(("tacho ", "dim"), text), soft_wrap=True)

    return report
