"""`tacho jars`: fetch and check the jars."""

from rich.console import Console

from tacho.commands.reporting import reporter
from tacho.local.jars import ensure_jars, locked_jars
from tacho.local.layout import jars_folder


def jars() -> None:
    """Fetch the broker's and Spark's jars, once, and check every one against jars.lock."""
    report = reporter(Console())
    if not ensure_jars(jars_folder(), lambda text: report(f"jars: {text}")):
        report(f"jars: all {len(locked_jars())} are there and as locked")
