"""`tacho backtest`: what a draft of the rules would have led to, on the log there is."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from tacho.backtest.view import cars_table, rules_table, sentences
from tacho.commands import options
from tacho.commands.alerter_process import ask_alerter
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import show
from tacho.consume.lines import iso
from tacho.consume.moments import moment_ms


def backtest(
    rules: Annotated[Path, typer.Option(help="The draft: a rules file.")],
    since: Annotated[
        str | None, typer.Option(help="Only what came onto samples-enriched since then: 24h, or an ISO time.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only what came before this time, itself not included.")] = None,
    as_object: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    top: Annotated[int, typer.Option(min=0, help="How many cars are named.")] = 10,
    servers: options.Servers = None,
) -> None:
    """What a draft would have led to, next to what the published rules did; sends nothing (docs/rules.md)."""
    now = int(time.time() * 1000)
    times = (("--since", since), ("--until", until))
    moments = [word for name, text in times if text is not None for word in (name, iso(moment_ms(text, now)))]
    connection = connection_to(servers)
    code, out = ask_alerter("backtest", "--rules", str(rules), *moments, "--top", str(top), servers=connection.servers)
    if code:
        raise typer.Exit(code)
    if as_object:
        print(out, end="")
        return
    found = json.loads(out)
    for sentence in sentences(found):
        show(sentence)
    show(rules_table(found))
    if found["cars"]:
        show(f"\ncars that change: {found['cars_changed']:,}")
        show(cars_table(found))
