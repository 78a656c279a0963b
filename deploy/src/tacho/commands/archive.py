"""`tacho archive`: a topic's records into files, which `tacho replay` reads back."""

from typing import Annotated

import typer
from rich.console import Console

from tacho.archive.copying import copy_topic
from tacho.archive.place import place_at
from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import reporter
from tacho.errors import UsageError
from tacho_contracts.catalogue import load_catalogue

_PLACE = "A folder, or s3://<bucket>/archive/<topic>/<cluster>."


def archive(
    place: Annotated[str, typer.Argument(help=_PLACE)],
    topic: Annotated[str, typer.Option(help="A topic of the catalogue.")] = "sensors-sample",
    servers: options.Servers = None,
) -> None:
    """Copy what is on a topic now, byte for byte with its timestamps; called again, it adds what is new."""
    if topic not in load_catalogue().topics:
        raise UsageError(f"There is no topic {topic!r} in the catalogue: `tacho topics` lists them.")
    report = reporter(Console())
    there = place_at(place)
    manifest = copy_topic(connection_to(servers), topic, there, report)
    report(f"{manifest.records:,} records of {topic} are kept at {there.address}")
