"""`tacho aws up`, `down` and `cost`: the stages and their price."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from tacho.aws.commands import options
from tacho.aws.commands.copies import log_copies
from tacho.aws.commands.deployment import Deployment, price_list
from tacho.aws.commands.desk import Terminal, cost_table, print_json
from tacho.aws.cost import as_of, daily, total
from tacho.aws.lifting import Lifting
from tacho.aws.lowering import Lowering
from tacho.aws.resources import Resource
from tacho.aws.stages import ALL, stage_named, to_lift
from tacho.errors import UsageError

Where = Annotated[str, typer.Argument(metavar="STAGE|all", help="A stage (20-msk, or 20, or msk), or all.")]


def up(
    stage: Where, env: options.Env = options.DEFAULT_ENV, region: options.Region = None, yes: options.Yes = False
) -> None:
    """Bring a stage up, or all in order: shows what changes and what it costs a day, asks, applies."""
    wanted = to_lift(stage)
    deployment = Deployment(env, region)
    deployment.terraform.require()
    lifting = Lifting(deployment.terraform, deployment.store, price_list(), deployment.target, Terminal(yes))
    lifting.lift(wanted)


def down(
    stage: Where,
    archive: Annotated[bool, typer.Option("--archive", help="First copy the log to the bucket (20-msk, all).")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    yes: options.Yes = False,
) -> None:
    """Take a stage down, or all that cost money, last first. Kafka's log goes with 20-msk."""
    if stage != ALL:
        stage = stage_named(stage).name
    deployment = Deployment(env, region)
    deployment.terraform.require()
    desk = Terminal(yes)
    copies = log_copies(deployment, desk)
    Lowering(deployment.terraform, deployment.store, deployment.target, desk, copies).lower(stage, archive)


def cost(
    stage: Annotated[str, typer.Argument(metavar="[STAGE|all]", help="A stage, or all that are up.")] = ALL,
    plan: Annotated[bool, typer.Option("--plan", help="As if it were brought up now (needs Terraform).")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    as_json: options.Json = False,
) -> None:
    """What a day costs: of what is up, or of a stage that is only planned."""
    chosen = to_lift(stage)
    if plan and stage == ALL:
        raise UsageError("A plan is made for one stage at a time, for each needs the ones before it: name one.")
    deployment, prices = Deployment(env, region), price_list()
    if plan:
        lines = Lifting(deployment.terraform, deployment.store, prices, deployment.target, Terminal()).cost(chosen[0])
    else:
        lines = daily(_resources(deployment, {one.name for one in chosen}), prices)
    if as_json:
        print_json(
            {
                "usd_per_day": round(total(lines), 2),
                "prices_of": as_of(prices.values()),
                "lines": [asdict(line) for line in lines],
            }
        )
        return
    console = Console()
    console.print(cost_table(lines))
    console.print(f"prices of {as_of(prices.values())}; requests, stored data and traffic come on top", highlight=False)


def _resources(deployment: Deployment, names: set[str]) -> list[Resource]:
    return [found for name, state in deployment.states.items() if name in names for found in state.resources]
