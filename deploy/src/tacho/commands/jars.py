"""`tacho jars`: fetch and check the jars."""

from typing import Annotated

import typer
from rich.console import Console

from tacho.commands.reporting import reporter
from tacho.local.jars import LAPTOP_GROUPS, ensure_jars, locked_jars
from tacho.local.layout import jars_folder

Groups = Annotated[
    list[str] | None, typer.Option("--group", help="broker, kafka, iam (MSK) or s3 (s3:// off EMR); may be repeated")
]


def jars(group: Groups = None) -> None:
    """Fetch the broker's and Spark's jars, once, and check every one against jars.lock."""
    report = reporter(Console())
    wanted = locked_jars(group or LAPTOP_GROUPS)
    if not ensure_jars(jars_folder(), lambda text: report(f"jars: {text}"), wanted):
        report(f"jars: all {len(wanted)} are there and as locked")
