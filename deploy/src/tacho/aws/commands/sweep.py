"""`tacho aws sweep`: what is left in the account that no stage knows of."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tacho.aws.adapters.inventory import Inventory
from tacho.aws.adapters.removal import REMOVABLE, remove
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment, price_list
from tacho.aws.commands.desk import Terminal, print_json
from tacho.aws.leftovers import KINDS, Leftover, known_ids, leftovers
from tacho.errors import UsageError


def sweep(
    delete: Annotated[bool, typer.Option("--delete", help="Ask for each kind, then remove.")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """List what is ours (by tag, name and VPC) and in no stage's state; exit code 1 while anything is left."""
    if delete and as_json:
        raise UsageError("--delete asks, and --json only prints: use one of them.")
    deployment = Deployment(env, region)
    resources = [found for state in deployment.states.values() for found in state.resources]
    known = known_ids(resources) | {deployment.target.state_bucket}
    left = leftovers(Inventory(deployment.client, deployment.target).everything(), known, price_list())
    if as_json:
        print_json(
            {"usd_per_day": round(sum(one.usd_per_day for one in left), 2), "left": [asdict(one) for one in left]}
        )
    elif left:
        Console().print(_table(left))
    else:
        Terminal().say("nothing is left that no stage knows of")
    if delete:
        left = _delete(deployment, left, Terminal(yes))
    raise typer.Exit(1 if left else 0)


def _delete(deployment: Deployment, left: Sequence[Leftover], desk: Terminal) -> tuple[Leftover, ...]:
    """Remove kind by kind; what is still there."""
    still: list[Leftover] = []
    for kind, group in groupby(left, key=lambda one: one.kind):
        members = list(group)
        if kind not in REMOVABLE or not desk.agrees(f"Remove {len(members)} {KINDS[kind].title}?"):
            still += members
            continue
        for one in members:
            why = remove(deployment.client, kind, one.id)
            desk.say(f"{one.id}: {why or 'removed'}")
            still += [one] if why else []
    return tuple(still)


def _table(left: Sequence[Leftover]) -> Table:
    table = Table("kind", "id", "found by", "USD a day", "remove with", box=None)
    for one in left:
        more = f" + {', '.join(one.unpriced)}" if one.unpriced else ""
        table.add_row(one.kind, Text(one.id), one.by.value, f"{one.usd_per_day:,.2f}{more}", Text(one.command))
    return table
