"""Every command of `tacho` by name."""

import typer

from tacho.commands.run import run

app = typer.Typer(
    help="Runs, checks and inspects the tacho pipeline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(run)


@app.callback()
def _tacho() -> None:
    """Runs, checks and inspects the tacho pipeline."""
