"""Every command of `tacho aws` by name."""

import typer

from tacho.aws.commands.cars import cars
from tacho.aws.commands.contracts import schemas, topics
from tacho.aws.commands.plain import PlainGroup
from tacho.aws.commands.release import release
from tacho.aws.commands.running import page, run
from tacho.aws.commands.stages import cost, down, up
from tacho.aws.commands.status import status
from tacho.aws.commands.stopping import off, stop
from tacho.aws.commands.sweep import sweep

aws = typer.Typer(
    cls=PlainGroup,
    help="Puts the pipeline on AWS, stage by stage and service by service, and takes it away again.",
    no_args_is_help=True,
)
for command in (up, down, topics, schemas, cars, release, run, page, stop, off, status, cost, sweep):
    aws.command()(command)
