"""Every command of `tacho` by name."""

import typer

from tacho.aws.cli import aws
from tacho.commands.ack import ack
from tacho.commands.archive import archive
from tacho.commands.backtest import backtest
from tacho.commands.demo import demo
from tacho.commands.doctor import doctor
from tacho.commands.episodes import episodes
from tacho.commands.fault import fault
from tacho.commands.jars import jars
from tacho.commands.replay import replay
from tacho.commands.report import report
from tacho.commands.rules import rules
from tacho.commands.run import run
from tacho.commands.tail import tail
from tacho.commands.topics import topics
from tacho.commands.webhook import webhook
from tacho.verify import verify_command

app = typer.Typer(
    help="Runs, checks and inspects the tacho pipeline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(run)
app.command()(demo)
app.command()(tail)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(replay)
app.command()(episodes)
app.command()(ack)
app.command()(webhook)
app.command()(report)
app.command()(backtest)
app.command()(archive)
app.command()(fault)
app.command()(topics)
app.command()(jars)
app.command()(doctor)
app.command("verify")(verify_command)
app.add_typer(rules, name="rules")
app.add_typer(aws, name="aws")


@app.callback()
def _tacho() -> None:
    """Runs, checks and inspects the tacho pipeline."""
