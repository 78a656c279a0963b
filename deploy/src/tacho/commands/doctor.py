"""`tacho doctor`: what is missing on this machine."""

from collections.abc import Callable

import typer
from rich.console import Console
from rich.text import Text

from tacho.commands import options
from tacho.commands.connecting import local_servers
from tacho.local import checks
from tacho.local.layout import home, jars_folder, run_folder
from tacho.local.settings import DEFAULT_PORT


def doctor(port: options.Port = DEFAULT_PORT) -> None:
    """Check this machine; one sentence for each finding, exit code 1 when something is missing."""
    console = Console()
    well = True
    every: tuple[Callable[[], checks.Finding], ...] = (
        checks.check_python,
        checks.check_java,
        lambda: checks.check_jars(jars_folder()),
        lambda: checks.check_port(port, local_servers()),
        lambda: checks.check_disk(home()),
        lambda: checks.check_lock(run_folder("run").lock),
        checks.check_registry,
    )
    for check in every:
        finding = check()
        well = well and finding.well
        mark = Text("  ok  ", style="green") if finding.well else Text("  no  ", style="bold red")
        console.print(mark + Text(finding.sentence), soft_wrap=True)
    raise typer.Exit(0 if well else 1)
