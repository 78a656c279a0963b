"""`tacho fault`: let the producer do something wrong on purpose, and watch the pipeline cope."""

import time
from collections import Counter
from typing import Annotated, Literal

import typer
from rich.console import Console

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import show
from tacho.commands.sending import send, user
from tacho.consume.lines import as_json
from tacho.consume.reading import whole_topic
from tacho.consume.records import records, unreadable_text
from tacho.episodes.acknowledging import NAME_CHARACTERS, require_words
from tacho.errors import UsageError
from tacho.faults.switches import FAULTS_TOPIC, last_words, require_known, require_options, unheard
from tacho.faults.view import table
from tacho_contracts.catalogue import load_catalogue
from tacho_contracts.codec import Codec
from tacho_contracts.connection import Connection

STATUS_TOPIC = "service-status"
_LIST = "list"


def fault(
    name: Annotated[str, typer.Argument(help="Which fault, or `list` for all of them and their states.")],
    state: Annotated[Literal["on", "off"] | None, typer.Argument(help="on or off.", show_default=False)] = None,
    share: Annotated[float | None, typer.Option(help="Of samples or cars that it strikes, 0 to 1.")] = None,
    car: Annotated[int | None, typer.Option(help="Only this car_id.")] = None,
    by: Annotated[str | None, typer.Option(help="Who; the user of this machine without it.")] = None,
    as_objects: Annotated[bool, typer.Option("--json", help="With `list`: one JSON object a line.")] = False,
    servers: options.Servers = None,
) -> None:
    """Switch a fault that a producer injects on purpose; it stays on until switched off (docs/operations.md)."""
    if name == _LIST:
        if state is not None or share is not None or car is not None or by is not None:
            raise UsageError("`tacho fault list` takes --json and --servers, and nothing else.")
        _list(connection_to(servers), as_objects)
        return
    require_known(name, load_catalogue().faults)
    if state is None:
        raise UsageError(f"Say what to do: `tacho fault {name} on` or `tacho fault {name} off`.")
    if as_objects:
        raise UsageError("--json goes with `tacho fault list`.")
    require_options(state, share, car)
    who = user() if by is None else by
    require_words("--by", who, NAME_CHARACTERS)
    if not who.strip():
        raise UsageError("--by is empty: give the name of who switches.")
    connection = connection_to(servers)
    record = {"name": name, "on": state == "on", "at": _now_ms(), "by": who, "share": share, "car_id": car}
    send(connection, FAULTS_TOPIC, name, Codec("FaultSwitch").encode(record), "the switch")
    print(f"{name} is {state}")
    if state == "on":
        _warn(connection)


def _list(connection: Connection, as_objects: bool) -> None:
    unreadable: Counter[str] = Counter()
    switches = records(whole_topic(connection, FAULTS_TOPIC), "FaultSwitch", unreadable)
    faults = last_words(switches, load_catalogue().faults)
    if as_objects:
        for each in faults:
            print(as_json(each))
    else:
        show(table(faults))
    if unreadable:
        Console(stderr=True).print(unreadable_text(unreadable), markup=False)
    if any(each["on"] for each in faults):
        _warn(connection)


def _warn(connection: Connection) -> None:
    statuses = records(whole_topic(connection, STATUS_TOPIC), "ServiceStatus", Counter())
    if sentence := unheard(statuses, _now_ms()):
        Console(stderr=True, soft_wrap=True).print(sentence, markup=False, highlight=False)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
