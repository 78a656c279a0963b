"""`tacho aws stop` and `off`: nothing runs any more, nothing is lost."""

from typing import Annotated, Any

import typer

from tacho.aws.adapters.services import Services
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment, price_list
from tacho.aws.commands.desk import Terminal, cost_table, print_json
from tacho.aws.commands.spark import enricher_of
from tacho.aws.cost import daily, total
from tacho.aws.ports import Desk
from tacho.aws.spark_job import ENRICHER
from tacho.aws.stages import FOUNDATION, SERVICES
from tacho.aws.states import all_outputs
from tacho.errors import UsageError

_ORDER = {"producer": 0, ENRICHER: 1, "alerter": 2}
Force = Annotated[bool, typer.Option("--force", help="End the enricher in mid-batch when it does not stop in time.")]


def stop(
    service: Annotated[str, typer.Argument(help="producer, alerter, enricher, or another of 40-services.")],
    force: Force = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
) -> None:
    """Stop one service: the enricher after its batch, the others by SIGTERM. `release` starts it again."""
    deployment, desk = Deployment(env, region), Terminal()
    if service == ENRICHER:
        ran = enricher_of(deployment, desk.say).stop(force)
        desk.say("the enricher is stopped" if ran else "the enricher was not running")
        return
    names = deployment.output("service_names", SERVICES)
    if service not in names:
        raise UsageError(f"There is no service {service!r}: choose one of {', '.join([ENRICHER, *sorted(names)])}.")
    _services(deployment).stop(str(names[service]))
    desk.say(f"{service} is stopped")


def off(
    force: Force = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    as_json: options.Json = False,
) -> None:
    """Stop everything that runs and say what still costs money; deletes no data and takes no stage down."""
    deployment = Deployment(env, region)
    desk: Any = _Silent() if as_json else Terminal()
    stopped = _stop_all(deployment, force, desk)
    resources = [
        found
        for state in deployment.states.values()
        for found in state.resources
        # Services at 0 cost nothing; everything else goes on costing until its stage is down.
        if found.type != "aws_ecs_service"
    ]
    lines = daily(resources, price_list())
    if as_json:
        costs = [{"address": line.address, "usd_per_day": round(line.usd_per_day, 2)} for line in lines]
        print_json({"stopped": stopped, "still_costs": costs, "usd_per_day": round(total(lines), 2)})
    elif lines:
        desk.say("everything is stopped; this still costs money until its stage is down (`tacho aws down all`)")
        desk.console.print(cost_table(lines))
    else:
        desk.say("everything is stopped, and nothing costs by the hour")


class _Silent:
    """Where only JSON may be printed."""

    def say(self, text: str) -> None:
        """Nothing."""


def _stop_all(deployment: Deployment, force: bool, desk: Desk) -> list[str]:
    """In the order of the stream, so that what was sent last still becomes alerts. Names of what was running."""
    # What is only half there is stopped as far as it is known.
    outputs = all_outputs(deployment.states)
    names = outputs.get("service_names") or {}
    spark = [ENRICHER] if outputs.get("emr_cluster_id") or outputs.get("emr_application_id") else []
    order = sorted([*names, *spark], key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
    stopped = []
    for service in order:
        if service == ENRICHER:
            ran = enricher_of(deployment, desk.say).stop(force)
        else:
            ran = _services(deployment).stop(str(names[service]))
        if ran:
            stopped.append(service)
            desk.say(f"{service} is stopped")
    return stopped


def _services(deployment: Deployment) -> Services:
    return Services(deployment.client("ecs"), str(deployment.output("ecs_cluster_name", FOUNDATION)))
