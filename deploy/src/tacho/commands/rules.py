"""`tacho rules`: check a rules file, publish it, and list what is published."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tacho.commands import options
from tacho.commands.alerter_process import run_alerter
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import show
from tacho.consume.lines import iso
from tacho.consume.reading import whole_topic
from tacho_contracts.codec import Codec

RULES_TOPIC = "alert-rules"

rules = typer.Typer(help="Check, publish and list alert rules (docs/rules.md).", no_args_is_help=True)
File = Annotated[Path | None, typer.Argument(help="The rules file; the shipped rules without it.", show_default=False)]


@rules.command()
def check(file: File = None) -> None:
    """Say what is wrong with a rules file, with its line."""
    raise typer.Exit(run_alerter("check", *_given(file)))


@rules.command()
def publish(
    file: File = None,
    effective_at: Annotated[
        str | None,
        typer.Option(help="Event time from which it holds (ISO 8601), at least 60 s ahead; in 90 s without it."),
    ] = None,
    servers: options.Servers = None,
) -> None:
    """Put a rules file into force from one point of event time on, in every worker and on every replay."""
    connection = connection_to(servers)
    at = () if effective_at is None else ("--effective-at", effective_at)
    raise typer.Exit(run_alerter("publish", *_given(file), *at, servers=connection.servers))


@rules.command("list")
def list_versions(servers: options.Servers = None) -> None:
    """Every published version and the event time from which it holds."""
    codec = Codec("RulesVersion", max_bytes=65_536)
    table = Table("version", "holds from (event time)", "published", box=None)
    for record in whole_topic(connection_to(servers), RULES_TOPIC):
        version = codec.decode(record.value())
        since = iso(version["effective_at"]) if version["effective_at"] else "the beginning"
        table.add_row(version["version"], since, iso(record.timestamp()[1]))
    show(table)


def _given(file: Path | None) -> tuple[str, ...]:
    return () if file is None else (str(file),)
