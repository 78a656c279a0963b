"""`tacho episodes`: what happened, one row for each episode."""

import time
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import show
from tacho.consume.lines import as_json
from tacho.consume.moments import moment_ms
from tacho.consume.reading import whole_topic
from tacho.consume.records import records, unreadable_text
from tacho.episodes.fold import chosen, fold
from tacho.episodes.view import as_object, table

EPISODES_TOPIC = "alert-episodes"
ACKS_TOPIC = "alert-acks"


def episodes(
    only_open: Annotated[bool, typer.Option("--open", help="Only episodes that are not over.")] = False,
    car: Annotated[int | None, typer.Option(help="Only those of this car_id.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only those of this rule.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only those open since then, by event time: 24h, or an ISO time.")
    ] = None,
    as_objects: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    servers: options.Servers = None,
) -> None:
    """List episodes: open ones first, then by severity, with who has acknowledged them (docs/reports.md)."""
    since_ms = None if since is None else moment_ms(since, int(time.time() * 1000))
    connection = connection_to(servers)
    unreadable: Counter[str] = Counter()
    every = fold(
        records(whole_topic(connection, EPISODES_TOPIC), "AlertEpisode", unreadable),
        records(whole_topic(connection, ACKS_TOPIC), "AlertAck", unreadable),
    )
    found = chosen(every, only_open, car, rule, since_ms)
    if as_objects:
        for episode in found:
            print(as_json(as_object(episode)))
    else:
        show(table(found) if found else "no episodes")
    if unreadable:
        Console(stderr=True).print(unreadable_text(unreadable), markup=False)
