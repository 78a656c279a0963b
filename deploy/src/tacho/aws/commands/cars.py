"""`tacho aws cars`: the seed's PySpark job on EMR, and the CSV it writes."""

from collections.abc import Callable
from typing import Annotated

import typer

from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment
from tacho.aws.commands.desk import Terminal, print_json
from tacho.aws.commands.spark import enricher_of, jobs_of, spark_job, uploaded, version_here
from tacho.aws.spark_job import CARS
from tacho.aws.stages import FOUNDATION
from tacho.aws.waiting import Clock, until
from tacho.errors import TachoError

_KEY = "data/dims/cars/cars.csv"
_SECONDS = 1800.0
_EVERY_SECONDS = 5.0
_SHOWN = 20

Say = Callable[[str], None]


def cars(
    count: Annotated[int, typer.Option("--cars", min=1, max=1_000_000, help="Cars of the fleet.")] = 20,
    seed: Annotated[int, typer.Option(help="Same seed, same cars.")] = 1,
    again: Annotated[bool, typer.Option("--again", help="Make them anew though there are some.")] = False,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
    as_json: options.Json = False,
) -> None:
    """Generate the fleet with PySpark (an EMR step, or a Serverless job) and show its CSV."""
    deployment, desk = Deployment(env, region), Terminal()
    say: Say = (lambda _: None) if as_json else desk.say
    there = deployment.bucket.read(_KEY)
    jobs = jobs_of(deployment)
    running = jobs.alive().get(CARS)
    if there is not None and not again and running is None:
        say(f"s3://{deployment.bucket.name}/{_KEY} is there; --again makes it anew")
        _show(there, as_json)
        return
    if running is None:
        running = _submit(deployment, count, seed, say)
    why = until(lambda: jobs.outcome(running), Clock(), _EVERY_SECONDS, _SECONDS, f"{running} still runs: ask again.")
    if why:
        raise TachoError(f"The cars job failed ({why}).")
    made = deployment.bucket.read(_KEY)
    if made is None:
        raise TachoError(f"The cars job ended well and s3://{deployment.bucket.name}/{_KEY} is not there.")
    _show(made, as_json)


def _submit(deployment: Deployment, count: int, seed: int, say: Say) -> str:
    released = enricher_of(deployment, say).released()
    version = released.version if released else version_here()
    if released is None:
        uploaded(deployment, version, say)
    dims = f"s3://{deployment.output('bucket_name', FOUNDATION)}/data/dims"
    arguments = (CARS, "--cars", str(count), "--seed", str(seed), "--dims", dims)
    job = jobs_of(deployment).submit(spark_job(deployment, CARS, version, arguments))
    say(f"cars job {job} of {version} is waiting")
    return job


def _show(content: bytes, as_json: bool) -> None:
    lines = content.decode().splitlines()
    if as_json:
        header = lines[0].split(",")
        print_json([dict(zip(header, map(int, line.split(",")), strict=True)) for line in lines[1:]])
        return
    for line in lines[: _SHOWN + 1]:
        print(line)
    if len(lines) > _SHOWN + 1:
        print(f"... {len(lines) - 1:,} cars in all")
