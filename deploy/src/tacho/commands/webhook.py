"""`tacho webhook`: every episode event to an endpoint, as it comes."""

import os
from typing import Annotated, Literal

import typer
from rich.console import Console

from tacho.commands import options
from tacho.commands.connecting import connection_to
from tacho.commands.reporting import reporter
from tacho.consume.reading import require_place
from tacho.errors import UsageError
from tacho.local.stopping import StopRequest
from tacho.webhook.choice import Wanted
from tacho.webhook.endpoint import require_endpoint, shown
from tacho.webhook.posting import Endpoint
from tacho.webhook.sink import GROUP, Order, Sink


def webhook(
    url: Annotated[str, typer.Argument(help="Where to: https, or http on this machine.")],
    secret_env: Annotated[
        str | None, typer.Option(help="The environment variable with the secret that signs; unsigned without it.")
    ] = None,
    start: Annotated[
        str, typer.Option("--from", help="start, end or a time: where a group begins that has never been here.")
    ] = "end",
    min_severity: Annotated[
        Literal["info", "warning", "critical"], typer.Option(help="Only events of this severity or above.")
    ] = "info",
    rule: Annotated[str | None, typer.Option(help="Only those of this rule.")] = None,
    group: Annotated[str, typer.Option(help="The consumer group: one for each endpoint.")] = GROUP,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Let http go to other machines, unencrypted.")
    ] = False,
    servers: options.Servers = None,
) -> None:
    """Post each episode event as JSON, signed, again until it is taken (docs/reports.md); until Ctrl-C or SIGTERM.

    The place is kept in the consumer group, so a restart goes on where it stopped.
    """
    require_endpoint(url, allow_http)
    require_place(start)
    order = Order(Wanted(min_severity, rule), None if secret_env is None else secret_in(secret_env), start, group)
    report = reporter(Console(stderr=True))
    with StopRequest() as stop:
        sink = Sink(connection_to(servers), order, Endpoint(url).post, report, stop)
        report(f"sends episodes to {shown(url)}, {'signed' if order.secret else 'not signed'}, as group {group}")
        try:
            sink.run()
        finally:
            report(f"ended: {', '.join(f'{what} {count:,}' for what, count in sink.counts.items()) or 'nothing came'}")


def secret_in(variable: str) -> bytes:
    """The secret out of the environment, never shown. Raises UsageError when there is none."""
    secret = os.environ.get(variable, "")
    if not secret:
        raise UsageError(f"{variable} is not set or empty: put the secret that signs the events there.")
    return secret.encode()
