"""`tacho tail`: read a topic as people can."""

import os
import sys
from typing import Annotated

import typer

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.consume.decoding import decode
from tacho.consume.lines import as_json, as_text, rejected_text, wanted
from tacho.consume.reading import read, require_place
from tacho.errors import UsageError
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.errors import Rejected


def tail(
    topic: Annotated[str, typer.Argument(help="A topic of the catalogue; `tacho topics` lists them.")],
    car: Annotated[int | None, typer.Option(help="Only records of this car_id.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only alerts of this rule.")] = None,
    start: Annotated[str, typer.Option("--from", help="start, end or a time such as 2026-11-22T14:00:00Z.")] = "end",
    as_objects: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="End after this many records.")] = None,
    servers: options.Servers = None,
) -> None:
    """Print the records of a topic, decoded, until Ctrl-C; disturbs nobody, for it joins no group."""
    names = load_catalogue().topics
    if topic not in names:
        raise UsageError(f"There is no topic {topic!r} in the catalogue: choose one of {', '.join(names)}.")
    require_place(start)
    shown = 0
    try:
        for message in read(connection_to(servers), topic, start):
            line = line_of(message.value(), car, rule, as_objects)
            if line is None:
                continue
            print(line, flush=True)
            shown += 1
            if shown == limit:
                break
    except BrokenPipeError:
        # The reader (head, less) has enough; Python must not complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return


def line_of(value: bytes | None, car: int | None, rule: str | None, as_objects: bool) -> str | None:
    """What to print for a record; None when it was not asked for. What cannot be decoded is only shown unfiltered."""
    try:
        record = decode(value)
    except Rejected as error:
        if car is not None or rule is not None:
            return None
        if as_objects:
            return as_json({"unreadable": error.reason, "detail": error.detail, "value": value})
        return rejected_text(error.reason, error.detail, value)
    if not wanted(record, car, rule):
        return None
    return as_json(record) if as_objects else as_text(record)
