"""`tacho aws status`: what is up, what runs on it, and what that costs."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tacho.aws.adapters.services import Services
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment, price_list
from tacho.aws.commands.desk import Terminal, print_json
from tacho.aws.commands.spark import enricher_of, jobs_of
from tacho.aws.cost import daily, total
from tacho.aws.prices import Prices
from tacho.aws.spark_job import ENRICHER
from tacho.aws.stages import EMR, FOUNDATION, SERVICES, STAGES
from tacho.aws.states import Condition, StageState

Row = dict[str, Any]


def status(
    env: options.Env = options.DEFAULT_ENV, region: options.Region = None, as_json: options.Json = False
) -> None:
    """Every stage (up, half or down), every service and Spark job, and what a day costs."""
    deployment = Deployment(env, region)
    prices = price_list()
    stages = [stage_row(stage.name, stage.purpose, _state(deployment, stage.name), prices) for stage in STAGES]
    running = [*_service_rows(deployment), *_job_rows(deployment)]
    if as_json:
        target = deployment.target
        where = {"environment": target.environment, "account": target.account_id, "region": target.region}
        print_json({**where, "stages": stages, "running": running})
        return
    for rows in (stages, running):
        if rows:
            Console().print(_table(rows))
    for row in stages:
        if row["is"] == Condition.HALF.value:
            again = f"`tacho aws up {row['stage']}` or `down {row['stage']}` finishes it"
            Terminal().say(f"{row['stage']} was left half-way: {again}")


def stage_row(name: str, purpose: str, state: StageState, prices: Prices) -> Row:
    """One stage for people and programs."""
    usd = round(total(daily(state.resources, prices)), 2)
    condition = state.condition.value
    return {"stage": name, "is": condition, "resources": len(state.resources), "usd_per_day": usd, "for": purpose}


def _state(deployment: Deployment, name: str) -> StageState:
    return deployment.states.get(name, StageState())


def _service_rows(deployment: Deployment) -> list[Row]:
    if _state(deployment, SERVICES).condition is not Condition.UP:
        return []
    services = Services(deployment.client("ecs"), str(deployment.output("ecs_cluster_name", FOUNDATION)))
    rows = []
    for service, name in sorted(deployment.output("service_names", SERVICES).items()):
        now = services.look(str(name))
        state = f"{now.running} of {now.desired} running, {now.rollout.lower()}"
        rows.append({"service": service, "version": now.revision, "state": state})
    return rows


def _job_rows(deployment: Deployment) -> list[Row]:
    if _state(deployment, EMR).condition is not Condition.UP:
        return []
    jobs = jobs_of(deployment)
    released = enricher_of(deployment, lambda _: None).released()
    version = f"{released.version}, state e{released.epoch}" if released else "none released"
    alive = jobs.alive()
    rows = [{"service": name, "version": version, "state": jobs.state(job).lower()} for name, job in alive.items()]
    return rows if ENRICHER in alive else [*rows, {"service": ENRICHER, "version": version, "state": "not running"}]


def _table(rows: list[Row]) -> Table:
    table = Table(*(name.replace("_", " ") for name in rows[0]), box=None)
    for row in rows:
        table.add_row(*(Text(f"{value:,.2f}" if isinstance(value, float) else str(value)) for value in row.values()))
    return table
