"""`tacho aws run` and `page`: into the network for a moment."""

from typing import Annotated

import typer

from tacho.archive.place import S3
from tacho.aws.adapters.services import Services
from tacho.aws.adapters.tunnel import PAGE_PORT, Tunnel
from tacho.aws.commands import options
from tacho.aws.commands.deployment import Deployment
from tacho.aws.commands.desk import Terminal
from tacho.aws.commands.inside import run_inside
from tacho.aws.stages import FOUNDATION, SERVICES
from tacho.errors import TachoError, UsageError

_DASHBOARD = "dashboard"


def run(
    command: Annotated[list[str], typer.Argument(help="Any tacho command and its options, after --.")],
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
) -> None:
    """Run a tacho command inside the network: its log appears here, its exit code is ours, Ctrl-C stops it.

    tacho aws run -- tail alert-data --limit 5
    """
    words = command[1:] if command[0] == "tacho" else command
    if words[:1] == ["aws"]:
        raise UsageError(f"`tacho {' '.join(words)}` needs no place inside the network: run it right here.")
    if words[:1] == ["replay"] and not any(word.startswith(S3) for word in words):
        raise UsageError("A recording is a file of this machine; only an archive, `s3://…`, is replayed there.")
    raise typer.Exit(run_inside(Deployment(env, region), words, print))


def page(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on this machine.")] = PAGE_PORT,
    env: options.Env = options.DEFAULT_ENV,
    region: options.Region = None,
) -> None:
    """The live page on this machine, through an SSM port-forward; it has no public address. Until Ctrl-C."""
    deployment = Deployment(env, region)
    name = deployment.output("service_names", SERVICES).get(_DASHBOARD)
    if name is None:
        raise TachoError("40-services has no dashboard: add it to `services` in its tfvars and bring it up.")
    cluster = str(deployment.output("ecs_cluster_name", FOUNDATION))
    task = Services(deployment.client("ecs"), cluster).task_of(str(name))
    Tunnel(deployment.client("ssm"), deployment.cloud.region).forward(cluster, task, port, Terminal().say)
